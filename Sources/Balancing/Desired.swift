package import Addresses
package import Settings

/// What is known of the servers: up, down, or nothing yet.
package struct Verdicts: Hashable, Sendable {
    private var isUp: [ServerKey: Bool]

    package init(_ isUp: [ServerKey: Bool] = [:]) {
        self.isUp = isUp
    }

    /// nil: no result yet.
    package subscript(server: ServerKey) -> Bool? {
        get { isUp[server] }
        set { isUp[server] = newValue }
    }
}

extension Verdicts {
    /// Of a server without a result, believes what the kernel's table says: an earlier life of this director put it
    /// there, and its clients must not suffer from a restart.
    package mutating func assume(_ held: Table, _ settings: Settings) {
        for service in settings.services {
            for server in service.servers {
                let key = ServerKey(service: service.name, server: server.endpoint)
                guard self[key] == nil else { continue }
                let isHeld = service.listens.contains { listen in
                    (held.services[listen]?.servers[target(of: server, on: listen)]?.weight ?? 0) > 0
                }
                if isHeld { self[key] = true }
            }
        }
    }
}

/// The table that both directors should hold.
///
/// - A service with several listens makes as many services of the table, each with the servers of its own family.
/// - A server without a result counts as down, since a guess would send clients into a hole (`assume` lets an earlier
///   life's table count); a service whose check is
///   `none` is not looked at and its servers are up.
/// - A down server is absent, or has weight 0 where the service says `quiesce`.
/// - With no server of a service up, its fallback stands in with weight 1, unless that one is known to be down.
package func desired(_ settings: Settings, verdicts: Verdicts) -> Table {
    var table = Table()
    for service in settings.services {
        for listen in service.listens {
            table.services[listen] = TableService(
                options: ServiceOptions(scheduler: service.scheduler.rawValue, persistence: service.persistence),
                servers: servers(of: service, on: listen, verdicts))
        }
    }
    return table
}

/// The services that these settings make, whatever their servers.
package func identities(_ settings: Settings) -> Set<ServiceIdentity> {
    Set(settings.services.flatMap(\.listens))
}

private func servers(
    of service: ServiceSettings, on listen: Listen, _ verdicts: Verdicts
) -> [Endpoint: ServerOptions] {
    var servers: [Endpoint: ServerOptions] = [:]
    var isOneUp = false
    for server in service.servers where server.endpoint.address.family == listen.family {
        let isUp =
            service.check.kind == .none || verdicts[ServerKey(service: service.name, server: server.endpoint)] == true
        isOneUp = isOneUp || isUp
        guard isUp || service.onDown == .quiesce else { continue }
        let options = ServerOptions(forwarding: server.forwarding, weight: isUp ? server.weight : 0)
        servers.merge([target(of: server, on: listen): options]) { $0.weight >= $1.weight ? $0 : $1 }
    }
    if !isOneUp, let (endpoint, options) = fallback(of: service, on: listen, verdicts) { servers[endpoint] = options }
    return servers
}

/// Direct routing and tunnels do not change a packet's port, so the kernel's server has the service's port; what the
/// configuration gives is where its check knocks.
package func target(of server: ServerSettings, on listen: Listen) -> Endpoint {
    guard server.forwarding != .nat, case .endpoint(_, let own) = listen else { return server.endpoint }
    return Endpoint(address: server.endpoint.address, port: own.port)
}

private func fallback(
    of service: ServiceSettings, on listen: Listen, _ verdicts: Verdicts
) -> (Endpoint, ServerOptions)? {
    switch service.fallback {
    case nil: return nil
    case .local?:
        // Direct routing to the loopback address is delivered here; nat to it times out.
        let port: UInt16 = if case .endpoint(_, let own) = listen { own.port } else { 0 }
        return (
            Endpoint(address: .loopback(listen.family), port: port), ServerOptions(forwarding: .dr, weight: 1)
        )
    case .server(let server)?:
        guard server.endpoint.address.family == listen.family,
            verdicts[ServerKey(service: service.name, server: server.endpoint)] != false
        else { return nil }
        return (target(of: server, on: listen), ServerOptions(forwarding: server.forwarding, weight: 1))
    }
}

extension IPAddress {
    fileprivate static func loopback(_ family: AddressFamily) -> IPAddress {
        switch family {
        case .v4: .v4(IPv4Address(number: 0x7F00_0001))
        case .v6: .v6(IPv6Address(high: 0, low: 1))
        }
    }
}
