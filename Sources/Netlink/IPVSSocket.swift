package import Addresses
package import Balancing
internal import CLibNL
import Glibc
internal import Settings

/// The kernel's table and sync daemons of this network namespace (generic netlink, family IPVS).
///
/// For one thread. Needs CAP_NET_ADMIN.
package struct IPVSSocket: ~Copyable {
    var socket: NetlinkSocket
    let family: UInt16

    /// Fails with `.noIPVS` where the kernel has not loaded the module.
    package init() throws(NetlinkError) {
        var socket = try NetlinkSocket(family: NETLINK_GENERIC, messagesPerCall: 200)
        guard let family = try socket.genericFamily(named: IPVS_GENL_NAME, what: "look for ip_vs") else {
            throw .noIPVS
        }
        self.family = family
        self.socket = socket
    }

    /// The kernel's IPVS.
    package struct Info: Hashable, Sendable {
        /// 0x010201 is 1.2.1.
        package var version: UInt32
        /// How many buckets its table of connections has.
        package var connectionTableSize: UInt32

        package var versionText: String { "\(version >> 16 & 0xFF).\(version >> 8 & 0xFF).\(version & 0xFF)" }
    }

    package mutating func info() throws(NetlinkError) -> Info {
        let what = "ask ip_vs for its version"
        let question = IPVSCodec.request(IPVS_CMD_GET_INFO, family: family)
        for reply in try socket.answers(to: question, what: what) {
            let version = IPVSReader.attribute(IPVS_INFO_ATTR_VERSION, of: reply.payload)
            let size = IPVSReader.attribute(IPVS_INFO_ATTR_CONN_TAB_SIZE, of: reply.payload)
            if let version = version.flatMap({ UInt32(hostBytes: $0) }) {
                return Info(version: version, connectionTableSize: size.flatMap { UInt32(hostBytes: $0) } ?? 0)
            }
        }
        throw NetlinkError(errno: EBADMSG, what: what)
    }
}

extension IPVSSocket {
    /// Everything that the kernel holds, other people's services too.
    package mutating func readTable() throws(NetlinkError) -> ReadTable {
        var read = ReadTable()
        let services = try socket.answers(
            to: IPVSCodec.dump(IPVS_CMD_GET_SERVICE, family: family), what: "list the services of ip_vs")
        for reply in services {
            guard let (identity, options, statistics) = IPVSReader.service(reply.payload) else { continue }
            read.statistics[identity] = statistics
            try readServers(of: identity, options, into: &read)
        }
        return read
    }

    private mutating func readServers(
        of identity: ServiceIdentity, _ options: ServiceOptions, into read: inout ReadTable
    ) throws(NetlinkError) {
        let replies = try socket.answers(
            to: IPVSCodec.dump(IPVS_CMD_GET_DEST, of: identity, family: family), what: "list the servers of \(identity)"
        )
        var service = TableService(options: options)
        var connections: [Endpoint: TableText.Connections] = [:]
        var statistics: [Endpoint: Statistics] = [:]
        var order: [Endpoint] = []
        service.servers.reserveCapacity(replies.count)
        connections.reserveCapacity(replies.count)
        statistics.reserveCapacity(replies.count)
        order.reserveCapacity(replies.count)
        for reply in replies {
            guard let server = IPVSReader.server(reply.payload, family: identity.family) else { continue }
            service.servers[server.0] = server.1
            connections[server.0] = server.2
            statistics[server.0] = server.3
            order.append(server.0)
        }
        read.table.services[identity] = service
        read.connections[identity] = connections
        read.order[identity] = order
        read.serverStatistics[identity] = statistics
    }

    /// Carries steps out in their order, up to 200 in one call to the kernel, and returns what became of each. A
    /// failure does not keep the ones behind it from being tried: whoever carries out a plan uses `apply(_:to:)`.
    package mutating func apply(_ steps: [Step]) -> [NetlinkError?] {
        let family = family
        let results = socket.acknowledged(steps.map { IPVSCodec.message(for: $0, family: family) })
        return zip(steps, results).map { step, errno in errno.map { step.problem($0) } }
    }

    /// Carries out a plan that began from `held`: what gives first, and then what takes away, without the steps that
    /// depend on one that failed. Those have the error number ECANCELED.
    ///
    /// - Parameter postponed: steps that were refused before and are not tried now, with what was said of them.
    package mutating func apply(
        _ steps: [Step], to held: Table, postponed: [Step: NetlinkError] = [:]
    ) -> [NetlinkError?] {
        var outcome = postponed
        let taking = steps.firstIndex(where: \.takesAway) ?? steps.endIndex
        for part in [steps[..<taking], steps[taking...]] {
            for step in dependents(of: Set(outcome.keys), in: steps, from: held) where outcome[step] == nil {
                outcome[step] = step.problem(ECANCELED)
            }
            let chosen = part.filter { outcome[$0] == nil }
            var unborn: Set<ServiceIdentity> = []
            for (step, problem) in zip(chosen, apply(chosen)) {
                guard let problem else { continue }
                if case .addService(let service, _) = step { unborn.insert(service) }
                let isOrphan = problem.errno == ESRCH && unborn.contains(step.service)
                outcome[step] = isOrphan ? step.problem(ECANCELED) : problem
            }
        }
        return steps.map { outcome[$0] }
    }
}

extension IPVSSocket {
    /// EEXIST: one with this role runs already, perhaps with other values; stop it first.
    package mutating func startSync(_ daemon: SyncDaemon) throws(NetlinkError) {
        let errno = socket.acknowledged([daemon.startMessage(family: family)])[0]
        guard let errno else { return }
        throw NetlinkError(
            errno: errno, what: "start the \(daemon.role) sync daemon with id \(daemon.id) on \(daemon.interface)")
    }

    /// Done as well when none runs.
    package mutating func stopSync(_ role: SyncDaemon.Role) throws(NetlinkError) {
        let errno = socket.acknowledged([SyncDaemon.stopMessage(role, family: family)])[0]
        guard let errno, errno != ESRCH else { return }
        throw NetlinkError(errno: errno, what: "stop the \(role) sync daemon")
    }

    /// Those that run: none, one, or one of each role.
    package mutating func syncDaemons() throws(NetlinkError) -> [SyncDaemon] {
        try socket.answers(to: IPVSCodec.dump(IPVS_CMD_GET_DAEMON, family: family), what: "list the sync daemons")
            .compactMap { SyncDaemon(payload: $0.payload) }
    }
}

/// A table as the kernel gave it, with what only the kernel knows.
package struct ReadTable: Hashable, Sendable {
    package var table = Table()
    package var connections: [ServiceIdentity: [Endpoint: TableText.Connections]] = [:]
    /// Of the services, all their servers together.
    package var statistics: [ServiceIdentity: Statistics] = [:]
    package var serverStatistics: [ServiceIdentity: [Endpoint: Statistics]] = [:]
    /// The servers as the kernel lists them, the newest first: its schedulers walk that list.
    package var order: [ServiceIdentity: [Endpoint]] = [:]

    package init() {}
}
