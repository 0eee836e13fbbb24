package import Addresses
package import Netlink
package import Settings

/// What the services of a configuration ask of one server: which virtual addresses it has to have, and which tunnels
/// end at it.
package struct ServerDuty: Hashable, Sendable {
    /// One end of tunnels.
    package struct End: Hashable, Sendable {
        package var kind: TunnelDevice.Kind
        /// The server's own address.
        package var local: IPAddress
        package var hasChecksum: Bool

        package init(kind: TunnelDevice.Kind, local: IPAddress, hasChecksum: Bool = false) {
            self.kind = kind
            self.local = local
            self.hasChecksum = hasChecksum
        }
    }

    /// The addresses under which the configuration knows this machine, sorted.
    package var servers: [IPAddress] = []
    /// The services that it is a server of, in the order of the file.
    package var services: [String] = []
    /// Each with the ends of the tunnels that its packets come out of; none of those with direct routing alone.
    package var virtual: [IPAddress: Set<End>] = [:]
    package var listeners: Set<GUEListener> = []
    /// Own addresses to which packets come as they are, by direct routing.
    package var direct: Set<IPAddress> = []
    /// Services whose director translates destinations alone: the server needs nothing but the way back.
    package var translated: [String] = []
    /// The addresses that move with groups: ways back for translated services.
    package var routers: Set<IPAddress> = []
    /// What the file does not say.
    package var problems: [String] = []

    /// Nothing is asked of this machine.
    package init() {}

    package init(_ settings: Settings, servers own: Set<IPAddress>) {
        for service in settings.services {
            for server in service.allServers where own.contains(server.endpoint.address) {
                add(service, server, settings)
            }
        }
        servers.sort()
    }

    private mutating func add(_ service: ServiceSettings, _ server: ServerSettings, _ settings: Settings) {
        let local = server.endpoint.address
        if !servers.contains(local) { servers.append(local) }
        if services.last != service.name { services.append(service.name) }
        guard server.forwarding != .nat else {
            if service.isMasqueraded { return }
            if translated.last != service.name { translated.append(service.name) }
            routers = Set(settings.groups.flatMap(\.addresses).map(\.prefix.address))
            return
        }
        if server.forwarding == .dr { direct.insert(local) }
        let reach = Reach(service)
        for listen in service.listens where reach.holds(server, behind: listen.family) {
            let ends = server.forwarding == .tun ? [end(of: server, for: listen.family)] : []
            if server.forwarding == .tun, let port = server.tunnel?.port {
                listeners.insert(GUEListener(port: port, family: local.family))
            }
            let addresses = settings.addresses(of: listen, service)
            if addresses.isEmpty { problems.append(Self.unknownAddresses(of: service, listen)) }
            for address in addresses { virtual[address, default: []].formUnion(ends) }
        }
    }

    /// What comes out of GUE is a tunnel of IPs.
    private func end(of server: ServerSettings, for inner: AddressFamily) -> End {
        let local = server.endpoint.address
        let hasChecksum = server.tunnel?.checksum == .full
        switch (server.tunnel?.kind ?? .ipip, local.family) {
        case (.gre, .v4): return End(kind: .gre, local: local, hasChecksum: hasChecksum)
        case (.gre, .v6): return End(kind: .ip6gre, local: local, hasChecksum: hasChecksum)
        case (_, .v4): return End(kind: inner == .v4 ? .ipip : .sit, local: local)
        case (_, .v6): return End(kind: .ip6tnl, local: local)
        }
    }

    private static func unknownAddresses(of service: ServiceSettings, _ listen: Listen) -> String {
        "service \(service.name) listens on \(listen), and the file does not say for which addresses; give it a group"
    }
}

extension ServiceSettings {
    fileprivate var allServers: [ServerSettings] {
        if case .server(let server)? = fallback { servers + [server] } else { servers }
    }
}

extension Settings {
    /// A mark is for the addresses of its service's group.
    fileprivate func addresses(of listen: Listen, _ service: ServiceSettings) -> [IPAddress] {
        switch listen {
        case .endpoint(_, let endpoint): [endpoint.address]
        case .mark(_, let family):
            groups.filter { $0.name == service.group }.flatMap(\.addresses).map(\.prefix.address)
                .filter { $0.family == family }
        }
    }

    /// The addresses of all servers, a fallback's as well.
    package var serverAddresses: Set<IPAddress> {
        Set(services.flatMap(\.allServers).map(\.endpoint.address))
    }
}
