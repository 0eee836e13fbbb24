package import Addresses
internal import Settings

/// A table in the words of ipvsadm 1.31, addresses and ports as numbers.
///
/// The order is Tandem's own (`ServiceOrder`, servers by address and port): compare with ipvsadm service by service.
package enum TableText {
    /// The lines of `ipvsadm -Sn`, which `ipvsadm -R` reads back.
    package static func rules(_ table: Table) -> [String] {
        sorted(table).flatMap { identity, service in
            [rule(identity, service.options)]
                + sorted(service).map { server, options in rule(identity, server, options) }
        }
    }

    /// One server's connections.
    package struct Connections: Hashable, Sendable {
        package var active: UInt32
        package var inactive: UInt32
        /// Templates that keep clients with it.
        package var persistent: UInt32

        package init(active: UInt32 = 0, inactive: UInt32 = 0, persistent: UInt32 = 0) {
            self.active = active
            self.inactive = inactive
            self.persistent = persistent
        }
    }

    /// The lines of `ipvsadm -Ln`, but for the first with the kernel's version.
    package static func listing(
        _ table: Table, connections: (ServiceIdentity, Endpoint) -> Connections = { _, _ in Connections() }
    ) -> [String] {
        let title = [
            "Prot LocalAddress:Port Scheduler Flags",
            "  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn",
        ]
        return sorted(table).reduce(into: title) { lines, entry in
            lines.append(line(entry.key, entry.value.options))
            for (server, options) in sorted(entry.value) {
                lines.append(line(server, options, connections(entry.key, server)))
            }
        }
    }

    static func sorted(_ table: Table) -> [(key: ServiceIdentity, value: TableService)] {
        table.services.map { (order: ServiceOrder($0.key), entry: $0) }
            .sorted { $0.order < $1.order }
            .map(\.entry)
    }

    static func sorted(_ service: TableService) -> [(key: Endpoint, value: ServerOptions)] {
        service.servers.sorted { $0.key < $1.key }
    }
}

extension TableText {
    private static func name(_ identity: ServiceIdentity) -> String {
        switch identity {
        case .endpoint(.tcp, let endpoint): "-t \(endpoint)"
        case .endpoint(.udp, let endpoint): "-u \(endpoint)"
        case .endpoint(.sctp, let endpoint): "--sctp-service \(endpoint)"
        case .mark(let mark, .v4): "-f \(mark)"
        case .mark(let mark, .v6): "-f \(mark) -6"
        }
    }

    static func rule(_ identity: ServiceIdentity, _ options: ServiceOptions) -> String {
        var text = "-A \(name(identity)) -s \(options.scheduler)"
        if let seconds = options.persistence {
            text += " -p \(seconds)"
            if let mask = options.netmask { text += " -M \(maskText(mask, identity.family))" }
        }
        if let engine = options.engine { text += " --pe \(engine)" }
        if options.flags & ServiceOptions.onePacket != 0 { text += " -o" }
        let names = schedulerFlags(options)
        return names.isEmpty ? text : text + " -b " + names.joined(separator: ",")
    }

    static func rule(_ identity: ServiceIdentity, _ server: Endpoint, _ options: ServerOptions) -> String {
        let method =
            switch options.forwarding {
            case .nat: "-m"
            case .dr: "-g"
            case .tun: "-i"
            }
        let text = "-a \(name(identity)) -r \(server) \(method) -w \(options.weight)"
        guard options.forwarding == .tun else { return text }
        let flags = ["--tun-nocsum", "--tun-csum", "--tun-remcsum"]
        let flag = flags[min(Int(options.tunnel.flags), flags.count - 1)]
        return switch options.tunnel.type {
        case 0: text + " --tun-type ipip"
        case 1: text + " --tun-type gue --tun-port \(options.tunnel.port) \(flag)"
        case 2: text + " --tun-type gre \(flag)"
        default: text
        }
    }

    /// `TCP  192.0.2.10:80`.
    static func title(_ identity: ServiceIdentity) -> String {
        switch identity {
        case .endpoint(let transport, let endpoint): padded(transport.rawValue.uppercased(), 4) + " \(endpoint)"
        case .mark(let mark, .v4): "FWM  \(mark)"
        case .mark(let mark, .v6): "FWM  \(mark) IPv6"
        }
    }

    static func line(_ identity: ServiceIdentity, _ options: ServiceOptions) -> String {
        var text = "\(title(identity)) \(options.scheduler)"
        let names = schedulerFlags(options)
        if !names.isEmpty { text += " (\(names.joined(separator: ",")))" }
        if let seconds = options.persistence {
            text += " persistent \(seconds)"
            if let mask = options.netmask { text += " mask \(maskText(mask, identity.family))" }
            if let engine = options.engine { text += " pe \(engine)" }
        }
        return options.flags & ServiceOptions.onePacket != 0 ? text + " ops" : text
    }

    static func line(_ server: Endpoint, _ options: ServerOptions, _ counts: Connections) -> String {
        let method =
            switch options.forwarding {
            case .nat: "Masq"
            case .dr: "Route"
            case .tun: "Tunnel"
            }
        return "  -> " + padded("\(server)", 28) + " " + padded(method, 7) + " " + padded("\(options.weight)", 6) + " "
            + padded("\(counts.active)", 10) + " " + padded("\(counts.inactive)", 10)
    }

    static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.utf8.count))
    }

    static func maskText(_ mask: UInt32, _ family: AddressFamily) -> String {
        family == .v4 ? IPv4Address(number: mask).description : "\(mask)"
    }

    /// IP_VS_SVC_F_SCHED1 to 3, which each scheduler names as it likes.
    static func schedulerFlags(_ options: ServiceOptions) -> [String] {
        let names =
            switch options.scheduler {
            case "sh": ["sh-fallback", "sh-port"]
            case "mh": ["mh-fallback", "mh-port"]
            default: ["flag-1", "flag-2", "flag-3"]
            }
        return names.enumerated().filter { options.flags & 0x8 << UInt32($0.offset) != 0 }.map(\.element)
    }
}
