package import Control

/// Services and servers as tables for people.
package enum ServicesText {
    /// One line a service.
    package static func services(_ services: [ServiceStatus], style: Style = .plain) -> String {
        var table = TextTable([
            ("SERVICE", .left), ("GROUP", .left), ("LISTEN", .left), ("SCHEDULER", .left), ("SERVERS UP", .right),
            ("QUORUM", .left),
        ])
        for service in services {
            let colour: Style.Colour = service.up == service.total ? .green : service.up == 0 ? .red : .yellow
            table.add([
                .init(service.name, .bold), .init(service.group ?? ""), .init(listen(service)),
                .init(service.scheduler), .init("\(service.up) of \(service.total)", colour),
                .init(quorum(service.quorum), service.quorum?.isThere == false ? .red : nil),
            ])
        }
        return table.text(style) + withdrawals(services, style)
    }

    /// One line an address that is on no director.
    private static func withdrawals(_ services: [ServiceStatus], _ style: Style) -> String {
        let lines = services.flatMap { service -> [String] in
            guard let withdrawn = service.withdrawn else { return [] }
            return withdrawn.addresses.map { "\($0) \(style.paint("withdrawn", .yellow)): \(withdrawn.reason)\n" }
        }
        let others = lines.count - overviewLimit
        return lines.prefix(overviewLimit).joined() + (others > 0 ? "and \(others) addresses more are withdrawn\n" : "")
    }

    /// One line a server.
    package static func servers(_ services: [ServiceStatus], now: Int64, style: Style = .plain) -> String {
        serverTable(services, now: now).text(style)
    }

    /// How many services and servers an overview shows.
    private static let overviewLimit = 20

    /// The services, those that lack servers first, and the servers that are not up: a page's worth of each.
    static func overview(_ services: [ServiceStatus], now: Int64, style: Style) -> String {
        let lacking = services.filter { $0.up < $0.total }
        let sorted = services.count > overviewLimit ? lacking + services.filter { $0.up == $0.total } : services
        let failing = lacking.map { service in
            var service = service
            service.servers.removeAll { $0.verdict == .up && $0.isPlain }
            return service
        }
        let servers = serverTable(failing, now: now)
        return Self.services(Array(sorted.prefix(overviewLimit)), style: style)
            + more(services.count - overviewLimit, "services")
            + (servers.isEmpty ? "" : "\n" + servers.text(style, limit: overviewLimit))
            + more(servers.count - overviewLimit, "servers")
    }

    private static func more(_ count: Int, _ things: String) -> String {
        count > 0 ? "and \(count) more: 'tandem \(things)' lists all\n" : ""
    }

    private static func serverTable(_ services: [ServiceStatus], now: Int64) -> TextTable {
        var table = TextTable([
            ("SERVER", .left), ("SERVICE", .left), ("FORWARD", .left), ("WEIGHT", .right), ("ACTIVE", .right),
            ("INACTIVE", .right), ("VERDICT", .left), ("FOR", .right), ("WHY", .left),
        ])
        for service in services {
            for server in service.servers {
                table.add([
                    .init(server.endpoint), .init(service.name), .init(server.forwarding),
                    .init(server.weightWords),
                    .init(server.active.map { "\($0)" } ?? ""), .init(server.inactive.map { "\($0)" } ?? ""),
                    .init(server.state, server.isPlain ? colour(server.verdict) : .yellow),
                    .init(server.since.map { Words.duration(now - $0) } ?? ""), .init(server.why(now: now)),
                ])
            }
        }
        return table
    }

    /// Nothing where there is none, and the column is left out where all have none.
    private static func quorum(_ quorum: QuorumStatus?) -> String {
        quorum.map { $0.isThere ? "\($0.wanted)" : "\($0.wanted), lost: \($0.tooFew)" } ?? ""
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

extension ServerStatus {
    /// Neither draining nor disputed.
    fileprivate var isPlain: Bool { drain == nil && isDisputed == nil }
}
