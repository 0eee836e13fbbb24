internal import Addresses
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
    /// Modules that were looked for; absent where somebody plays the kernel.
    private var loaded: Set<KernelModule>? = []

    /// Fails with `.noIPVS` where the kernel has not loaded the module.
    package init() throws(NetlinkError) {
        var socket = try NetlinkSocket(
            family: NETLINK_GENERIC, messagesPerCall: Self.messagesPerCall, bufferLength: Self.bufferLength)
        guard let family = try socket.genericFamily(named: IPVS_GENL_NAME, what: "look for ip_vs") else {
            throw .noIPVS
        }
        self.family = family
        self.socket = socket
    }

    /// Talks to whoever plays the kernel behind a descriptor: one end of a pair of sockets that keep messages apart.
    package init(playing descriptor: Int32, family: UInt16, patience: Duration) {
        socket = NetlinkSocket(playing: descriptor, patience: patience, messagesPerCall: Self.messagesPerCall)
        self.family = family
        loaded = nil
    }

    // Implementation constants
    private static let messagesPerCall = 200
    /// Two pages with what the kernel puts behind it: thousands of services are asked for their few servers.
    private static let bufferLength = 7680

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
    ///
    /// - Parameters:
    ///   - known: services that should be there. A listing of many parts leaves one out when somebody removes another
    ///     one between two parts, and the kernel does not say so (net/netfilter/ipvs/ip_vs_ctl.c,
    ///     `ip_vs_genl_dump_services`, counts as it goes and sets no sequence), so it is asked for those by name.
    ///   - before: the reading before: what has not changed since is not made anew.
    ///   - hasStatistics: whether those of servers are wanted too.
    package mutating func readTable(
        known: Set<ServiceIdentity> = [], after before: ReadTable? = nil, hasStatistics: Bool = true
    ) throws(NetlinkError) -> ReadTable {
        let services = try socket.answers(
            to: IPVSCodec.dump(IPVS_CMD_GET_SERVICE, family: family), what: "list the services of ip_vs")
        var read = ReadTable()
        read.table.services.reserveCapacity(services.count)
        read.services.reserveCapacity(services.count)
        for reply in services {
            guard let service = IPVSReader.service(reply.payload) else { continue }
            try readServers(of: service, after: before, hasStatistics, into: &read)
        }
        for identity in known where read.table.services[identity] == nil {
            try readService(identity, into: &read)
        }
        return read
    }

    /// One service with its servers, if it is there.
    package mutating func readService(
        _ identity: ServiceIdentity, into read: inout ReadTable
    ) throws(NetlinkError) {
        let question = IPVSCodec.question(of: identity, family: family)
        let replies: [NetlinkReply]
        do throws(NetlinkError) {
            replies = try socket.answers(to: question, what: "ask for service \(identity)")
        } catch {
            guard error.errno == ESRCH else { throw error }
            return
        }
        for reply in replies {
            guard let service = IPVSReader.service(reply.payload), service.0 == identity else { continue }
            try readServers(of: service, after: nil, true, into: &read)
        }
    }

    private mutating func readServers(
        of service: (ServiceIdentity, ServiceOptions, Statistics), after before: ReadTable?, _ hasStatistics: Bool,
        into read: inout ReadTable
    ) throws(NetlinkError) {
        let (identity, options, statistics) = service
        let replies = try socket.answers(
            to: IPVSCodec.dump(IPVS_CMD_GET_DEST, of: identity, family: family), what: "list the servers of \(identity)"
        )
        let servers = replies.compactMap {
            IPVSReader.server($0.payload, family: identity.family, hasStatistics: hasStatistics)
        }
        let found = ReadService(options, servers, statistics, before: before?.services[identity])
        read.table.services[identity] = found.service
        read.services[identity] = found
    }

    /// Carries steps out in their order, up to 200 in one call to the kernel, and returns what became of each. A
    /// failure does not keep the ones behind it from being tried: whoever carries out a plan uses `apply(_:to:)`.
    package mutating func apply(_ steps: [Step]) -> [NetlinkError?] {
        loadModules(for: steps)
        let family = family
        let results = socket.acknowledged(steps.map { IPVSCodec.message(for: $0, family: family) })
        return zip(steps, results).map { step, errno in errno.map { step.problem($0) } }
    }

    /// A kernel that looks for a scheduler's module has all of IPVS locked meanwhile, and lblc and lblcr cannot be
    /// loaded while a network namespace ends, whose end waits for that lock: all three wait for ever
    /// (net/netfilter/ipvs/ip_vs_sched.c, `ip_vs_scheduler_get`; ip_vs_lblc.c, `register_pernet_subsys`;
    /// net/core/net_namespace.c, `cleanup_net`). So what is not there is loaded before the kernel is asked; what cannot
    /// be had it refuses itself.
    private mutating func loadModules(for steps: [Step]) {
        guard loaded != nil else { return }
        for step in steps {
            switch step {
            case .addService(_, let options), .editService(_, let options):
                load(.scheduler(options.scheduler))
                if let engine = options.engine { load(.engine(engine)) }
            case .removeService, .addServer, .editServer, .removeServer: break
            }
        }
    }

    private mutating func load(_ module: KernelModule) {
        guard loaded?.insert(module).inserted == true, !module.isPresent else { return }
        try? module.load()
    }

    /// Carries out a plan that began from `held`: services first, for a server must not get into one that somebody else
    /// was quicker to add; then what gives, and then what takes away; without the steps that depend on one that failed.
    /// Those have the error number ECANCELED.
    ///
    /// - Parameter postponed: steps that were refused before and are not tried now, with what was said of them.
    package mutating func apply(
        _ steps: [Step], to held: Table, postponed: [Step: NetlinkError] = [:]
    ) -> [NetlinkError?] {
        var results = postponed.isEmpty ? Array(repeating: nil, count: steps.count) : steps.map { postponed[$0] }
        let serving = steps.firstIndex { !$0.isOfService } ?? steps.endIndex
        let taking = max(serving, steps.firstIndex(where: \.takesAway) ?? steps.endIndex)
        for part in [0..<serving, serving..<taking, taking..<steps.endIndex] {
            skipDependents(in: steps, from: held, &results)
            let chosen = part.filter { results[$0] == nil }
            for (index, problem) in zip(chosen, apply(chosen.map { steps[$0] })) { results[index] = problem }
        }
        return results
    }

    private func skipDependents(in steps: [Step], from held: Table, _ results: inout [NetlinkError?]) {
        let failed = steps.indices.filter { results[$0] != nil }
        guard !failed.isEmpty else { return }
        let skipped = dependents(of: Set(failed.map { steps[$0] }), in: steps, from: held)
        for index in steps.indices where results[index] == nil && skipped.contains(steps[index]) {
            results[index] = steps[index].problem(ECANCELED)
        }
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
