package import Addresses
package import Settings

/// The way that clients' packets take to one server, and the virtual addresses that it should take for its own.
package struct DataPath: Hashable, Sendable {
    /// A virtual address with a port that is listened on.
    package struct Target: Hashable, Sendable {
        /// With udp it is asked what the check asks, with tcp for a connection.
        package var transport: TransportProtocol
        package var endpoint: Endpoint

        package init(_ transport: TransportProtocol, _ endpoint: Endpoint) {
            self.transport = transport
            self.endpoint = endpoint
        }
    }

    /// Where packets are sent.
    package var server: IPAddress
    /// Absent: direct routing.
    package var tunnel: TunnelSettings?
    /// Virtual addresses, each once over each protocol.
    package var targets: [Target]

    package init(server: IPAddress, tunnel: TunnelSettings?, targets: [Target]) {
        self.server = server
        self.tunnel = tunnel
        self.targets = targets
    }
}

extension DataPath {
    /// Of one server of a service. nil: its check does not go the clients' way, or no client's packet reaches it.
    package init?(_ service: ServiceSettings, _ server: ServerSettings) {
        let check = service.check(of: server)
        guard check.usesDataPath, server.forwarding != .nat else { return nil }
        let reach = Reach(service)
        var targets: [Target] = []
        for case .endpoint(let transport, let listen) in service.listens
        where transport == .tcp || transport == .udp && check.kind.asksInDataPath {
            let isKnown = targets.contains { $0.transport == transport && $0.endpoint.address == listen.address }
            guard reach.holds(server, behind: listen.address.family), !isKnown else { continue }
            let port = listen.port > 0 ? listen.port : check.port ?? server.endpoint.port
            targets.append(Target(transport, Endpoint(address: listen.address, port: port)))
        }
        guard !targets.isEmpty else { return nil }
        self.init(
            server: server.endpoint.address,
            tunnel: server.forwarding == .tun ? server.tunnel ?? TunnelSettings() : nil, targets: targets)
    }
}
