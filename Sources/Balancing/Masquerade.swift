package import Addresses
package import Settings

/// Whose packets get the director's own address as their source on the way to their servers, so that answers come back
/// to the director whatever way the servers have to clients: `masquerade: true`, of servers that are reached by nat.
///
/// It does not depend on verdicts: who is not in the kernel's table of IPVS gets no packets.
package struct Masquerade: Hashable, Sendable {
    /// What masqueraded services listen on.
    package private(set) var listens: Set<ServiceIdentity> = []
    /// What others listen on whose packets would be taken for theirs: those with a mark, which the kernel looks at
    /// first, and those with one port of an address of which a masqueraded service has all others.
    package private(set) var others: Set<ServiceIdentity> = []
    /// The servers' addresses. Direct routing and tunnels do not send packets with these as their destination.
    package private(set) var servers: Set<IPAddress> = []

    package init(_ settings: Settings) {
        var plain: [ServiceIdentity] = []
        for service in settings.services {
            let translated = service.isMasqueraded ? service.translatedServers : []
            let families = Set(translated.map(\.family))
            servers.formUnion(translated)
            for listen in service.listens {
                if families.contains(listen.family) { listens.insert(listen) } else { plain.append(listen) }
            }
        }
        guard !isEmpty else { return }
        others = Set(plain.filter { isInTheWay($0) })
    }

    package var isEmpty: Bool { listens.isEmpty }

    private func isInTheWay(_ listen: ServiceIdentity) -> Bool {
        switch listen {
        case .mark: true
        case .endpoint(let transport, let endpoint):
            listens.contains(.endpoint(transport, Endpoint(address: endpoint.address, port: 0)))
        }
    }
}

extension ServiceSettings {
    /// Addresses of the servers that are reached by nat, a fallback's as well.
    fileprivate var translatedServers: [IPAddress] {
        var all = servers
        if case .server(let server)? = fallback { all.append(server) }
        return all.filter { $0.forwarding == .nat }.map(\.endpoint.address)
    }
}
