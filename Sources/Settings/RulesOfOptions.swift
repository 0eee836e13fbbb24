import Addresses

/// What the kernel would refuse of a service's options, and what it would take and not do.
extension ServiceSettings {
    func optionViolations(at index: Int) -> [Violation] {
        var violations = flagViolations(at: index)
        violations.add(persistenceViolations(at: index))
        violations.add(onePacketViolations(at: index))
        violations.add(allPortsViolations(at: index))
        violations.add(masqueradeViolations(at: index))
        return violations
    }

    private func flagViolations(at index: Int) -> [Violation] {
        guard !flags.isEmpty else { return [] }
        let place = Place(.services, index, "flags")
        let because = [Place(.services, index, "scheduler")]
        return SchedulerFlag.allCases.filter(flags.contains).compactMap { flag in
            let what = "service \(name) has the flag \(flag.rawValue)"
            if let owner = flag.scheduler {
                guard owner != scheduler else { return nil }
                let meant = SchedulerFlag.allCases.first { $0.scheduler == scheduler && $0.bit == flag.bit }
                return Violation(
                    at: place, because: because,
                    "\(what), which is one of scheduler \(owner.rawValue); its scheduler is \(scheduler.rawValue)",
                    suggestion: meant?.rawValue)
            }
            if let named = SchedulerFlag.allCases.first(where: { $0.scheduler == scheduler && $0.bit == flag.bit }) {
                return Violation(
                    at: place, because: because, "\(what), which scheduler \(scheduler.rawValue) calls otherwise",
                    suggestion: named.rawValue)
            }
            if scheduler == .sh || scheduler == .mh {
                return Violation(at: place, because: because, "\(what), which scheduler \(scheduler.rawValue) has not")
            }
            return Violation(
                .warning, at: place, because: because,
                "\(what), which the kernel keeps; but its scheduler \(scheduler.rawValue) looks at none")
        }
    }

    private func persistenceViolations(at index: Int) -> [Violation] {
        guard persistenceEngine != nil || persistenceMask != PersistenceMask() else { return [] }
        let because = [Place(.services, index, "listen"), Place(.services, index, "persistence")]
        var violations: [Violation] = []
        func refuse(_ key: String, _ message: String) {
            violations.append(Violation(at: Place(.services, index, key), because: because, message))
        }
        if persistenceMask != PersistenceMask() {
            let families = Set(listens.map(\.family))
            if persistence == nil {
                refuse("persistence_netmask", "service \(name) has a persistence_netmask and no persistence")
            } else if persistenceMask.v4 != nil, !families.contains(.v4) {
                refuse("persistence_netmask", "service \(name) has a mask of IPv4 and does not listen in that family")
            } else if persistenceMask.v6 != nil, !families.contains(.v6) {
                refuse("persistence_netmask", "service \(name) has a mask of IPv6 and does not listen in that family")
            }
        }
        guard let persistenceEngine else { return violations }
        let what = "service \(name) has the persistence_engine \(persistenceEngine.rawValue)"
        if persistence == nil {
            refuse("persistence_engine", "\(what) and no persistence")
        } else if let listen = listens.first(where: { $0.transport.map { $0 != .udp } ?? false }) {
            refuse(
                "persistence_engine",
                "\(what) and listens on \(listen), where the kernel would drop every packet: the engine reads udp alone"
            )
        }
        return violations
    }

    /// ipvsadm refuses it too; the kernel takes it, and goes on as if it were not there.
    private func onePacketViolations(at index: Int) -> [Violation] {
        guard isOnePacket, let listen = listens.first(where: { $0.transport.map { $0 != .udp } ?? false }) else {
            return []
        }
        return [
            Violation(
                at: Place(.services, index, "one_packet"), because: [Place(.services, index, "listen")],
                "service \(name) listens on \(listen), and the kernel does one_packet for udp:// and fwmark:// alone")
        ]
    }

    /// The kernel would take it and refuse every connection (net/netfilter/ipvs/ip_vs_core.c, `ip_vs_schedule`).
    private func allPortsViolations(at index: Int) -> [Violation] {
        guard persistence == nil, let element = listens.firstIndex(where: { $0.endpoint?.port == 0 }) else { return [] }
        return [
            Violation(
                at: Place(.services, index, "listen", element), because: [Place(.services, index, "persistence")],
                "service \(name) listens on \(listens[element]), all ports, which the kernel does for persistent "
                    + "services alone; give it persistence or a port, or listen on fwmark://MARK")
        ]
    }

    /// The servers of direct routing and tunnels answer clients themselves.
    private func masqueradeViolations(at index: Int) -> [Violation] {
        guard isMasqueraded else { return [] }
        let all = everyServer
        guard !all.isEmpty, !all.contains(where: { $0.forwarding == .nat }) else { return [] }
        return [
            Violation(
                at: Place(.services, index, "masquerade"),
                because: ["forward", "servers", "fallback"].map { Place(.services, index, $0) },
                "service \(name) has masquerade, and none of its servers is reached by nat; leave it out")
        ]
    }
}

extension ServerSettings {
    /// Why the kernel refuses its thresholds or its tunnel, if it does, as it follows the server's name.
    var optionFault: String? {
        if lower > upper {
            if upper == 0 { return "has lower \(lower) and no upper, which the kernel refuses; give it both" }
            return "has lower \(lower) above upper \(upper), which the kernel refuses"
        }
        guard let tunnel else { return nil }
        if forwarding != .tun { return "has a tunnel, and is reached by \(forwarding.rawValue); leave it out" }
        return tunnel.fault
    }
}

extension TunnelSettings {
    fileprivate var fault: String? {
        switch kind {
        case .gue where port == nil:
            return "has a gue tunnel without port, which the kernel refuses; 6080 is IANA's"
        case .ipip where port != nil, .gre where port != nil:
            return "has a tunnel with a port, and \(kind.rawValue) has none; gue does"
        case .ipip where checksum != .none:
            return "has a tunnel with a checksum, and ipip has none; gue and gre do"
        case .gre where checksum == .remote:
            return "has a gre tunnel with remote checksum, which is gue's alone"
        default: return nil
        }
    }
}

extension Listen {
    var transport: TransportProtocol? { if case .endpoint(let transport, _) = self { transport } else { nil } }

    var isAllPorts: Bool { endpoint?.port == 0 }
}
