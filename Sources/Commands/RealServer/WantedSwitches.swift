import Addresses
import Netlink

/// The switches that a duty wants changed on a host, by path.
struct WantedSwitches {
    var values: [String: String] = [:]
    var problems: [String] = []

    init(_ duty: ServerDuty, _ ends: Ends, on host: ServerHost) {
        let carriesIPv4 = duty.virtual.filter { $0.key.family == .v4 }
        guard !carriesIPv4.isEmpty else { return }
        keepSilent(on: host)
        for end in Set(carriesIPv4.values.joined()) {
            if let device = ends.devices[end] { loosen(device, on: host) }
        }
        for wire in host.wires where host.isDetour(wire, for: duty.direct) { loosen(wire.name, on: host) }
    }

    /// arp_ignore 1 to 3 are silent about an address of lo, 4 to 7 mean nothing, 8 is silent about every address
    /// (net/ipv4/arp.c, `arp_ignore`). For all interfaces, because one that comes later would answer as well.
    private mutating func keepSilent(on host: ServerHost) {
        for wire in host.wires {
            let ignore = host.switches.effective(.ignore, of: wire.name)
            if ignore < 1 { values[InterfaceSwitch.ignore.path(of: "all")] = "1" }
            if ignore > 3 {
                problems.append(
                    "arp_ignore is \(ignore) for \(wire.name), "
                        + (ignore < 8 ? "which means nothing" : "so that it answers no ARP at all")
                        + "; set net/ipv4/conf/all/arp_ignore and that of \(wire.name) to 1 or 2")
            }
            if host.switches.effective(.announce, of: wire.name) < 2 {
                values[InterfaceSwitch.announce.path(of: "all")] = "2"
            }
        }
    }

    /// Packets whose answers leave by another interface pass a loose test (RFC 3704, 2.4), not a strict one.
    private mutating func loosen(_ interface: String, on host: ServerHost) {
        if host.switches.effective(.reverse, of: interface) == 1 {
            values[InterfaceSwitch.reverse.path(of: interface)] = "2"
        }
    }

    /// What keeps a server silent.
    func silence(on host: ServerHost) -> [ServerStep] {
        [InterfaceSwitch.ignore, .announce].compactMap { step(for: $0.path(of: "all"), on: host) }
    }

    /// What lets packets in.
    func reverse(on host: ServerHost, _ made: Set<String>) -> [ServerStep] {
        values.keys.sorted().filter { $0.hasSuffix(InterfaceSwitch.reverse.rawValue) }.compactMap { name in
            let isNew = made.contains { InterfaceSwitch.reverse.path(of: $0) == name }
            return step(for: name, on: host, isNew: isNew)
        }
    }

    private func step(for name: String, on host: ServerHost, isNew: Bool = false) -> ServerStep? {
        values[name].map { .setSwitch(name, from: isNew ? nil : host.switches[name] ?? "0", to: $0) }
    }
}

extension ServerHost {
    /// Whether packets come in by this wire and their answers leave by another.
    fileprivate func isDetour(_ wire: Link, for direct: Set<IPAddress>) -> Bool {
        guard let wayOut, wayOut != wire.index else { return false }
        return addresses.contains { $0.interface == wire.index && direct.contains($0.prefix.address) }
    }
}
