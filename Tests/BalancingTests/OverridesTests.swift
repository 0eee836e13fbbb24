import Addresses
import Balancing
import Settings
import Simulation
import Testing

@Suite struct OverridesTests {
    private func scope(_ server: String, _ service: String? = nil) -> Override.Scope {
        guard let scope = Override.Scope(server: server, service: service) else { preconditionFailure(server) }
        return scope
    }

    private func word(_ word: Override.Word, _ server: String, _ service: String? = nil, at director: String = "lb1")
        -> Override
    {
        Override(word, scope(server, service), director: director, uid: 0, time: 0)
    }

    private func key(_ server: String, _ service: String = "web") -> ServerKey {
        ServerKey(service: service, server: endpoint(server))
    }

    @Test(arguments: ["10.1.0.21", "10.1.0.21:80", "2001:db8::21", "[2001:db8::21]:80"])
    func `reads a server as it writes it`(text: String) {
        #expect(scope(text).server == text)
        #expect(scope(text, "web").description == "\(text) of web")
    }

    @Test(arguments: ["", "10.1.0.256", "10.1.0.21:", "10.1.0.21:99999", "[10.1.0.21", "web1", "10.1.0.0/24"])
    func `refuses what is no server`(text: String) {
        #expect(Override.Scope(server: text) == nil)
    }

    @Test func `takes an address in brackets`() { #expect(scope("[2001:db8::21]") == scope("2001:db8::21")) }

    @Test(arguments: [Override.Word.drain, .ready, .weight(0), .weight(2_147_483_647), .original])
    func `reads a word as it writes it`(word: Override.Word) {
        #expect(Override.Word("\(word)") == word)
    }

    @Test(arguments: ["", "drain 5", "weight", "weight 2147483648", "weight 05", "weight -1", "weight  5", "stop"])
    func `refuses what is no word`(text: String) {
        #expect(Override.Word(text) == nil)
    }

    @Test func `the newest word about a server counts, and drains and weights are two matters`() {
        var overrides = Overrides()
        #expect(overrides.say(word(.drain, "10.1.0.21"))?.stamp == 1)
        #expect(overrides.say(word(.weight(5), "10.1.0.21:80", "web"))?.stamp == 2)
        #expect(overrides.drain(of: key("10.1.0.21:80")) != nil && overrides.drain(of: key("10.1.0.21:81")) != nil)
        #expect(overrides.weight(of: key("10.1.0.21:80"))?.word == .weight(5))
        #expect(overrides.weight(of: key("10.1.0.21:80", "mail")) == nil)
        #expect(overrides.say(word(.ready, "10.1.0.21", "web")) != nil)
        #expect(overrides.drain(of: key("10.1.0.21:80")) == nil)
        #expect(overrides.drain(of: key("10.1.0.21:80", "mail")) != nil)
        #expect(overrides.weight(of: key("10.1.0.21:80"))?.word == .weight(5))
        #expect(overrides.say(word(.ready, "10.1.0.21")) != nil && overrides.count == 2)
        #expect(overrides.drain(of: key("10.1.0.21:80", "mail")) == nil)
    }

    @Test func `who was away learns that a drain has ended`() {
        var one = Overrides()
        _ = one.say(word(.drain, "10.1.0.21"))
        var other = one
        _ = one.say(word(.ready, "10.1.0.21"))
        other.merge(one)
        #expect(other == one && other.drain(of: key("10.1.0.21:80")) == nil)
        one.merge(Overrides([], clock: 40))
        #expect(one.say(word(.drain, "10.1.0.22"))?.stamp == 41)
    }

    @Test func `the same stamp of two directors goes by their names`() {
        var (one, other) = (Overrides(), Overrides())
        _ = one.say(word(.drain, "10.1.0.21", at: "lb1"))
        _ = other.say(word(.ready, "10.1.0.21", at: "lb2"))
        let (first, second) = (one, other)
        one.merge(second)
        other.merge(first)
        #expect(one == other && one.drain(of: key("10.1.0.21:80"))?.director == "lb1")
    }

    @Test func `words that nobody could have said are not taken`() {
        var high = word(.drain, "10.1.0.21")
        high.stamp = Override.highestStamp + 1
        #expect(Overrides([high, word(.drain, "10.1.0.22")]).isEmpty)
        var full = Overrides([], clock: .max)
        #expect(full.clock == Override.highestStamp && full.say(word(.drain, "10.1.0.21")) == nil)
    }

    @Test func `is bounded, and forgets first what only ended something`() {
        var overrides = Overrides()
        for number in 0..<Overrides.limit {
            #expect(overrides.say(word(.drain, "10.1.\(number / 256).\(number % 256)")) != nil)
        }
        #expect(overrides.say(word(.drain, "10.2.0.1")) == nil)
        #expect(overrides.say(word(.ready, "10.1.0.0")) != nil)
        #expect(overrides.say(word(.drain, "10.2.0.1")) != nil)
        #expect(overrides.count == Overrides.limit && overrides.standing == Overrides.limit)
        #expect(overrides.drain(of: key("10.1.0.0:80")) == nil)
    }

    // MARK: Laws

    /// Few servers and services, so that words often are about the same ones.
    private func random(_ random: inout SplitMix64, at director: String) -> Override {
        let words: [Override.Word] = [.drain, .ready, .weight(UInt32.random(in: 0...2, using: &random)), .original]
        let scope = Override.Scope(
            address: .v4(IPv4Address(number: UInt32.random(in: 1...2, using: &random))),
            port: Bool.random(using: &random) ? UInt16.random(in: 80...81, using: &random) : nil,
            service: ["web", "mail", nil][Int.random(in: 0...2, using: &random)])
        return Override(
            words[Int.random(in: 0...3, using: &random)], scope, director: director, uid: 0,
            time: Int64.random(in: 0...9, using: &random))
    }

    private static let keys = ["web", "mail", "dns"].flatMap { service in
        (1...2).flatMap { address in
            (80...81).map { port in
                let endpoint = Endpoint(address: .v4(IPv4Address(number: UInt32(address))), port: UInt16(port))
                return ServerKey(service: service, server: endpoint)
            }
        }
    }

    /// What two directors hold after any number of words, messages that came or did not, and losses of memory; and
    /// every word that was ever said.
    private func life(_ random: inout SplitMix64, forgets: Bool) -> ([Overrides], [Override]) {
        var held = [Overrides(), Overrides()]
        var said: [Override] = []
        for _ in 0..<Int.random(in: 0...30, using: &random) {
            let index = Int.random(in: 0...1, using: &random)
            switch Int.random(in: 0...(forgets ? 20 : 19), using: &random) {
            case 0..<13:
                if let word = held[index].say(self.random(&random, at: "lb\(index + 1)")) { said.append(word) }
            case 13..<19: held[index].merge(held[1 - index])
            case 19: held[index] = Overrides(held[index].list.shuffled(using: &random), clock: held[index].clock)
            default: held[index] = Overrides()
            }
        }
        return (held, said)
    }

    @Test func `two directors that heard each other agree, whoever was away or lost its memory`() {
        var random = SplitMix64(seed: 5)
        for round in 0..<10_000 {
            let (held, _) = life(&random, forgets: true)
            var (one, other) = (held[0], held[1])
            one.merge(held[1])
            other.merge(held[0])
            #expect(one == other && one.digest == other.digest && one.list == other.list, "round \(round)")
            var again = one
            again.merge(held[0])
            again.merge(one)
            #expect(again == one, "round \(round)")
        }
    }

    @Test func `nothing that counts is forgotten: the newest of all words ever said decides`() {
        var random = SplitMix64(seed: 6)
        for round in 0..<10_000 {
            let (held, said) = life(&random, forgets: false)
            var all = held[0]
            all.merge(held[1])
            let newestFirst = said.sorted { $0.isNewer(than: $1) }
            for key in Self.keys {
                let drain = newestFirst.first { [.drain, .ready].contains($0.word) && $0.scope.covers(key) }
                #expect(all.drain(of: key) == (drain?.word == .drain ? drain : nil), "round \(round)")
                let weight = newestFirst.first { ![.drain, .ready].contains($0.word) && $0.scope.covers(key) }
                #expect(all.weight(of: key) == (weight?.word == .original ? nil : weight), "round \(round)")
            }
            #expect(all.count == all.list.count && all.standing == all.list.count { $0.word.isOn })
        }
    }

    @Test func `the order in which three memories meet does not matter`() {
        var random = SplitMix64(seed: 7)
        for round in 0..<2000 {
            let (one, other, third) = (
                life(&random, forgets: true).0[0], life(&random, forgets: true).0[1], life(&random, forgets: true).0[0]
            )
            var (left, right) = (one, third)
            left.merge(other)
            left.merge(third)
            right.merge(one)
            right.merge(other)
            #expect(left == right, "round \(round)")
        }
    }
}
