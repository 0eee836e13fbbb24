import Addresses
import Netlink
import Settings

extension Doctor {
    var ipvs: [DoctorFinding] {
        guard !settings.services.isEmpty else { return [] }
        if facts.hasIPVS { return [DoctorFinding(.ok, "ip_vs", "the kernel has it")] }
        return [
            DoctorFinding(
                .bad, "ip_vs", "the kernel does not have it, and nothing is balanced",
                remedy: "modprobe ip_vs; for each boot: echo ip_vs >/etc/modules-load.d/tandem.conf")
        ]
    }

    /// The kernel loads a scheduler when a service asks for it, if the module is installed.
    var schedulers: [DoctorFinding] {
        let names = Set(settings.services.map { "ip_vs_\($0.scheduler.rawValue)" }).sorted()
        let missing = names.filter { !facts.modules.contains($0) && !facts.availableModules.contains($0) }
        guard !missing.isEmpty else {
            return names.isEmpty
                ? [] : [DoctorFinding(.ok, "schedulers", "the kernel has \(names.joined(separator: ", "))")]
        }
        return missing.map { name in
            let users = settings.services.filter { "ip_vs_\($0.scheduler.rawValue)" == name }.map(\.name)
            return DoctorFinding(
                .bad, "schedulers", "this kernel has no \(name), which \(Self.some(users)) want",
                remedy: "install the kernel package that has it, or choose another scheduler")
        }
    }

    /// The switches that answers of nat servers need.
    var forwarding: [DoctorFinding] {
        let wanted: [(AddressFamily, String)] = [(.v4, "net/ipv4/ip_forward"), (.v6, "net/ipv6/conf/all/forwarding")]
        return wanted.filter { !natServers($0.0).isEmpty }.map { family, name in
            guard facts.switches.number(name) != 1 else {
                return DoctorFinding(.ok, "forwarding", "answers of \(family.rawValue) servers are forwarded")
            }
            let isManaged = settings.pair.sysctl == .manage
            return DoctorFinding(
                isManaged ? .warn : .bad, "forwarding",
                "\(name) is \(facts.switches[name] ?? "absent"): answers of \(family.rawValue) nat servers are not "
                    + "forwarded" + (isManaged ? " until tandemd sets it" : ""),
                remedy: "sysctl -w \(name)=1")
        }
    }

    func natServers(_ family: AddressFamily) -> [ServerSettings] { Self.natServers(settings.services, family) }

    private static func natServers(_ services: [ServiceSettings], _ family: AddressFamily) -> [ServerSettings] {
        services.flatMap(\.servers).filter { $0.forwarding == .nat && $0.endpoint.address.family == family }
    }

    /// What `masquerade` needs of the kernel.
    var masquerade: [DoctorFinding] {
        let users = settings.services.filter(\.isMasqueraded).map(\.name)
        guard !users.isEmpty else { return [] }
        let missing = Self.masqueradeModules.filter {
            !facts.modules.contains($0) && !facts.availableModules.contains($0)
        }
        guard missing.isEmpty else {
            return [
                DoctorFinding(
                    .bad, "masquerade", "this kernel has no \(Self.some(missing)), which \(Self.some(users)) want",
                    remedy: "install the kernel package that has it, or let the servers' default route lead to an "
                        + "address of the group instead")
            ]
        }
        let name = "net/ipv4/vs/conntrack"
        guard settings.pair.sysctl != .manage, facts.switches.number(name) != 1 else {
            return [DoctorFinding(.ok, "masquerade", "the kernel can do it for \(Self.some(users))")]
        }
        return [
            DoctorFinding(
                .bad, "masquerade",
                "\(name) is \(facts.switches[name] ?? "absent"): packets of \(Self.some(users)) keep their source",
                remedy: "sysctl -w \(name)=1")
        ]
    }

    private static let masqueradeModules = ["nf_tables", "nft_chain_nat", "nft_ct", "nft_masq"]

    /// A director that forwards out of the interface on which a packet came tells the sender of a shorter way, past
    /// the director (RFC 1812, 5.2.7.2). A server of a masqueraded service has no business with the client.
    var redirects: [DoctorFinding] {
        let outside = Set(settings.groups.compactMap { $0.interface.map(director.interface) })
        let servers = Self.natServers(settings.services.filter { !$0.isMasqueraded }, .v4)
        let inside = Set(
            servers.compactMap { facts.link(facts.routes[$0.endpoint.address]?.interface)?.name })
        let shared = inside.intersection(outside).sorted().filter { name in
            [name, "all"].contains { facts.switches.number(InterfaceSwitch.redirect.path(of: $0)) ?? 1 != 0 }
        }
        guard !shared.isEmpty else {
            return inside.isEmpty
                ? [] : [DoctorFinding(.ok, "redirects", "nat servers are told of no way past the director")]
        }
        return shared.map { name in
            DoctorFinding(
                .warn, "redirects",
                "nat servers and clients are both on \(name), where the director tells servers of a way past itself",
                remedy: "sysctl -w net/ipv4/conf/all/send_redirects=0 net/ipv4/conf/\(name)/send_redirects=0")
        }
    }

    var reversePaths: [DoctorFinding] {
        guard let wayOut = facts.wayOut else { return [] }
        let names = Set(settings.groups.compactMap { $0.interface.map(director.interface) }).sorted()
        let strict = names.filter { name in
            guard let link = facts.link(named: name), link.index != wayOut else { return false }
            return facts.switches.effective(.reverse, of: name) == 1
        }
        guard !strict.isEmpty else {
            return [DoctorFinding(.ok, "reverse path", "no client's packets are dropped for it")]
        }
        let other = facts.link(wayOut)?.name ?? "another interface"
        return strict.map { name in
            DoctorFinding(
                .bad, "reverse path",
                "packets of distant clients that come in on \(name) are dropped: the way back to them is \(other), and "
                    + "rp_filter is 1",
                remedy: "sysctl -w net/ipv4/conf/\(name)/rp_filter=2")
        }
    }

    var conntrack: [DoctorFinding] {
        let folder = "net/netfilter/nf_conntrack_"
        guard let limit = facts.switches.number(folder + "max"), limit > 0 else {
            return [DoctorFinding(.ok, "conntrack", "the kernel does not track connections")]
        }
        let count = facts.switches.number(folder + "count") ?? 0
        let sentence = "\(count) of at most \(limit) connections are tracked"
        guard count * 5 > limit * 4 else { return [DoctorFinding(.ok, "conntrack", sentence)] }
        return [
            DoctorFinding(
                count >= limit ? .bad : .warn, "conntrack", sentence + "; packets of further ones are dropped",
                remedy:
                    "sysctl -w \(folder)max=\(limit * 4), or let no rule of the firewall ask for the state of packets")
        ]
    }

    /// Every server on link is a neighbour, and a full table drops packets in silence.
    var neighbours: [DoctorFinding] {
        let servers = Set(settings.services.flatMap(\.servers).map(\.endpoint.address))
        return [AddressFamily.v4, .v6].compactMap { family in
            let name = "net/\(family == .v4 ? "ipv4" : "ipv6")/neigh/default/gc_thresh3"
            let count = servers.count { $0.family == family }
            guard count > 0, let limit = facts.switches.number(name) else { return nil }
            guard limit < count * 2 else {
                return DoctorFinding(.ok, "neighbours", "there is room for \(limit) of \(family.rawValue)")
            }
            return DoctorFinding(
                .warn, "neighbours",
                "there is room for \(limit) of \(family.rawValue), and there are \(count) servers: packets to those "
                    + "that find no place are dropped in silence",
                remedy: "sysctl -w \(name)=\(count * 8)")
        }
    }

    /// At most three names.
    static func some(_ names: [String]) -> String {
        names.prefix(3).joined(separator: ", ") + (names.count > 3 ? " and \(names.count - 3) more" : "")
    }
}
