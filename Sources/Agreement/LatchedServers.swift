import Settings

/// The servers of each of which both directors remember something, under a mark of its own.
///
/// Terms are what the configuration says about how it is remembered.
struct LatchedServers<Terms: Sendable>: Sendable {
    struct Place: Sendable {
        /// What the server's latch is called between the directors.
        var mark: UInt64
        /// Of the group whose holder decides; absent: no group's address is listened on.
        var group: Int?
        var terms: Terms
    }

    private var places: [ServerKey: Place] = [:]
    private var servers: [UInt64: ServerKey] = [:]
    /// Those about which something was decided since all was settled last.
    private var unsettled: Set<ServerKey> = []

    /// - Parameters:
    ///   - subject: what is remembered, as in "return of": part of the marks, so the same on both directors.
    ///   - choice: the servers of a service of which that is.
    init(
        _ settings: Settings, _ subject: String,
        of choice: (ServiceSettings) -> [(server: ServerSettings, terms: Terms)]
    ) {
        for service in settings.services {
            let chosen = choice(service)
            guard !chosen.isEmpty else { continue }
            let group = settings.groups.firstIndex { $0.name == service.group }
            for (server, terms) in chosen {
                let key = ServerKey(service: service.name, server: server.endpoint)
                let mark = textDigest("\(subject) \(server.endpoint) of \(service.name)")
                places[key] = Place(mark: mark, group: group, terms: terms)
                servers[mark] = key
            }
        }
    }

    var isEmpty: Bool { places.isEmpty }

    /// In no order.
    var all: some Collection<ServerKey> { places.keys }

    /// In no order.
    var marks: [UInt64] { places.values.map(\.mark) }

    /// nil: of this server nothing is remembered.
    subscript(server: ServerKey) -> Place? { places[server] }

    /// Those that these marks are about; of others nothing is remembered here.
    func servers(_ marks: some Sequence<UInt64>) -> [ServerKey] { marks.compactMap { servers[$0] } }

    /// Something was decided about a server that is among these.
    mutating func decide(on server: ServerKey) { unsettled.insert(server) }

    /// Those that have to be settled now; after that they are.
    mutating func concerned(_ scope: Scope) -> Set<ServerKey> {
        defer { unsettled = [] }
        return scope == .all ? Set(places.keys) : unsettled.union(servers(scope.marks))
    }
}
