import Addresses
import Netlink

/// The steps from what a server's kernel holds to what services ask of it, taking back what was done for services that
/// are no more.
///
/// A step that sets something comes after what it needs: a server keeps silent about an address before it has it, and
/// as long as it has it.
package struct ServerPlan: Hashable, Sendable {
    package var steps: [ServerStep] = []
    /// What only a person can mend.
    package var problems: [String]
    /// What has changed since it was done, so that it is left as it is.
    package var notes: [String] = []

    package var isRight: Bool { steps.isEmpty && problems.isEmpty }

    /// With an empty duty, the plan takes back everything that is kept.
    package init(_ duty: ServerDuty, on host: ServerHost, kept: KeptChanges = KeptChanges()) {
        problems = duty.problems
        let ends = Ends(duty, on: host)
        problems += ends.problems
        let wanted = WantedSwitches(duty, ends, on: host)
        // What would be wanted if apply had never run: that is still to be so.
        let before = WantedSwitches(duty, ends, on: host.before(kept))
        let places = Self.places(of: duty, ends)

        steps += wanted.silence(on: host)
        steps += ends.steps
        steps += wanted.reverse(on: host, ends.made)
        steps += duty.listeners.subtracting(host.listeners).sorted {
            ($0.port, $0.family.bits) < ($1.port, $1.family.bits)
        }
        .map { .listen($0) }
        steps += Self.missing(places, ends.made, on: host)
        takeBackAddresses(kept, except: places, on: host)
        takeBackPorts(kept, except: duty.listeners, on: host)
        takeBackDevices(kept, except: ends, on: host)
        takeBackSwitches(kept, except: Set(before.values.keys).union(wanted.values.keys), on: host)
        problems += wanted.problems + Self.misplaced(duty, on: host) + Self.closed(duty, on: host)
        problems += Self.bypassed(duty, on: host)
    }

    /// Where each address belongs. One that comes out of tunnels belongs on every device of theirs: without an address
    /// on it the kernel drops all that it brings, unless the reverse path is not looked at on any interface
    /// (net/ipv4/fib_frontend.c, `__fib_validate_source`). IPv6 has no such rule.
    private static func places(of duty: ServerDuty, _ ends: Ends) -> [KeptChanges.Address] {
        duty.virtual.sorted { $0.key < $1.key }.flatMap { address, wanted in
            let devices = address.family == .v4 ? Set(wanted.compactMap { ends.devices[$0] }).sorted() : []
            return (devices.isEmpty ? ["lo"] : devices).map { device in
                KeptChanges.Address(prefix: Prefix(host: address).description, interface: device)
            }
        }
    }

    /// A device that is made anew has none yet.
    private static func missing(
        _ places: [KeptChanges.Address], _ made: Set<String>, on host: ServerHost
    ) -> [ServerStep] {
        let wires = Set(host.wires.map(\.name))
        return places.compactMap { place in
            guard let prefix = Prefix(place.prefix) else { return nil }
            let holders = host.holders(of: prefix.address).map(\.name)
            // Any interface that no neighbour asks is as good as lo.
            let isThere = place.interface == "lo" ? !wires.isSuperset(of: holders) : holders.contains(place.interface)
            return isThere && !made.contains(place.interface) ? nil : .addAddress(prefix, interface: place.interface)
        }
    }

    private static func misplaced(_ duty: ServerDuty, on host: ServerHost) -> [String] {
        let wires = Set(host.wires.map(\.name))
        return duty.virtual.keys.sorted().flatMap { address in
            host.holders(of: address).compactMap { (name, length) -> String? in
                if wires.contains(name) {
                    return "\(address) is on \(name), which answers neighbours that ask for it: clients pass the "
                        + "directors by; run: ip address delete \(address)/\(length) dev \(name)"
                }
                guard name == "lo", address.family == .v4, length < 32 else { return nil }
                return "\(address)/\(length) on lo makes its whole network local: this server reaches nobody there; "
                    + "give it /32"
            }
        }
    }

    /// Answers of translated services have to pass the director, which puts its own address into them.
    private static func bypassed(_ duty: ServerDuty, on host: ServerHost) -> [String] {
        guard !duty.translated.isEmpty, host.gateways.isDisjoint(with: duty.routers) else { return [] }
        let services = duty.translated.joined(separator: ", ")
        return [
            "no route leads through an address of the pair's groups: answers of \(services) "
                + "pass the directors by, and clients refuse them; let the default route lead to such an address"
        ]
    }

    private static func closed(_ duty: ServerDuty, on host: ServerHost) -> [String] {
        guard duty.virtual.keys.contains(where: { $0.family == .v6 }),
            host.switches["net/ipv6/conf/lo/disable_ipv6"] ?? "1" != "0"
        else { return [] }
        return ["IPv6 is switched off on lo; run: sysctl -w net.ipv6.conf.lo.disable_ipv6=0"]
    }
}

extension ServerPlan {
    private mutating func takeBackAddresses(
        _ kept: KeptChanges, except places: [KeptChanges.Address], on host: ServerHost
    ) {
        for address in kept.addresses where !places.contains(address) {
            guard let prefix = Prefix(address.prefix),
                host.holders(of: prefix.address).contains(where: { $0 == (address.interface, prefix.length) })
            else { continue }
            steps.append(.removeAddress(prefix, interface: address.interface))
        }
    }

    private mutating func takeBackPorts(
        _ kept: KeptChanges, except wanted: Set<GUEListener>, on host: ServerHost
    ) {
        let ours = Set(kept.ports.map { GUEListener($0) })
        steps += ours.subtracting(wanted).intersection(host.listeners).sorted { $0.port < $1.port }
            .map { .stopListening($0) }
    }

    private mutating func takeBackDevices(_ kept: KeptChanges, except ends: Ends, on host: ServerHost) {
        for name in kept.devices where !ends.devices.values.contains(name) && host.link(named: name) != nil {
            steps.append(.removeDevice(name))
        }
    }

    private mutating func takeBackSwitches(_ kept: KeptChanges, except wanted: Set<String>, on host: ServerHost) {
        for change in kept.switches.reversed() where !wanted.contains(change.name) {
            let now = host.switches[change.name]
            if now == change.new {
                steps.append(.restoreSwitch(change.name, to: change.old))
            } else if let now, now != change.old {
                notes.append("\(change.name) was set to \(now) since, and stays (it was \(change.old) once)")
            }
        }
    }
}

/// The devices that tunnels of a duty end at.
struct Ends {
    /// Each end's device.
    var devices: [ServerDuty.End: String] = [:]
    /// Devices that the steps make.
    var made: Set<String> = []
    var steps: [ServerStep] = []
    var problems: [String] = []

    init(_ duty: ServerDuty, on host: ServerHost) {
        let wanted = Set(duty.virtual.values.joined())
        let order = TunnelDevice.Kind.allCases
        var counts: [TunnelDevice.Kind: Int] = [:]
        let sorted = wanted.sorted { left, right in
            let places = (order.firstIndex(of: left.kind) ?? 0, order.firstIndex(of: right.kind) ?? 0)
            if places.0 != places.1 { return places.0 < places.1 }
            return left.local == right.local ? !left.hasChecksum && right.hasChecksum : left.local < right.local
        }
        for end in sorted {
            if end.hasChecksum, let other = devices.keys.first(where: { $0.isPlain(end) }) {
                problems.append(
                    "services want \(end.kind.rawValue) tunnels to \(other.local) with checksums and without, and a "
                        + "device takes one of the two; choose one for all")
                continue
            }
            counts[end.kind, default: 0] += 1
            let number = counts[end.kind] ?? 1
            settle(end, "tandem-\(end.kind.rawValue)\(number == 1 ? "" : String(number))", on: host)
        }
    }

    /// Uses a device that is there, whoever made it, or has one made.
    private mutating func settle(_ end: ServerDuty.End, _ name: String, on host: ServerHost) {
        let device = TunnelDevice(name: name, kind: end.kind, local: end.local, hasChecksum: end.hasChecksum)
        if let own = host.tunnels.first(where: { $0.name == name }), own == device {
            devices[end] = name
            if host.link(named: name)?.isUp != true { steps.append(.setUp(name)) }
            return
        }
        let fitting = host.tunnels.first { found in
            found.kind == end.kind && found.hasChecksum == end.hasChecksum && found.local ?? end.local == end.local
                && host.link(named: found.name)?.isUp == true
        }
        if let fitting {
            devices[end] = fitting.name
            return
        }
        devices[end] = name
        if host.link(named: name) != nil { steps.append(.removeDevice(name)) }
        steps.append(.create(device))
        made.insert(name)
    }
}

extension ServerDuty.End {
    fileprivate func isPlain(_ other: ServerDuty.End) -> Bool {
        kind == other.kind && local == other.local && !hasChecksum
    }
}

extension ServerHost {
    /// As it was, as far as apply changed switches.
    fileprivate func before(_ kept: KeptChanges) -> ServerHost {
        var host = self
        for change in kept.switches where host.switches[change.name] == change.new {
            host.switches[change.name] = change.old
        }
        return host
    }
}
