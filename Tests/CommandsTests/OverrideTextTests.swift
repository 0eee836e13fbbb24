import Commands
import Control
import Testing

/// Drains and weights, as people read them.
struct OverrideTextTests {
    private let author = Author(at: "lb1", uid: 1000)

    private func page(_ overrides: [OverrideStatus]) -> [Substring] {
        var status = Situations.healthy
        status.overrides = overrides
        return StatusText(status, now: Situations.now).text.split(separator: "\n")
    }

    private func drain(here: UInt64?, there: UInt64?, isDrained: Bool = false) -> OverrideStatus {
        OverrideStatus(
            server: "10.1.0.21", author: author, since: Situations.now - 180, reason: "new disk", shared: true,
            servers: ["10.1.0.21:80 of web"], connections: DrainConnections(here: here, there: there),
            isDrained: isDrained)
    }

    @Test(
        arguments: [
            (12, 12, false, "drains for 3 min, 12 connections left"),
            (1, 0, false, "drains for 3 min, 1 connection left here, 0 at the peer"),
            (0, nil, true, "is drained, draining for 3 min"),
            (nil, nil, false, "drains for 3 min"),
        ] as [(UInt64?, UInt64?, Bool, String)])
    func `says how far a drain is`(here: UInt64?, there: UInt64?, isDrained: Bool, words: String) {
        let line = "10.1.0.21 \(words), asked for by uid 1000 at lb1: new disk"
        let page = page([drain(here: here, there: there, isDrained: isDrained)])
        #expect(page.contains { $0 == line }, "\(page)")
    }

    @Test func `says what else is not as the configuration has it, and what nobody has any more`() {
        let weight = OverrideStatus(
            server: "10.1.0.22:80", service: "web", weight: 9, author: author, since: Situations.now - 60,
            shared: false, servers: [])
        #expect(
            page([weight]).contains {
                $0 == "10.1.0.22:80 of web has weight 9 for 1 min, though no service has such a server, "
                    + "asked for by uid 1000 at lb1, the peer does not know yet"
            })
        let many = page(Array(repeating: weight, count: 12))
        #expect(many.contains { $0 == "and 2 more drains and weights: 'tandem servers' lists them" })
        #expect(page([]) == page([]))
    }

    @Test func `shows a server with its verdict, its weights and who changed them`() {
        var service = Situations.service(up: 2)
        service.servers[0].drain = OverrideMark(author: author, since: Situations.now - 180, reason: "new disk")
        service.servers[1].override = OverrideMark(author: author, since: Situations.now - 60, weight: 9)
        #expect(
            ServicesText.servers([service], now: Situations.now) == """
                SERVER        SERVICE  FORWARD  WEIGHT  VERDICT             FOR  WHY
                10.1.0.21:80  web      dr        0 (1)  up, draining  1 h 6 min  drained 3 min ago by uid 1000 at lb1: new disk
                10.1.0.22:80  web      dr        9 (2)  up            1 h 6 min  weight 9 1 min ago by uid 1000 at lb1

                """)
    }

    @Test func `shows what agents say, and an operator's word before it`() {
        var service = Situations.service(up: 2)
        service.servers[0].agent = "its agent says drain"
        service.servers[0].advised = 0
        service.servers[1].agent = "its agent says 50%"
        service.servers[1].advised = 1
        #expect(
            ServicesText.servers([service], now: Situations.now) == """
                SERVER        SERVICE  FORWARD  WEIGHT  VERDICT             FOR  WHY
                10.1.0.21:80  web      dr        0 (1)  up, draining  1 h 6 min  its agent says drain
                10.1.0.22:80  web      dr        1 (2)  up            1 h 6 min  its agent says 50%

                """)
        service.servers[0].override = OverrideMark(author: author, since: Situations.now - 60, weight: 9)
        let line = ServicesText.servers([service], now: Situations.now).split(separator: "\n")[1]
        #expect(line.contains(" 9 (1)  up   "))
    }

    @Test func `shows a server that sends nothing back`() {
        var service = Situations.service(up: 2)
        service.servers[1].silent = SilenceStatus(since: Situations.now - 90, connections: 12)
        service.servers[1].agent = "its agent says 50%"
        let line = ServicesText.servers([service], now: Situations.now).split(separator: "\n")[2]
        let words = "nothing has come back for 1 min, 12 new connections went there; its agent says 50%"
        #expect(line.contains("  up, silent  ") && line.hasSuffix("  \(words)"), "\(line)")
    }

    @Test(arguments: [
        (
            "drain", ["10.1.0.21:80 of web", "10.1.0.21:25 of mail"],
            "10.1.0.21 drains: no new connections until 'tandem ready' (10.1.0.21:80 of web, 10.1.0.21:25 of mail)"
        ),
        ("ready", ["10.1.0.21:80 of web"], "10.1.0.21 does not drain (10.1.0.21:80 of web)"),
        ("original", [], "10.1.0.21 has the configuration's weight"),
    ])
    func `answers with what it is about`(order: String, servers: [String], sentence: String) {
        #expect(ServerReport(order: order, server: "10.1.0.21", servers: servers).sentence == sentence)
    }
}
