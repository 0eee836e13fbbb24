package import Addresses
internal import Settings

extension TableText {
    /// The layouts of `ipvsadm -Ln`.
    package enum Layout: String, Hashable, Sendable, CaseIterable {
        case plain
        /// `--stats`.
        case stats
        /// `--rate`.
        case rate
        /// `--thresholds`.
        case thresholds
    }

    /// What only the kernel knows of services and servers.
    package struct Counts {
        package var connections: (ServiceIdentity, Endpoint) -> Connections
        /// Without a server: of the whole service.
        package var statistics: (ServiceIdentity, Endpoint?) -> Statistics

        package init(
            connections: @escaping (ServiceIdentity, Endpoint) -> Connections,
            statistics: @escaping (ServiceIdentity, Endpoint?) -> Statistics
        ) {
            self.connections = connections
            self.statistics = statistics
        }
    }

    /// The lines of `ipvsadm -Ln` with the option that `layout` says, but for the first with the kernel's version.
    ///
    /// - Parameter isExact: `--exact`: whole numbers, where they are else cut to eight digits and a K, M, G or T.
    package static func listing(_ table: Table, as layout: Layout, isExact: Bool, _ counts: Counts) -> [String] {
        guard layout != .plain else { return listing(table, connections: counts.connections) }
        var lines = [heading(layout), "  -> RemoteAddress:Port"]
        for (identity, service) in sorted(table) {
            lines.append(
                layout == .thresholds
                    ? line(identity, service.options)
                    : padded(title(identity), 33)
                        + numbers(counts.statistics(identity, nil), layout, isExact, isServer: false))
            for (server, options) in sorted(service) {
                lines.append(
                    "  -> " + padded("\(server)", 28)
                        + (layout == .thresholds
                            ? limits(options, counts.connections(identity, server))
                            : numbers(counts.statistics(identity, server), layout, isExact, isServer: true)))
            }
        }
        return lines
    }

    private static func heading(_ layout: Layout) -> String {
        let titles =
            switch layout {
            case .plain: [""]
            case .stats: ["Conns", "InPkts", "OutPkts", "InBytes", "OutBytes"]
            case .rate: ["CPS", "InPPS", "OutPPS", "InBPS", "OutBPS"]
            case .thresholds: ["Uthreshold", "Lthreshold", "ActiveConn", "InActConn"]
            }
        return padded("Prot LocalAddress:Port", 33)
            + titles.map { " " + (layout == .thresholds ? padded($0, 10) : right($0, 8)) }.joined()
    }

    private static func limits(_ options: ServerOptions, _ counts: Connections) -> String {
        [options.upperThreshold, options.lowerThreshold, counts.active, counts.inactive]
            .map { " " + padded("\($0)", 10) }.joined()
    }

    /// A server's rates of connections and packets are never cut, with `--exact` or without.
    private static func numbers(_ all: Statistics, _ layout: Layout, _ isExact: Bool, isServer: Bool) -> String {
        guard layout == .rate else {
            return [all.connections, all.packetsIn, all.packetsOut, all.bytesIn, all.bytesOut]
                .map { number($0, isExact) }.joined()
        }
        let rates = [all.connectionRate, all.packetRateIn, all.packetRateOut]
        return rates.map { isServer ? " " + right("\($0)", 8) : number($0, isExact) }.joined()
            + [all.byteRateIn, all.byteRateOut].map { number($0, isExact) }.joined()
    }

    /// As `print_largenum` of ipvsadm.c has it: nine columns.
    static func number(_ value: UInt64, _ isExact: Bool) -> String {
        if isExact { return right("\(value)", max(9, "\(value)".utf8.count + 1)) }
        return switch value {
        case ..<100_000_000: right("\(value)", 9)
        case ..<1_000_000_000: right("\(value / 1000)", 8) + "K"
        case ..<100_000_000_000: right("\(value / 1_000_000)", 8) + "M"
        case ..<100_000_000_000_000: right("\(value / 1_000_000_000)", 8) + "G"
        default: right("\(value / 1_000_000_000_000)", 8) + "T"
        }
    }

    private static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.utf8.count)) + text
    }
}

extension TableText {
    /// The services in the order in which they are listed.
    package static func order(_ table: Table) -> [ServiceIdentity] { sorted(table).map(\.key) }

    /// A scheduler's flags, as `ipvsadm -b` takes them, and `ops` for one-packet scheduling.
    package static func flags(_ options: ServiceOptions) -> [String] {
        schedulerFlags(options) + (options.flags & ServiceOptions.onePacket != 0 ? ["ops"] : [])
    }

    /// What `ipvsadm -R` reads back: the rules, with the thresholds that `ipvsadm -S` leaves out.
    package static func saved(_ table: Table) -> [String] {
        sorted(table).flatMap { identity, service in
            [rule(identity, service.options)]
                + sorted(service).map { server, options in
                    var text = rule(identity, server, options)
                    if options.upperThreshold > 0 { text += " -x \(options.upperThreshold)" }
                    if options.lowerThreshold > 0 { text += " -y \(options.lowerThreshold)" }
                    return text
                }
        }
    }

    /// The head of `ipvsadm -Lnc`.
    package static let connectionTitle = [
        "IPVS connection entries",
        "pro expire state       source             virtual            destination",
    ]

    /// One line of `ipvsadm -Lnc`.
    package static func line(_ connection: Connection) -> String {
        let name =
            switch connection.protocolNumber {
            case 6: "TCP"
            case 17: "UDP"
            case 132: "SCTP"
            default: "IP"
            }
        let seconds = connection.expires % 60
        let expires = two(connection.expires / 60) + ":" + two(seconds)
        return padded(name, 3) + " " + padded(expires, 6) + " " + padded(connection.stateWord, 11) + " "
            + padded("\(connection.client)", 18) + " " + padded("\(connection.service)", 18) + " \(connection.server)"
    }

    private static func two(_ number: UInt32) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
