import Addresses
import Netlink
import Settings

extension Doctor {
    var interfaces: [DoctorFinding] {
        var names = settings.groups.compactMap { $0.interface.map(director.interface) }
        names += settings.groups.flatMap(\.addresses).compactMap { $0.interface.map(director.interface) }
        names += settings.pair.sync.map { [director.interface($0.interface)] } ?? []
        return Set(names).sorted().map { name in
            guard let link = facts.link(named: name) else {
                return DoctorFinding(
                    .bad, "interfaces", "there is no \(name)",
                    remedy: "create it, or correct pair.directors.\(director.name).interfaces")
            }
            if link.isUp, link.hasCarrier { return DoctorFinding(.ok, "interfaces", "\(name) is up") }
            return link.isUp
                ? DoctorFinding(
                    .bad, "interfaces", "\(name) has no carrier", remedy: "look at its cable or its switch port")
                : DoctorFinding(.bad, "interfaces", "\(name) is down", remedy: "ip link set \(name) up")
        }
    }

    /// A virtual address without an end stays with a director that is dead.
    var standingAddresses: [DoctorFinding] {
        let virtual = Set(settings.groups.flatMap(\.addresses).map(\.prefix.address))
        let standing = facts.addresses.filter { $0.validLifetime == nil && virtual.contains($0.prefix.address) }
        guard !standing.isEmpty else {
            return virtual.isEmpty ? [] : [DoctorFinding(.ok, "addresses", "no virtual address is here for good")]
        }
        return standing.map { held in
            let name = facts.link(held.interface)?.name ?? "an interface"
            return DoctorFinding(
                .bad, "addresses",
                "\(held.prefix.address) is on \(name) for good: somebody else put it there, and a dead director would "
                    + "keep it",
                remedy:
                    "take it out of the system's own configuration; then: ip address delete \(held.prefix) dev \(name)"
            )
        }
    }

    /// What clients send in packets of full size has to fit into a tunnel.
    var tunnels: [DoctorFinding] {
        let servers = settings.services.flatMap(\.servers).filter { $0.forwarding == .tun }
        guard !servers.isEmpty else { return [] }
        let arriving =
            settings.groups.compactMap { group in
                group.interface.flatMap { facts.link(named: director.interface($0)) }?.mtu
            }.max() ?? 1500
        var narrow: [UInt32: Set<IPAddress>] = [:]
        var findings: [DoctorFinding] = []
        for server in Set(servers.map(\.endpoint.address)).sorted() {
            guard let link = facts.link(facts.routes[server]?.interface) else {
                findings.append(
                    DoctorFinding(
                        .bad, "tunnels", "there is no route to the server \(server)",
                        remedy: "add one, or correct the server's address"))
                continue
            }
            let room = link.mtu - min(link.mtu, server.family == .v4 ? 20 : 40)
            if room < arriving { narrow[room, default: []].insert(server) }
        }
        findings += narrow.sorted { $0.key < $1.key }.map { room, servers in narrowness(room, arriving, servers) }
        return findings.isEmpty
            ? [DoctorFinding(.ok, "tunnels", "packets of \(arriving) bytes fit into them")] : findings
    }

    private func narrowness(_ room: UInt32, _ arriving: UInt32, _ servers: Set<IPAddress>) -> DoctorFinding {
        let names = Self.some(servers.sorted().map(\.description))
        let isTold = facts.switches.number("net/ipv4/vs/pmtu_disc") ?? 1 != 0
        return DoctorFinding(
            isTold ? .warn : .bad, "tunnels",
            "packets of up to \(arriving) bytes arrive, and tunnels to \(names) take \(room)"
                + (isTold ? ": clients have to learn that from ICMP, which firewalls on their way may drop" : ""),
            remedy:
                "let the servers announce a smaller segment (ip route change default ... advmss \(room - 40)), or "
                + "raise the MTU between directors and servers to \(arriving + arriving - room)"
                + (isTold ? "" : "; and sysctl -w net/ipv4/vs/pmtu_disc=1"))
    }
}
