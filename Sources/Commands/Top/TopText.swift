/// A page of `tandem top`.
package enum TopText {
    /// - Parameter height: lines of the terminal; absent: as many as there are.
    package static func page(_ traffic: Traffic, height: Int? = nil, style: Style = .plain) -> String {
        var table = TextTable([
            ("SERVICE", .left), ("SERVER", .left), ("WEIGHT", .right), ("ACTIVE", .right), ("INACTIVE", .right),
            ("CONN/S", .right), ("PKT/S IN", .right), ("PKT/S OUT", .right), ("BYTE/S IN", .right),
            ("BYTE/S OUT", .right),
        ])
        for service in traffic.services {
            let name = service.name.map { "\($0) \(service.listen)" } ?? service.listen
            table.add(
                [.init(name, .bold), "", "", "\(service.active)", "\(service.inactive)"] + cells(service.perSecond))
            for server in service.servers {
                table.add(
                    ["", .init(server.endpoint), "\(server.weight)", "\(server.active)", "\(server.inactive)"]
                        + cells(server.perSecond))
            }
        }
        guard !table.isEmpty else { return "The kernel has no services.\n" }
        // Two lines for the headings and for what is left out.
        let limit = height.map { max(1, $0 - 3) } ?? .max
        let others = table.count - min(table.count, limit)
        return table.text(style, limit: limit)
            + (others > 0 ? "and \(others) more lines: 'tandem top --once' has all\n" : "")
    }

    private static func cells(_ flowing: Flowing) -> [TextTable.Cell] {
        [flowing.connections, flowing.packetsIn, flowing.packetsOut, flowing.bytesIn, flowing.bytesOut].map {
            .init(number($0))
        }
    }

    /// Three digits and a letter for thousands: `0`, `0.4`, `12`, `999`, `1.23K`, `45.6M`.
    package static func number(_ value: Double) -> String {
        guard value > 0 else { return "0" }
        if value < 9.95 { return trimmed(value, 10) }
        if value < 999.5 { return "\(Int(value.rounded()))" }
        var (rest, unit) = (value / 1000, 0)
        let units = ["K", "M", "G", "T"]
        while rest >= 999.5, unit < units.count - 1 { (rest, unit) = (rest / 1000, unit + 1) }
        let text =
            rest < 9.995 ? trimmed(rest, 100) : rest < 99.95 ? trimmed(rest, 10) : "\(Int(min(rest, 1e15).rounded()))"
        return text + units[unit]
    }

    /// Without needless zeros, and never 0 for what is not.
    private static func trimmed(_ value: Double, _ parts: Double) -> String {
        let rounded = max(1, (value * parts).rounded()) / parts
        return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }
}
