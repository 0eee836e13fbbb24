import Addresses
import Agreement
import Balancing
import Settings
import Testing

/// The table of a service that lacks its quorum.
@Suite struct ShortageTests {
    let listen = tcp("192.0.2.10:80")
    let sorry = ServerSettings(endpoint: endpoint("10.1.0.99:80"), forwarding: .nat)

    private func key(_ number: Int) -> ServerKey { ServerKey(service: "web", server: endpoint("10.1.0.2\(number):80")) }

    /// The weights of the servers 1 to 3, of which the first alone is up, and of the fallback.
    private func weights(
        _ shortage: Shortage?, fallback: Bool = true, fallbackIsUp: Bool? = nil, onDown: DownPolicy = .remove,
        overrides: Overrides = Overrides(), advice: [ServerKey: Advice] = [:]
    ) -> [UInt32?] {
        let directors = [DirectorSettings(name: "lb1", addresses: []), DirectorSettings(name: "lb2", addresses: [])]
        let service = ServiceSettings(
            name: "web", listens: [listen], onDown: onDown,
            servers: (1...3).map { ServerSettings(endpoint: key($0).server, forwarding: .nat, weight: UInt32($0) + 1) },
            fallback: fallback ? .server(sorry) : nil)
        let settings = Settings(
            pair: PairSettings(name: "edge", keys: "/k", directors: directors), services: [service])
        var verdicts = Verdicts([key(1): true, key(2): false, key(3): false])
        verdicts[ServerKey(service: "web", server: sorry.endpoint)] = fallbackIsUp
        let table = desired(
            settings, verdicts: verdicts, overrides: overrides, advice: advice,
            shortages: shortage.map { ["web": $0] } ?? [:])
        let servers = table.services[listen]?.servers ?? [:]
        return ((1...3).map { key($0).server } + [sorry.endpoint]).map { servers[$0]?.weight }
    }

    @Test func `with all every server takes connections, with keep those that are kept and those that are up`() {
        #expect(weights(nil) == [2, nil, nil, nil])
        #expect(weights(.all) == [2, 3, 4, nil])
        #expect(weights(.kept([key(3)])) == [2, nil, 4, nil])
        #expect(weights(.kept([]), onDown: .quiesce) == [2, 0, 0, nil])
    }

    @Test func `the fallback answers alone, and what is connected to a server that is up may finish`() {
        #expect(weights(.fallback) == [0, nil, nil, 1])
        #expect(weights(.fallback, onDown: .quiesce) == [0, 0, 0, 1])
    }

    @Test func `what is withdrawn has the table of its verdicts, so that it is right when the address is back`() {
        for onDown in DownPolicy.allCases {
            #expect(weights(.withdrawn, onDown: onDown) == weights(nil, onDown: onDown))
        }
    }

    @Test func `a fallback that is down, drains or is not there leaves the servers that are up`() {
        #expect(weights(.fallback, fallback: false) == [2, nil, nil, nil])
        #expect(weights(.fallback, fallbackIsUp: false) == [2, nil, nil, nil])
        let drain = Override(.drain, .init(address: sorry.endpoint.address), director: "lb1", uid: 0, time: 0)
        var overrides = Overrides()
        #expect(overrides.say(drain) != nil)
        #expect(weights(.fallback, overrides: overrides) == [2, nil, nil, 0])
    }

    @Test func `drains and maintenance go before a shortage`() {
        var overrides = Overrides()
        let drain = Override(.drain, .init(address: key(2).server.address), director: "lb1", uid: 0, time: 0)
        #expect(overrides.say(drain) != nil)
        let advice = [key(3): Advice(mode: .maint)]
        #expect(weights(.all, overrides: overrides, advice: advice) == [2, 0, nil, nil])
    }
}
