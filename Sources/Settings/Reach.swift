package import Addresses

/// Which servers of a service stand behind which of its listens.
///
/// A server stands behind the listens of its own family. A tunnel can carry the other family too: it does where the
/// service does not listen in the server's own family, or has no server in the listen's.
package struct Reach: Sendable {
    private let listened: Set<AddressFamily>
    private let served: Set<AddressFamily>
    private let tunnelled: Set<AddressFamily>

    package init(_ service: ServiceSettings) {
        listened = Set(service.listens.map(\.family))
        served = Set(service.servers.map(\.endpoint.address.family))
        tunnelled = Set(service.servers.filter { $0.forwarding == .tun }.map(\.endpoint.address.family))
    }

    package func holds(_ server: ServerSettings, behind family: AddressFamily) -> Bool {
        let own = server.endpoint.address.family
        if own == family { return true }
        return server.forwarding == .tun && (!listened.contains(own) || !served.contains(family))
    }

    /// Whether any server stands behind the listens of a family.
    func isAnswered(_ family: AddressFamily) -> Bool {
        served.contains(family) || !tunnelled.isEmpty
    }
}
