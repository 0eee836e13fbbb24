import Addresses
import Linux
import Netlink
import Settings

extension Balancer {
    /// The kernel's switches that a pair needs: connections are synced from their first packet on and refreshed every
    /// 10 s (net/netfilter/ipvs/ip_vs_sync.c), and a director that is backup for one group may be active for another.
    mutating func prepareKernel() {
        isPrepared = true
        var warnings: [String] = []
        set("net/ipv4/vs/sync_threshold", to: "0 0", &warnings)
        set("net/ipv4/vs/sync_refresh_period", to: "10", &warnings)
        set("net/ipv4/vs/backup_only", to: "0", &warnings)
        var forwarded: Set<AddressFamily> = []
        var servers: Set<IPAddress> = []
        for server in settings.services.lazy.flatMap(\.servers) {
            servers.insert(server.endpoint.address)
            if server.forwarding == .nat { forwarded.insert(server.endpoint.address.family) }
        }
        if forwarded.contains(.v4) { set("net/ipv4/ip_forward", to: "1", &warnings) }
        if forwarded.contains(.v6) { set("net/ipv6/conf/all/forwarding", to: "1", &warnings) }
        if settings.services.contains(where: \.isMasqueraded) { set("net/ipv4/vs/conntrack", to: "1", &warnings) }
        for version in ["ipv4", "ipv6"] { makeRoom(version, servers: servers.count, &warnings) }
        let found = warnings
        ports.board.update { $0.warnings = found }
    }

    /// Every server on the link is a neighbour, and a full neighbour table drops heartbeats in silence
    /// (net/core/neighbour.c, `neigh_alloc`): room for twice as many. Only the first namespace has these switches.
    private func makeRoom(_ version: String, servers: Int, _ warnings: inout [String]) {
        for (index, standard) in [128, 512, 1024].enumerated() {
            let name = "net/\(version)/neigh/default/gc_thresh\(index + 1)"
            let needed = max(standard, servers * 2 << index)
            guard let old = (try? Sysctl.read(name)).flatMap({ Int($0) }), old < needed else { continue }
            set(name, to: String(needed), &warnings)
        }
    }

    private func set(_ name: String, to value: String, _ warnings: inout [String]) {
        do throws(SysctlError) {
            let old = try Sysctl.read(name).split(whereSeparator: \.isWhitespace).joined(separator: " ")
            guard old != value else { return }
            guard settings.pair.sysctl == .manage else {
                warnings.append("\(name) is \(old) and should be \(value): `sysctl -w \(name)='\(value)'`")
                return
            }
            try Sysctl.write(name, value)
            ports.inform("set \(name) to \(value), it was \(old)")
        } catch {
            warnings.append("\(error)")
        }
    }

    mutating func stopSync() {
        guard settings.pair.sync != nil else { return }
        for role in SyncDaemon.Role.allCases {
            do throws(NetlinkError) {
                try kernel?.stopSync(role)
            } catch {
                ports.say("\(error)")
            }
        }
    }
}
