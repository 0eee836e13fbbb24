package import Addresses
package import Settings

/// The way that clients' packets take to one server, and the virtual addresses that it should take for its own.
package struct DataPath: Hashable, Sendable {
    /// Where packets are sent.
    package var server: IPAddress
    /// Absent: direct routing.
    package var tunnel: TunnelSettings?
    /// Virtual addresses, each once and with one TCP port that is listened on.
    package var targets: [Endpoint]

    package init(server: IPAddress, tunnel: TunnelSettings?, targets: [Endpoint]) {
        self.server = server
        self.tunnel = tunnel
        self.targets = targets
    }
}

extension DataPath {
    /// Of one server of a service. nil: its check does not go the clients' way, or no client's packet reaches it.
    package init?(_ service: ServiceSettings, _ server: ServerSettings) {
        guard service.check.usesDataPath, server.forwarding != .nat else { return nil }
        let reach = Reach(service)
        var targets: [Endpoint] = []
        for case .endpoint(.tcp, let listen) in service.listens
        where reach.holds(server, behind: listen.address.family) {
            guard !targets.contains(where: { $0.address == listen.address }) else { continue }
            let port = listen.port > 0 ? listen.port : service.check.port ?? server.endpoint.port
            targets.append(Endpoint(address: listen.address, port: port))
        }
        guard !targets.isEmpty else { return nil }
        self.init(
            server: server.endpoint.address,
            tunnel: server.forwarding == .tun ? server.tunnel ?? TunnelSettings() : nil, targets: targets)
    }
}
