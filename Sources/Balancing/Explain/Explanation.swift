package import Addresses
internal import Settings

/// Where a kernel sends a flow, and why.
package struct Explanation: Sendable {
    /// What becomes of a packet of a connection that the kernel has already.
    package enum Present: Hashable, Sendable {
        /// To its server.
        case forwarded(Endpoint)
        /// Its server is gone: dropped without a word, until the connection is forgotten.
        case dropped
        /// Its server is gone: the connection is forgotten at its next packet.
        case forgotten
        /// It is over, and its next opening is a new connection.
        case reopened(Endpoint)
    }

    /// Why a new connection is none of ip_vs.
    package enum Passing: Hashable, Sendable {
        case noService
        /// From port 20: FTP's data comes from a server.
        case fromFTPData
        /// The service found has another port, and is not persistent.
        case notPersistent
    }

    package var flow: Flow
    package var match: Match?
    package var options: ServiceOptions?
    package var connection: Connection?
    /// Absent: the kernel has no connection of this flow, or it was not looked for.
    package var present: Present?
    package var key: TemplateKey?
    package var template: Connection?
    /// The server that the template keeps the client with; absent: none, or one that takes nothing any more.
    package var kept: Endpoint?
    /// Absent: a new connection is balanced.
    package var passing: Passing?
    /// Absent where nothing is balanced.
    package var scheduling: Scheduling?

    /// - Parameters:
    ///   - search: that has looked at all connections, or at none.
    package init(_ flow: Flow, in view: KernelView, found search: FlowSearch) {
        self.flow = flow
        let match = view.match(flow)
        self.match = match
        connection = search.connection
        present = search.connection.map { Self.present($0, match, view) }
        guard let match, let service = view.table.services[match.service] else {
            passing = .noService
            return
        }
        options = service.options
        key = view.template(of: flow, match)
        passing = Self.passing(flow, match, service.options)
        guard passing == nil else { return }
        template = search.template
        kept = search.template.flatMap { Self.server(of: $0, in: service) }.flatMap { server -> Endpoint? in
            let isQuiet = view.switches.expiresQuiescent && service.servers[server]?.weight == 0
            return isQuiet ? nil : server
        }
        scheduling = Scheduling(
            of: flow, service.options, family: match.service.family, servers: view.servers(of: match.service))
    }

    /// Where a new connection goes.
    package var fresh: Choice? { kept.map(Choice.certain) ?? scheduling?.choice }

    private static func passing(_ flow: Flow, _ match: Match, _ options: ServiceOptions) -> Passing? {
        if flow.client.port == 20 { return .fromFTPData }
        guard options.persistence == nil, case .endpoint(_, let endpoint) = match.service,
            endpoint.port != flow.target.port
        else { return nil }
        return .notPersistent
    }

    private static func present(_ connection: Connection, _ match: Match?, _ view: KernelView) -> Present {
        let service = match.flatMap { view.table.services[$0.service] }
        guard let service, let server = server(of: connection, in: service) else {
            return view.switches.expiresWithoutServer ? .forgotten : .dropped
        }
        let isOver = connection.kind == .tcp(.timeWait) || connection.kind == .tcp(.close)
        let isLeft = view.switches.expiresWithoutServer && service.servers[server]?.weight == 0
        let isControlled = service.options.persistence != nil
        if view.switches.reuse != 0, isOver && !isControlled || isLeft && connection.isTransportTCP {
            return .reopened(server)
        }
        return .forwarded(server)
    }

    /// A template of every port, and a server of every port, have 0 where others have a port.
    private static func server(of connection: Connection, in service: TableService) -> Endpoint? {
        if service.servers[connection.server] != nil { return connection.server }
        return service.servers.keys.filter { server in
            server.address == connection.server.address && (server.port == 0 || connection.server.port == 0)
        }.min()
    }
}

extension Connection {
    fileprivate var isTransportTCP: Bool {
        if case .tcp = kind { true } else { false }
    }
}
