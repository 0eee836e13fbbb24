package import Addresses
package import Balancing

/// A table as the kernel gave it, with what only the kernel knows.
package struct ReadTable: Hashable, Sendable {
    package var table = Table()
    /// Of each service that was there.
    package var services: [ServiceIdentity: ReadService] = [:]

    package init() {}

    /// Nil where no such server was read.
    package func server(_ server: Endpoint, of service: ServiceIdentity) -> ReadServer? { services[service]?[server] }

    /// As listings of the table need it.
    package var counts: TableText.Counts {
        TableText.Counts(
            connections: { server($1, of: $0)?.connections ?? .init() },
            statistics: { service, endpoint in
                guard let endpoint else { return services[service]?.statistics ?? Statistics() }
                return server(endpoint, of: service)?.statistics ?? Statistics()
            })
    }

    /// As explanations of flows need it.
    package var view: KernelView {
        KernelView(
            table: table, order: services.mapValues { $0.servers.map(\.endpoint) },
            connections: services.mapValues { service in
                Dictionary(service.servers.map { ($0.endpoint, $0.connections) }) { first, _ in first }
            })
    }
}

/// One service of a table that was read.
package struct ReadService: Hashable, Sendable {
    /// As it stood in the table.
    package let service: TableService
    /// All its servers together.
    package let statistics: Statistics
    /// As the kernel lists them, the newest first: its schedulers walk that list.
    package let servers: [ReadServer]
    private let positions: [Endpoint: Int]

    /// - Parameter before: the same service at the reading before: what has not changed is not made anew.
    init(_ options: ServiceOptions, _ servers: [ReadServer], _ statistics: Statistics, before: ReadService?) {
        self.servers = servers
        self.statistics = statistics
        if let before, before.service.options == options, before.servers.elementsEqual(servers, by: { $0.isLike($1) }) {
            (service, positions) = (before.service, before.positions)
        } else {
            let held = Dictionary(servers.map { ($0.endpoint, $0.options) }) { first, _ in first }
            service = TableService(options: options, servers: held)
            positions = Dictionary(zip(servers.map(\.endpoint), servers.indices)) { first, _ in first }
        }
    }

    package subscript(server: Endpoint) -> ReadServer? { positions[server].map { servers[$0] } }
}

/// One server of a service that was read.
package struct ReadServer: Hashable, Sendable {
    package var endpoint: Endpoint
    package var options: ServerOptions
    package var connections: TableText.Connections
    /// Zeros where nobody asked for them.
    package var statistics: Statistics

    fileprivate func isLike(_ other: ReadServer) -> Bool { endpoint == other.endpoint && options == other.options }
}
