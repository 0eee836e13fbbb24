import Addresses
import Balancing
import Settings
import Testing

struct OwnershipTests {
    private let web = tcp("192.0.2.10:80")
    private let mail = tcp("192.0.2.10:25")
    private let plain = TableService(servers: [endpoint("10.1.0.21:80"): ServerOptions(forwarding: .dr)])
    private let other = TableService(options: ServiceOptions(scheduler: "rr"))

    @Test func `what is wanted and not there becomes ours before it is added`() {
        var ownership = Ownership()
        #expect(ownership.judge(held: Table(), desired: Table(services: [web: plain])).isEmpty)
        #expect(ownership.services == [web] && ownership.taken.isEmpty)
    }

    @Test func `what is there just as it is wanted is taken over, and what differs is not touched`() {
        var ownership = Ownership()
        let held = Table(services: [web: plain, mail: other])
        let desired = Table(services: [web: plain, mail: plain])
        #expect(ownership.judge(held: held, desired: desired) == [web])
        #expect(ownership.services == [web] && ownership.taken == [mail])
        #expect(ownership.attainable(desired) == Table(services: [web: plain]))
        #expect(plan(from: held, to: ownership.attainable(desired), owned: ownership.services).isEmpty)
    }

    @Test func `adopting makes it ours, and the plan makes it what it should be`() {
        var ownership = Ownership()
        let held = Table(services: [mail: other])
        let desired = Table(services: [mail: plain])
        _ = ownership.judge(held: held, desired: desired)
        ownership.adopt([mail])
        #expect(ownership.judge(held: held, desired: desired).isEmpty)
        #expect(ownership.taken.isEmpty)
        #expect(plan(from: held, to: ownership.attainable(desired), owned: ownership.services).count == 2)
    }

    @Test func `what an earlier life left is removed, and forgotten once it is gone`() {
        var ownership = Ownership([web, mail])
        let held = Table(services: [web: plain, mail: plain])
        let desired = Table(services: [web: plain])
        _ = ownership.judge(held: held, desired: desired)
        #expect(plan(from: held, to: desired, owned: ownership.services) == [.removeService(mail)])
        _ = ownership.judge(held: desired, desired: desired)
        #expect(ownership.services == [web])
        _ = ownership.judge(held: held, desired: desired)
        #expect(ownership.services == [web], "what somebody else added under that name since is his")
    }

    @Test func `what somebody else was quicker to add is his`() {
        var ownership = Ownership()
        _ = ownership.judge(held: Table(), desired: Table(services: [web: plain]))
        ownership.disown(web)
        _ = ownership.judge(held: Table(services: [web: other]), desired: Table(services: [web: plain]))
        #expect(ownership.services.isEmpty && ownership.taken == [web])
    }
}

struct DriftTests {
    private let web = tcp("192.0.2.10:80")
    private let first = endpoint("10.1.0.21:80")
    private let second = endpoint("10.1.0.22:80")

    private func table(_ servers: [Endpoint: ServerOptions], _ options: ServiceOptions = ServiceOptions()) -> Table {
        Table(services: [web: TableService(options: options, servers: servers)])
    }

    @Test func `says what differs, service by service`() {
        let expected = table([first: ServerOptions(forwarding: .dr), second: ServerOptions(forwarding: .dr)])
        let found = table(
            [
                first: ServerOptions(forwarding: .dr, weight: 5),
                endpoint("10.1.0.23:80"): ServerOptions(forwarding: .nat),
            ],
            ServiceOptions(scheduler: "rr"))
        #expect(
            Drift.all(from: expected, to: found).map(\.description) == [
                "tcp://192.0.2.10:80: it was `rr` instead of `wlc`, "
                    + "server 10.1.0.21:80 was `-g -w 5` instead of `-g -w 1`, "
                    + "server 10.1.0.22:80 was gone, server 10.1.0.23:80 was added"
            ])
        #expect(Drift.all(from: expected, to: expected).isEmpty)
        #expect(Drift.all(from: expected, to: Table()).map(\.description) == ["tcp://192.0.2.10:80: it was gone"])
        #expect(
            Drift.all(from: Table(), to: expected).map(\.description) == ["tcp://192.0.2.10:80: it was there again"])
    }

    @Test func `names five changes of a service and counts the others`() {
        var servers: [Endpoint: ServerOptions] = [:]
        for host in 1...9 { servers[endpoint("10.1.0.\(host):80")] = ServerOptions(forwarding: .dr) }
        let drift = Drift.all(from: table(servers), to: table([:]))
        #expect(drift.count == 1 && drift[0].changes.count == 5 && drift[0].more == 4)
        #expect(drift[0].description.hasSuffix(" and 4 more changes"))
    }
}

struct SetbackTests {
    private let step = Step.removeService(tcp("192.0.2.10:80"))
    private let other = Step.removeService(tcp("192.0.2.11:80"))

    private func at(_ milliseconds: Int) -> Instant { Instant(nanoseconds: 0) + .milliseconds(milliseconds) }

    @Test func `a refused step waits twice as long each time, a minute at most`() throws {
        var setbacks = Setbacks<String>()
        var now = at(0)
        var pauses: [Duration] = []
        for _ in 0..<9 {
            setbacks.observe([step: "no"], now: now)
            let next = try #require(setbacks.nextTry)
            pauses.append(next - now)
            #expect(setbacks.waiting(now: next - .milliseconds(1)) == [step: "no"])
            now = next
            #expect(setbacks.waiting(now: now).isEmpty)
        }
        #expect(pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60].map { .seconds($0) })
    }

    @Test func `what waits keeps its time, what was done is forgotten, and a new one begins anew`() {
        var setbacks = Setbacks<String>()
        setbacks.observe([step: "no"], now: at(0))
        setbacks.observe([step: "no", other: "no"], now: at(500))
        #expect(setbacks.waiting(now: at(1000)) == [other: "no"])
        setbacks.observe([other: "no"], now: at(1000))
        setbacks.observe([step: "no", other: "no"], now: at(1200))
        #expect(setbacks.waiting(now: at(1999)) == [step: "no", other: "no"].filter { $0.key == step })
        setbacks.forget()
        #expect(setbacks.isEmpty && setbacks.nextTry == nil)
    }
}
