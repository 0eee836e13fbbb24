import Addresses
import Agreement
import Settings
import Simulation
import Testing

/// Looking only at what may have changed comes to the same as looking at everything.
struct ScopeTests {
    private enum Step {
        case observe(Int, server: Int, isUp: Bool)
        case tell(Int)
        case tellAll(Int)
        case hold(Int?)
        case restart
        case wait
    }

    /// A director with a quorum, a slow start and flap damping.
    private struct Side {
        var shared: SharedVerdicts
        var consequences: Consequences
        var untold: [VerdictMessage.Entry] = []
        /// What its balancer was told.
        var told: [ServerKey: Bool] = [:]
        var shortages: [String: Shortage]
        var rises: [ServerKey: Rise] = [:]

        init(_ settings: Settings, _ holder: Holder) {
            shared = SharedVerdictsTests.director(settings, holder: holder)
            consequences = Consequences(settings, now: SharedVerdictsTests.start)
            shortages = consequences.shortages
        }

        mutating func follow(_ decisions: [Decision], _ scope: Scope, _ now: Instant) {
            let effects = consequences.follow(decisions, scope, &shared, now: now)
            untold += shared.entries(latches: effects.latches.sorted(), now: now)
            for decision in effects.decisions { told[decision.server] = decision.isUp }
            for (service, shortage) in effects.shortages { shortages[service] = shortage }
            for (server, rise) in effects.rises { rises[server] = rise }
        }
    }

    /// A pair.
    private struct World {
        let isThorough: Bool
        let settings: Settings
        let keys: [ServerKey]
        var sides: [Side]
        var holder: Int? = 0

        init(_ settings: Settings, isThorough: Bool) {
            self.settings = settings
            self.isThorough = isThorough
            keys = settings.services.flatMap { service in
                service.servers.map { ServerKey(service: service.name, server: $0.endpoint) }
            }
            sides = [Side(settings, .own), Side(settings, .peer)]
        }

        mutating func take(_ step: Step, _ now: Instant) {
            switch step {
            case .observe(let side, let server, let isUp):
                let view = SharedVerdictsTests.view(isUp, at: now)
                let decisions = sides[side].shared.observe([(keys[server], view)], now: now)
                sides[side].untold += sides[side].shared.entries([keys[server]], now: now)
                sides[side].follow(decisions, .decisions, now)
            case .tell(let side):
                let entries = sides[side].untold
                sides[side].untold = []
                send(VerdictMessage.messages(entries, isEverything: false), to: 1 - side, now)
            case .tellAll(let side):
                sides[side].untold = []
                let entries = sides[side].shared.entries(now: now)
                send(VerdictMessage.messages(entries, isEverything: true), to: 1 - side, now)
            case .hold(let other):
                holder = other
                for side in 0...1 { place(side, now) }
            case .restart:
                sides[1] = Side(settings, role(1))
                sides[0].follow(sides[0].shared.forgetPeer(now: now), .all, now)
                for side in 0...1 { take(.tellAll(side), now) }
            case .wait: for side in 0...1 { place(side, now) }
            }
        }

        private func role(_ side: Int) -> Holder { holder.map { $0 == side ? .own : .peer } ?? .nobody }

        private mutating func place(_ side: Int, _ now: Instant) {
            let isNew = !sides[side].shared.isPlaced([role(side)], isPeerHeard: true)
            let decisions = sides[side].shared.place([role(side)], isPeerHeard: true, now: now)
            sides[side].follow(decisions, isThorough || isNew ? .all : .latches([]), now)
        }

        private mutating func send(_ messages: [VerdictMessage], to side: Int, _ now: Instant) {
            for message in messages {
                let scope = isThorough ? .all : sides[side].shared.scope(of: message)
                sides[side].follow(sides[side].shared.hear(message, now: now), scope, now)
            }
        }
    }

    private static func settings(_ random: inout SplitMix64) -> Settings {
        var settings = SharedVerdictsTests.settings(servers: 5)
        var other = SharedVerdictsTests.settings(group: nil, servers: 4).services[0]
        other.name = "other"
        settings.services.append(other)
        let policies: [TooFewPolicy] = [.all, .keep, .fallback, .withdraw]
        for index in 0...1 {
            settings.services[index].quorum = QuorumSettings(
                .count(Int.random(in: 1...3, using: &random)), hysteresis: Int.random(in: 0...1, using: &random),
                tooFew: policies[Int.random(in: 0...3, using: &random)])
            settings.services[index].slowStart = .seconds(Int.random(in: 1...20, using: &random))
            settings.services[index].damping = DampingSettings(
                falls: Int.random(in: 2...3, using: &random), window: .seconds(30), hold: .seconds(8))
        }
        return settings
    }

    private static func step(_ random: inout SplitMix64) -> Step {
        let side = Int.random(in: 0...1, using: &random)
        return switch Int.random(in: 0..<30, using: &random) {
        case 0..<14: .observe(side, server: Int.random(in: 0..<9, using: &random), isUp: .random(using: &random))
        case 14..<21: .tell(side)
        case 21..<23: .tellAll(side)
        case 23: .hold([0, 1, nil].randomElement(using: &random) ?? nil)
        case 24 where side == 0: .restart
        default: .wait
        }
    }

    @Test(arguments: 0..<60)
    func `looking at what may have changed comes to the same as looking at everything`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let settings = Self.settings(&random)
        var lean = World(settings, isThorough: false)
        var thorough = World(settings, isThorough: true)
        var now = SharedVerdictsTests.start
        for turn in 0..<400 {
            now = now + .milliseconds(Int.random(in: 1...900, using: &random))
            let step = Self.step(&random)
            lean.take(step, now)
            thorough.take(step, now)
            for (one, other) in zip(lean.sides, thorough.sides) {
                #expect(one.consequences.shortages == other.consequences.shortages, "seed \(seed), \(turn): \(step)")
                #expect(one.consequences.holds == other.consequences.holds, "seed \(seed), \(turn): \(step)")
                #expect(one.consequences.rises == other.consequences.rises, "seed \(seed), \(turn): \(step)")
                #expect(one.told == other.told, "seed \(seed), \(turn): \(step)")
                #expect(one.shared.ownDigest == other.shared.ownDigest, "seed \(seed), \(turn): \(step)")
            }
        }
    }

    @Test(arguments: 0..<60)
    func `what a balancer was told of changes is all that there is`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var world = World(Self.settings(&random), isThorough: false)
        var now = SharedVerdictsTests.start
        for turn in 0..<400 {
            now = now + .milliseconds(Int.random(in: 1...900, using: &random))
            let step = Self.step(&random)
            world.take(step, now)
            for side in world.sides {
                #expect(side.shortages == side.consequences.shortages, "seed \(seed), \(turn): \(step)")
                let standing = side.consequences.rises.filter { $0.value.share(now: now) != nil }
                #expect(
                    side.rises.filter { $0.value.share(now: now) != nil } == standing,
                    "seed \(seed), \(turn): \(step)")
                // Their checks give the directors nine seconds.
                let lasting = side.shared.disputes.filter { now - $0.since >= .seconds(9) }
                #expect(
                    Set(side.shared.settledDisputes(now: now)) == Set(lasting), "seed \(seed), \(turn): \(step)")
            }
        }
    }
}
