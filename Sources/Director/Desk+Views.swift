import Addresses
import Balancing
import Control
import Linux
import Netlink
import Settings
import Synchronization

/// What the kernel holds and counts, read when somebody asks.
extension Desk {
    func counters() async throws(ControlRefusal) -> CountersReport {
        let snapshot = try await reading.snapshot()
        let names = settings.namesByListen
        let services = snapshot.read.table.services
        return CountersReport(
            monotonic: snapshot.at.nanoseconds,
            services: TableText.order(snapshot.read.table).compactMap { identity in
                services[identity].map { ServiceCounters(identity, $0, names[identity], snapshot.read) }
            })
    }

    func listing(_ request: ListingRequest) async throws(ControlRefusal) -> ListingReport {
        let read = try await reading.snapshot().read
        let layout: TableText.Layout =
            switch request.layout {
            case .list: .plain
            case .stats: .stats
            case .rate: .rate
            case .thresholds: .thresholds
            case .save: .plain
            }
        let lines =
            request.layout == .save
            ? (request.hasComments ? comments(read.table) : []) + TableText.saved(read.table)
            : TableText.listing(read.table, as: layout, isExact: request.isExact, read.counts)
        return ListingReport(text: lines.map { $0 + "\n" }.joined())
    }

    /// What `ipvsadm -S` loses. `ipvsadm -R` takes no comments, ipvsadm-restore passes over them.
    private func comments(_ table: Table) -> [String] {
        let limited = table.services.values.flatMap(\.servers.values).count {
            $0.upperThreshold > 0 || $0.lowerThreshold > 0
        }
        let daemons = organs.balancerBoard.current.daemons
        return [
            "# director \(local) of pair \(pair); what ipvsadm -S would lose:", "# thresholds of \(limited) servers",
        ]
            + [daemons.master, daemons.backup].compactMap { $0 }.map { daemon in
                let length = daemon.maxLength.map { " --sync-maxlen \($0)" } ?? ""
                return "# --start-daemon \(daemon.role) --mcast-interface \(daemon.interface) --syncid \(daemon.id)"
                    + length
            }
    }

    func connections(limit: Int) async throws(ControlRefusal) -> any ConnectionPages {
        do throws(SystemError) {
            return try KernelConnections(limit: limit)
        } catch {
            throw ControlRefusal(.unavailable, "the kernel lists no connections: \(error); modprobe ip_vs")
        }
    }
}

extension Settings {
    var namesByListen: [Listen: String] {
        var names: [Listen: String] = [:]
        for service in services {
            for listen in service.listens { names[listen] = service.name }
        }
        return names
    }
}

extension ServiceCounters {
    fileprivate init(_ identity: ServiceIdentity, _ service: TableService, _ name: String?, _ read: ReadTable) {
        let own = read.services[identity]?.statistics ?? Statistics()
        self.init(
            listen: "\(identity)", name: name, scheduler: service.options.scheduler,
            flags: TableText.flags(service.options), persistence: service.options.persistence,
            counters: Counters(counted: own), rates: Counters(aSecond: own),
            servers: service.servers.sorted { $0.key < $1.key }.map { server, options in
                ServerCounters(server, options, of: identity, read)
            })
    }
}

extension ServerCounters {
    fileprivate init(
        _ server: Endpoint, _ options: ServerOptions, of identity: ServiceIdentity, _ read: ReadTable
    ) {
        let found = read.server(server, of: identity)
        let counts = found?.connections ?? .init()
        let own = found?.statistics ?? Statistics()
        self.init(
            endpoint: "\(server)", forwarding: options.forwarding.rawValue, weight: options.weight,
            upperThreshold: options.upperThreshold, lowerThreshold: options.lowerThreshold, active: counts.active,
            inactive: counts.inactive, persistent: counts.persistent, counters: Counters(counted: own),
            rates: Counters(aSecond: own))
    }
}

extension Counters {
    fileprivate init(counted own: Statistics) {
        self.init(
            connections: own.connections, packetsIn: own.packetsIn, packetsOut: own.packetsOut, bytesIn: own.bytesIn,
            bytesOut: own.bytesOut)
    }

    fileprivate init(aSecond own: Statistics) {
        self.init(
            connections: own.connectionRate, packetsIn: own.packetRateIn, packetsOut: own.packetRateOut,
            bytesIn: own.byteRateIn, bytesOut: own.byteRateOut)
    }
}
