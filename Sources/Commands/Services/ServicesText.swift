package import Control

/// Services and servers as tables for people.
package enum ServicesText {
    /// One line a service.
    package static func services(_ services: [ServiceStatus], style: Style = .plain) -> String {
        var table = TextTable([
            ("SERVICE", .left), ("GROUP", .left), ("LISTEN", .left), ("SCHEDULER", .left), ("SERVERS UP", .right),
        ])
        for service in services {
            let colour: Style.Colour = service.up == service.total ? .green : service.up == 0 ? .red : .yellow
            table.add([
                .init(service.name, .bold), .init(service.group ?? ""), .init(listen(service)),
                .init(service.scheduler), .init("\(service.up) of \(service.total)", colour),
            ])
        }
        return table.text(style)
    }

    /// One line a server.
    package static func servers(_ services: [ServiceStatus], now: Int64, style: Style = .plain) -> String {
        serverTable(services, now: now) { _ in true }.text(style)
    }

    /// The servers that are not up, below an empty line; empty if all are.
    static func failing(_ services: [ServiceStatus], now: Int64, style: Style) -> String {
        let text = serverTable(services, now: now) { $0.verdict != .up }.text(style)
        return text.isEmpty ? "" : "\n" + text
    }

    private static func serverTable(
        _ services: [ServiceStatus], now: Int64, where isWanted: (ServerStatus) -> Bool
    ) -> TextTable {
        var table = TextTable([
            ("SERVER", .left), ("SERVICE", .left), ("FORWARD", .left), ("WEIGHT", .right), ("VERDICT", .left),
            ("SINCE", .right), ("WHY", .left),
        ])
        for service in services {
            for server in service.servers where isWanted(server) {
                table.add([
                    .init(server.endpoint), .init(service.name), .init(server.forwarding), "\(server.weight)",
                    .init(server.verdict.rawValue, colour(server.verdict)),
                    .init(server.since.map { Words.duration(now - $0) } ?? ""), .init(server.reason ?? ""),
                ])
            }
        }
        return table
    }

    private static func listen(_ service: ServiceStatus) -> String {
        let others = service.listen.count - 2
        return service.listen.prefix(2).joined(separator: " ") + (others > 0 ? " and \(others) more" : "")
    }

    private static func colour(_ verdict: ServerStatus.Verdict) -> Style.Colour {
        switch verdict {
        case .up: .green
        case .down: .red
        case .unknown: .yellow
        }
    }
}
