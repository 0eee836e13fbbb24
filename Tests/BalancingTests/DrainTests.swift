import Addresses
import Balancing
import Settings
import Testing

/// What drains and weights make of the table.
@Suite struct DrainTests {
    private let web = tcp("192.0.2.10:80")
    private let mail = tcp("192.0.2.10:25")

    private func settings(onDown: DownPolicy = .remove, fallback: Fallback? = nil) -> Settings {
        let directors = [DirectorSettings(name: "lb1", addresses: []), DirectorSettings(name: "lb2", addresses: [])]
        func service(_ name: String, _ listen: Listen, _ servers: [String], _ fallback: Fallback?) -> ServiceSettings {
            ServiceSettings(
                name: name, listens: [listen], onDown: onDown,
                servers: servers.map { ServerSettings(endpoint: endpoint($0), forwarding: .nat, weight: 3) },
                fallback: fallback)
        }
        return Settings(
            pair: PairSettings(name: "edge", keys: "/k", directors: directors),
            services: [
                service("web", web, ["10.1.0.21:80", "10.1.0.22:80"], fallback),
                service("mail", mail, ["10.1.0.21:25"], nil),
            ])
    }

    private func overrides(_ words: (Override.Word, String, String?)...) -> Overrides {
        var overrides = Overrides()
        for (word, server, service) in words {
            guard let scope = Override.Scope(server: server, service: service) else { preconditionFailure(server) }
            _ = overrides.say(Override(word, scope, director: "lb1", uid: 0, time: 0))
        }
        return overrides
    }

    private func key(_ server: String, _ service: String) -> ServerKey {
        ServerKey(service: service, server: endpoint(server))
    }

    private let up: Verdicts = {
        let servers = [("web", "10.1.0.21:80"), ("web", "10.1.0.22:80"), ("mail", "10.1.0.21:25")]
        return Verdicts(
            Dictionary(
                uniqueKeysWithValues: servers.map { (ServerKey(service: $0.0, server: endpoint($0.1)), true) }))
    }()

    private func weights(_ table: Table) -> [String: UInt32] {
        Dictionary(
            uniqueKeysWithValues: table.services.flatMap { listen, service in
                service.servers.map { ("\($0.key)\(listen == web ? "" : " mail")", $0.value.weight) }
            })
    }

    @Test func `a server that drains has weight 0, in every service or in one`() {
        let everywhere = desired(settings(), verdicts: up, overrides: overrides((.drain, "10.1.0.21", nil)))
        #expect(weights(everywhere) == ["10.1.0.21:80": 0, "10.1.0.22:80": 3, "10.1.0.21:25 mail": 0])
        let inOne = desired(settings(), verdicts: up, overrides: overrides((.drain, "10.1.0.21", "web")))
        #expect(weights(inOne) == ["10.1.0.21:80": 0, "10.1.0.22:80": 3, "10.1.0.21:25 mail": 3])
    }

    @Test func `a weight counts until the server drains, and after it again`() {
        let weight = overrides((.weight(7), "10.1.0.21:80", nil))
        #expect(weights(desired(settings(), verdicts: up, overrides: weight))["10.1.0.21:80"] == 7)
        let both = overrides((.drain, "10.1.0.21", nil), (.weight(7), "10.1.0.21:80", nil))
        #expect(weights(desired(settings(), verdicts: up, overrides: both))["10.1.0.21:80"] == 0)
        let after = overrides(
            (.drain, "10.1.0.21", nil), (.weight(7), "10.1.0.21:80", nil), (.ready, "10.1.0.21", nil))
        #expect(weights(desired(settings(), verdicts: up, overrides: after))["10.1.0.21:80"] == 7)
    }

    @Test func `a server that is down is out of the table, draining or not`() {
        var verdicts = up
        verdicts[key("10.1.0.21:80", "web")] = false
        let table = desired(settings(), verdicts: verdicts, overrides: overrides((.drain, "10.1.0.21", nil)))
        #expect(weights(table) == ["10.1.0.22:80": 3, "10.1.0.21:25 mail": 0])
    }

    @Test func `a drain is one step, and no other server is touched`() {
        let drain = overrides((.drain, "10.1.0.21:80", "web"))
        let steps = plan(
            from: desired(settings(), verdicts: up), to: desired(settings(), verdicts: up, overrides: drain),
            owned: identities(settings()))
        #expect(steps.count == 1)
    }

    @Test func `a restarted director keeps a drained server that it finds with weight 0`() {
        let drain = overrides((.drain, "10.1.0.21", nil))
        let held = desired(settings(), verdicts: up, overrides: drain)
        var fresh = Verdicts()
        fresh.assume(held, settings(), overrides: drain)
        #expect(desired(settings(), verdicts: fresh, overrides: drain) == held)
        var quiesced = Verdicts()
        quiesced.assume(held, settings(onDown: .quiesce), overrides: drain)
        #expect(quiesced[key("10.1.0.21:80", "web")] == nil)
        var ready = Verdicts()
        ready.assume(held, settings())
        #expect(ready[key("10.1.0.21:80", "web")] == nil)
    }

    @Test func `the fallback stands in when every server drains, unless it drains as well`() {
        let sorry = Fallback.server(ServerSettings(endpoint: endpoint("10.1.0.99:80"), forwarding: .nat))
        let all = overrides((.drain, "10.1.0.21", nil), (.drain, "10.1.0.22", nil))
        let table = desired(settings(fallback: sorry), verdicts: up, overrides: all)
        #expect(
            weights(table)
                == ["10.1.0.21:80": 0, "10.1.0.22:80": 0, "10.1.0.99:80": 1, "10.1.0.21:25 mail": 0])
        var more = all
        more.merge(overrides((.original, "10.9.9.9", nil), (.original, "10.9.9.8", nil), (.drain, "10.1.0.99", nil)))
        let drained = desired(settings(fallback: sorry), verdicts: up, overrides: more)
        #expect(weights(drained)["10.1.0.99:80"] == 0)
    }

    @Test func `names the services that a word would leave without a server`() {
        let none = Overrides()
        func emptied(_ old: Overrides, _ new: Overrides, _ server: String, _ service: String? = nil) -> [String] {
            guard let scope = Override.Scope(server: server, service: service) else { return ["?"] }
            let held = desired(settings(), verdicts: up, overrides: old)
            return settings().emptied(held, from: old, to: new, in: scope)
        }
        let one = overrides((.drain, "10.1.0.21", nil))
        #expect(emptied(none, one, "10.1.0.21") == ["mail"])
        #expect(emptied(none, overrides((.drain, "10.1.0.21", "web")), "10.1.0.21", "web") == [])
        let both = overrides((.drain, "10.1.0.21", nil), (.drain, "10.1.0.22", nil))
        #expect(emptied(one, both, "10.1.0.22") == ["web"])
        #expect(emptied(both, both, "10.1.0.22") == [])
        #expect(
            emptied(one, overrides((.drain, "10.1.0.21", nil), (.weight(0), "10.1.0.22", nil)), "10.1.0.22") == ["web"])
        #expect(emptied(one, overrides((.drain, "10.1.0.21", nil), (.weight(9), "10.1.0.22", nil)), "10.1.0.22") == [])
        let lone = Override.Scope(address: endpoint("10.1.0.22:80").address)
        var verdicts = up
        verdicts[key("10.1.0.21:80", "web")] = false
        let rest = desired(settings(), verdicts: verdicts)
        #expect(settings().emptied(rest, from: none, to: overrides((.drain, "10.1.0.22", nil)), in: lone) == ["web"])
    }

    @Test func `says which servers a word is in force for`() {
        let words = overrides(
            (.drain, "10.1.0.21", nil), (.ready, "10.1.0.21", "mail"), (.weight(2), "10.1.0.77", nil),
            (.drain, "10.1.0.22:80", nil), (.ready, "10.1.0.22", "web"))
        let standing = words.standing(in: settings())
        #expect(
            standing.map { "\($0.override.word) \($0.override.scope)" } == ["weight 2 10.1.0.77", "drain 10.1.0.21"])
        #expect(standing.map { $0.servers.map(\.description) } == [[], ["10.1.0.21:80 of web"]])
    }
}
