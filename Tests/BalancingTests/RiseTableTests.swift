import Addresses
import Agreement
import Balancing
import RandomTables
import Settings
import Simulation
import Testing

/// The table while servers rise.
@Suite struct RiseTableTests {
    let listen = tcp("192.0.2.10:80")
    let key = ServerKey(service: "web", server: endpoint("10.1.0.21:80"))
    let half = WeightShare(part: 1, whole: 2)

    private func weight(
        _ overrides: Overrides = Overrides(), advice: Advice? = nil, shortage: Shortage? = nil
    ) -> UInt32? {
        let service = ServiceSettings(
            name: "web", listens: [listen],
            servers: [ServerSettings(endpoint: key.server, forwarding: .nat, weight: 9)])
        let directors = [DirectorSettings(name: "lb1", addresses: []), DirectorSettings(name: "lb2", addresses: [])]
        let settings = Settings(
            pair: PairSettings(name: "edge", keys: "/k", directors: directors), services: [service])
        let table = desired(
            settings, verdicts: Verdicts([key: true]), overrides: overrides, advice: advice.map { [key: $0] } ?? [:],
            shortages: shortage.map { ["web": $0] } ?? [:], shares: [key: half])
        return table.services[listen]?.servers[key.server]?.weight
    }

    private func said(_ word: Override.Word) -> Overrides {
        var overrides = Overrides()
        _ = overrides.say(Override(word, .init(address: key.server.address), director: "lb1", uid: 0, time: 0))
        return overrides
    }

    @Test func `drains, an operator's weight, an agent's and a shortage go before a slow start`() {
        #expect(weight() == 4)
        #expect(weight(said(.drain)) == 0)
        #expect(weight(said(.weight(7))) == 7)
        #expect(weight(advice: Advice(percent: 50)) == 4 && weight(advice: Advice(fixed: 8)) == 8)
        #expect(weight(advice: Advice(percent: 100)) == 4 && weight(advice: Advice(mode: .drain)) == 0)
        #expect(weight(shortage: .all) == 9)
    }

    @Test func `a table on its way counts as the whole one, and nothing else does`() {
        var random = SplitMix64(seed: 3)
        for _ in 0..<500 {
            let whole = TablePair(few: &random).held
            var wanted = whole
            for service in wanted.services.keys {
                let servers = wanted.services[service]?.servers.keys.map { $0 } ?? []
                for server in servers where Bool.random(using: &random) {
                    wanted.services[service]?.servers[server]?.weight /= 2
                }
            }
            #expect(wanted.risen(from: wanted, to: whole) == whole)
            #expect(whole.risen(from: wanted, to: whole) == whole)
            #expect(Table().risen(from: wanted, to: whole) == Table())
            var strange = wanted
            guard let service = strange.services.keys.first, let server = strange.services[service]?.servers.keys.first
            else { continue }
            strange.services[service]?.servers[server]?.weight = 77_777
            #expect(strange.risen(from: wanted, to: whole) != whole)
        }
    }
}
