import Addresses
import Agreement
import Balancing
import Settings
import Testing

@Suite struct AdviceTests {
    let web = tcp("192.0.2.10:80")
    let one = ServerKey(service: "web", server: endpoint("10.1.0.21:80"))
    let sorry = ServerKey(service: "web", server: endpoint("10.1.0.99:80"))

    private func settings(
        onDown: DownPolicy = .remove, check: CheckSettings = CheckSettings(), fallback: Fallback? = nil
    ) -> Settings {
        let directors = [DirectorSettings(name: "lb1", addresses: []), DirectorSettings(name: "lb2", addresses: [])]
        let server = ServerSettings(endpoint: one.server, forwarding: .dr, weight: 40)
        let service = ServiceSettings(
            name: "web", listens: [web], check: check, onDown: onDown, servers: [server], fallback: fallback)
        return Settings(pair: PairSettings(name: "edge", keys: "/k", directors: directors), services: [service])
    }

    /// The weights in the table, by server; one that is not there has none.
    private func weights(
        _ settings: Settings, isUp: Bool = true, _ advice: [ServerKey: Advice], _ words: [Override.Word] = []
    ) -> [Endpoint: UInt32] {
        var overrides = Overrides()
        for word in words {
            _ = overrides.say(Override(word, .init(address: one.server.address), director: "lb1", uid: 0, time: 0))
        }
        let table = desired(
            settings, verdicts: Verdicts([one: isUp]), overrides: overrides, advice: advice)
        return table.services[web]?.servers.mapValues(\.weight) ?? [:]
    }

    struct Row: Sendable {
        var advice: Advice
        var words: [Override.Word] = []
        /// Absent: it is not in the table.
        var weight: UInt32?
    }

    @Test(arguments: [
        Row(advice: Advice(), weight: 40), Row(advice: Advice(percent: 50), weight: 20),
        Row(advice: Advice(percent: 0), weight: 0), Row(advice: Advice(mode: .drain), weight: 0),
        Row(advice: Advice(mode: .maint)), Row(advice: Advice(state: .down)),
        Row(advice: Advice(percent: 50, state: .up), weight: 20),
    ])
    func `an agent's words become weights`(row: Row) {
        #expect(weights(settings(), [one: row.advice])[one.server] == row.weight)
        #expect(weights(settings(onDown: .quiesce), [one: row.advice])[one.server] == row.weight ?? 0)
        // An agent takes nothing up that its check sees down.
        #expect(weights(settings(), isUp: false, [one: row.advice]).isEmpty)
    }

    @Test(arguments: [
        Row(advice: Advice(percent: 50), words: [.weight(7)], weight: 7),
        Row(advice: Advice(mode: .drain), words: [.weight(7)], weight: 7),
        Row(advice: Advice(percent: 50), words: [.drain], weight: 0),
        Row(advice: Advice(mode: .ready), words: [.drain], weight: 0),
        Row(advice: Advice(percent: 50), words: [.weight(7), .original], weight: 20),
        Row(advice: Advice(mode: .drain), words: [.drain, .ready], weight: 0),
        Row(advice: Advice(state: .down), words: [.weight(7)]),
        Row(advice: Advice(mode: .maint), words: [.weight(7)]),
    ])
    func `an operator's words go before`(row: Row) {
        #expect(weights(settings(), [one: row.advice], row.words)[one.server] == row.weight)
    }

    @Test func `a fallback stands in for a server whose agent takes no connections`() {
        let server = ServerSettings(endpoint: sorry.server, forwarding: .dr)
        let settings = settings(fallback: .server(server))
        #expect(weights(settings, [one: Advice(percent: 1)]) == [one.server: 1])
        #expect(weights(settings, [one: Advice(mode: .maint)]) == [sorry.server: 1])
        #expect(weights(settings, [one: Advice(mode: .drain)]) == [one.server: 0, sorry.server: 1])
        #expect(weights(settings, [one: Advice(mode: .maint), sorry: Advice(mode: .drain)]) == [sorry.server: 0])
        #expect(weights(settings, [one: Advice(mode: .maint), sorry: Advice(state: .fail)]) == [:])
    }

    @Test func `a restarted director keeps a server that its agent drained`() {
        let settings = settings(check: CheckSettings(agent: AgentSettings(port: 9000)))
        let held = desired(settings, verdicts: Verdicts([one: true]), advice: [one: Advice(mode: .drain)])
        var verdicts = Verdicts()
        verdicts.assume(held, settings)
        #expect(verdicts[one] == true)
        var other = Verdicts()
        other.assume(held, self.settings())
        #expect(other[one] == nil)
    }
}
