package import Addresses

/// Which servers of a service stand behind which of its listens.
///
/// A server stands behind the listens of its own family. A tunnel can carry the other family too: it does where the
/// service does not listen in the server's own family, or has no server in the listen's.
package struct Reach: Sendable {
    private var listened = Families()
    private var served = Families()
    private var hasTunnel = false

    /// A set without an allocation: one is made for every service of every table.
    private struct Families {
        private var hasV4 = false
        private var hasV6 = false

        func contains(_ family: AddressFamily) -> Bool { family == .v4 ? hasV4 : hasV6 }

        mutating func insert(_ family: AddressFamily) {
            if family == .v4 { hasV4 = true } else { hasV6 = true }
        }
    }

    package init(_ service: ServiceSettings) {
        for listen in service.listens { listened.insert(listen.family) }
        for server in service.servers {
            served.insert(server.endpoint.address.family)
            if server.forwarding == .tun { hasTunnel = true }
        }
    }

    package func holds(_ server: ServerSettings, behind family: AddressFamily) -> Bool {
        let own = server.endpoint.address.family
        if own == family { return true }
        return server.forwarding == .tun && (!listened.contains(own) || !served.contains(family))
    }

    /// Whether the service listens on anything of a family.
    func listens(in family: AddressFamily) -> Bool { listened.contains(family) }

    /// Whether any server stands behind the listens of a family.
    func isAnswered(_ family: AddressFamily) -> Bool {
        served.contains(family) || hasTunnel
    }
}
