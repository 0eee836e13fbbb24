import Addresses
import Agreement
import Settings
import Testing

/// Virtual addresses of services that say `too_few: withdraw`.
struct WithdrawalTests {
    static let start = SharedVerdictsTests.start
    private static let address = IPAddress("192.0.2.10")
    private static let other = IPAddress("192.0.2.11")

    /// Four servers, of which two have to be up, behind the first of two addresses.
    private static func settings(_ policy: VerdictPolicy = .holder, hysteresis: Int = 0) throws -> Settings {
        var settings = SharedVerdictsTests.settings(policy, servers: 4)
        let addresses = [try #require(address), try #require(other)]
        settings.groups[0].addresses = addresses.map { VirtualAddress(prefix: Prefix(host: $0)) }
        settings.services[0].listens = [.endpoint(.tcp, Endpoint(address: addresses[0], port: 80))]
        settings.services[0].quorum = QuorumSettings(.count(2), hysteresis: hysteresis, tooFew: .withdraw)
        return settings
    }

    private static func keys(_ settings: Settings) -> [ServerKey] {
        settings.services[0].servers.map { ServerKey(service: "web", server: $0.endpoint) }
    }

    private static func withdrawn(_ side: Side, _ settings: Settings) -> Set<String> {
        Set(settings.withdrawals(side.consequences.shortages).keys.map(\.description))
    }

    /// Both directors, who see all servers up; the first holds the group.
    private static func pair(_ settings: Settings) -> (Side, Side) {
        var (one, two) = (Side(settings, .own), Side(settings, .peer))
        for key in keys(settings) {
            one.observe(key, true, now: start)
            two.observe(key, true, now: start)
        }
        tell(&one, &two, start)
        return (one, two)
    }

    private static func tell(_ one: inout Side, _ two: inout Side, _ now: Instant) {
        for _ in 0..<3 {
            one.tell(&two, now: now)
            two.tell(&one, now: now)
        }
    }

    @Test func `an address goes when both see too few servers, and comes back with the quorum and its hysteresis`()
        throws
    {
        let settings = try Self.settings(hysteresis: 1)
        let keys = Self.keys(settings)
        var (one, two) = Self.pair(settings)
        #expect(Self.withdrawn(one, settings).isEmpty && Self.withdrawn(two, settings).isEmpty)
        for key in keys { one.observe(key, false, now: Self.start) }
        // Only one of them sees it.
        Self.tell(&one, &two, Self.start)
        #expect(Self.withdrawn(one, settings).isEmpty && Self.withdrawn(two, settings).isEmpty)
        for key in keys { two.observe(key, false, now: Self.start) }
        Self.tell(&one, &two, Self.start)
        #expect(Self.withdrawn(one, settings) == ["192.0.2.10"] && Self.withdrawn(two, settings) == ["192.0.2.10"])
        for (count, isBack) in [(2, false), (3, true)] {
            for key in keys.prefix(count) {
                one.observe(key, true, now: Self.start)
                two.observe(key, true, now: Self.start)
            }
            Self.tell(&one, &two, Self.start)
            #expect(Self.withdrawn(one, settings).isEmpty == isBack && Self.withdrawn(two, settings).isEmpty == isBack)
        }
    }

    @Test func `one service is enough, and whatever it does not listen on stays`() throws {
        var settings = try Self.settings()
        var mail = settings.services[0]
        mail.name = "mail"
        mail.quorum = QuorumSettings(.count(1), tooFew: .all)
        settings.services.append(mail)
        settings.services[0].listens += [
            .mark(7, .v4), .endpoint(.tcp, Endpoint(address: try #require(IPAddress("198.51.100.1")), port: 80)),
        ]
        let gone = settings.withdrawals(["web": .withdrawn, "mail": .all])
        #expect(gone == [try #require(Self.address): ["web"]])
        #expect(settings.withdrawals(["mail": .all]).isEmpty && settings.withdrawals(["gone": .withdrawn]).isEmpty)
        #expect(settings.withdrawals(["web": .withdrawn, "mail": .withdrawn]).values.first == ["web", "mail"])
    }

    @Test func `a holder that alone sees too few keeps its address until a handover has had its chance`() throws {
        let settings = try Self.settings()
        let keys = Self.keys(settings)
        var (one, two) = Self.pair(settings)
        for key in keys { one.observe(key, false, now: Self.start) }
        Self.tell(&one, &two, Self.start)
        // 2 s × 4 + 1 s until the dispute is one, and 10 s more.
        for (seconds, isGone) in [(18, false), (19, true)] {
            let now = Self.start + .seconds(seconds)
            for _ in 0..<2 {
                one.follow([], .all, now: now)
                two.follow([], .all, now: now)
                Self.tell(&one, &two, now)
            }
            #expect(Self.withdrawn(one, settings).isEmpty != isGone)
            #expect(Self.withdrawn(one, settings) == Self.withdrawn(two, settings))
        }
        // Who sees the servers gets the group after all.
        let now = Self.start + .seconds(20)
        one.hold(.peer, now: now)
        two.hold(.own, now: now)
        Self.tell(&one, &two, now)
        #expect(Self.withdrawn(one, settings).isEmpty && Self.withdrawn(two, settings).isEmpty)
    }

    @Test func `what the backup alone sees up brings no address back`() throws {
        let settings = try Self.settings()
        let keys = Self.keys(settings)
        var (one, two) = Self.pair(settings)
        for key in keys {
            one.observe(key, false, now: Self.start)
            two.observe(key, false, now: Self.start)
        }
        Self.tell(&one, &two, Self.start)
        for key in keys { two.observe(key, true, now: Self.start) }
        Self.tell(&one, &two, Self.start)
        #expect(Self.withdrawn(one, settings) == ["192.0.2.10"] && Self.withdrawn(two, settings) == ["192.0.2.10"])
    }

    @Test func `with any one director's view is enough`() throws {
        let settings = try Self.settings(.any)
        var (one, two) = Self.pair(settings)
        for key in Self.keys(settings) { two.observe(key, false, now: Self.start) }
        Self.tell(&one, &two, Self.start)
        #expect(Self.withdrawn(one, settings) == ["192.0.2.10"] && Self.withdrawn(two, settings) == ["192.0.2.10"])
    }

    @Test func `a director without its peer withdraws by what it sees itself`() throws {
        let settings = try Self.settings()
        var (one, two) = Self.pair(settings)
        one.follow(one.shared.place([.own], isPeerHeard: false, now: Self.start), .all, now: Self.start)
        for key in Self.keys(settings) { one.observe(key, false, now: Self.start) }
        #expect(Self.withdrawn(one, settings) == ["192.0.2.10"])
        one.tell(&two, now: Self.start)
    }

    @Test func `a director that starts leaves alone what it does not hold until something is known, or too long`()
        throws
    {
        let settings = try Self.settings()
        let key = Self.keys(settings)
        var fresh = Side(settings, .nobody)
        #expect(Self.withdrawn(fresh, settings) == ["192.0.2.10"])
        #expect(fresh.consequences.deadline == Self.start + .seconds(9))
        fresh.observe(key[0], true, now: Self.start)
        #expect(Self.withdrawn(fresh, settings) == ["192.0.2.10"])
        var informed = fresh
        informed.observe(key[1], true, now: Self.start)
        #expect(Self.withdrawn(informed, settings).isEmpty)
        var late = fresh
        late.follow([], .all, now: Self.start + .seconds(9))
        #expect(Self.withdrawn(late, settings).isEmpty && late.consequences.deadline == .never)
        // The first results say that there are too few.
        for key in key { fresh.observe(key, false, now: Self.start) }
        fresh.follow([], .all, now: Self.start + .seconds(9))
        #expect(Self.withdrawn(fresh, settings) == ["192.0.2.10"])
    }

    @Test func `a director that starts leaves what it holds, and what counts as up`() throws {
        var settings = try Self.settings()
        let found = Side(settings, .nobody, present: [try #require(Self.address)])
        #expect(Self.withdrawn(found, settings).isEmpty)
        settings.services[0].check.initial = .up
        #expect(Self.withdrawn(Side(settings, .nobody), settings).isEmpty)
        // One that is looked at slowly, and the rest not at all.
        for place in settings.services[0].servers.indices {
            settings.services[0].servers[place].check = CheckSettings(kind: .none)
        }
        #expect(Self.withdrawn(Side(settings, .nobody), settings).isEmpty)
        settings.services[0].servers[0].check = CheckSettings(interval: .seconds(10), timeout: .seconds(1))
        #expect(Side(settings, .nobody).consequences.deadline == Self.start + .seconds(41))
    }

    @Test func `a director that starts takes the peer's word`() throws {
        let settings = try Self.settings(hysteresis: 1)
        for isLost in [true, false] {
            var (one, two) = Self.pair(settings)
            for key in Self.keys(settings).prefix(isLost ? 4 : 0) {
                one.observe(key, false, now: Self.start)
                two.observe(key, false, now: Self.start)
            }
            Self.tell(&one, &two, Self.start)
            two = Side(settings, .peer)
            one.tellAll(&two, now: Self.start)
            #expect(Self.withdrawn(two, settings).isEmpty == !isLost)
            #expect(Self.withdrawn(one, settings) == Self.withdrawn(two, settings))
        }
    }

    @Test func `a new configuration that withdraws nothing brings everything back`() throws {
        let settings = try Self.settings()
        var side = Side(settings, .own)
        #expect(Self.withdrawn(side, settings) == ["192.0.2.10"])
        var other = settings
        other.services[0].quorum?.tooFew = .all
        side.consequences.adopt(other, &side.shared)
        side.follow([], .all, now: Self.start)
        #expect(Self.withdrawn(side, other).isEmpty)
    }
}
