import Addresses
import Agreement
import Settings
import Simulation
import Testing

/// One director, and what counts there of what agents say.
private struct AdvisedSide {
    static let settings: Settings = {
        var settings = SharedVerdictsTests.settings()
        settings.services[0].check.agent = AgentSettings(port: 9000)
        return settings
    }()

    var shared: SharedVerdicts
    var consequences: Consequences
    /// What its table was told counts.
    var table: [ServerKey: Advice] = [:]
    private var untold: [VerdictMessage.Entry] = []

    init(_ holder: Holder, _ settings: Settings = settings) {
        shared = SharedVerdictsTests.director(settings, holder: holder)
        consequences = Consequences(settings, now: SharedVerdictsTests.start)
    }

    mutating func carryOut(_ effects: Consequences.Effects, _ now: Instant) {
        untold += shared.entries(latches: effects.latches, now: now)
        for (server, advice) in effects.advice { table[server] = advice == Advice() ? nil : advice }
        #expect(table == consequences.advice)
    }

    mutating func hear(_ server: ServerKey, _ advice: Advice, _ now: Instant) {
        carryOut(consequences.hear([server: advice], &shared, now: now), now)
    }

    mutating func follow(_ decisions: [Decision], _ now: Instant) {
        carryOut(consequences.follow(decisions, .all, &shared, now: now), now)
    }

    mutating func place(_ holder: Holder, isPeerHeard: Bool = true, _ now: Instant) {
        follow(shared.place([holder], isPeerHeard: isPeerHeard, now: now), now)
    }

    mutating func forgetPeer(_ now: Instant) { follow(shared.forgetPeer(now: now), now) }

    /// - Returns: whether there was anything to tell.
    @discardableResult mutating func tell(_ other: inout AdvisedSide, _ now: Instant, isLost: Bool = false) -> Bool {
        let entries = untold
        untold = []
        guard !entries.isEmpty, !isLost else { return false }
        for message in VerdictMessage.messages(entries, isEverything: false) { other.take(message, now) }
        return true
    }

    mutating func tellAll(_ other: inout AdvisedSide, _ now: Instant) {
        untold = []
        for message in VerdictMessage.messages(shared.entries(now: now), isEverything: true) {
            other.take(message, now)
        }
    }

    private mutating func take(_ message: VerdictMessage, _ now: Instant) {
        guard let read = VerdictMessage(message.bytes) else { return }
        let decisions = shared.hear(read, now: now)
        guard read.isOfWords else { return follow(decisions, now) }
        carryOut(consequences.hear(wordsOf: read.entries.map(\.mark), &shared, now: now), now)
    }
}

/// Until neither has anything to tell.
private func talk(_ one: inout AdvisedSide, _ other: inout AdvisedSide, _ now: Instant) {
    for _ in 0..<8 {
        let (first, second) = (one.tell(&other, now), other.tell(&one, now))
        if !first, !second { return }
    }
    Issue.record("they do not stop talking")
}

struct AgreedAdviceTests {
    static let start = SharedVerdictsTests.start
    static let server = SharedVerdictsTests.first
    static let half = Advice(percent: 50)
    static let most = Advice(percent: 75)

    private static func at(_ seconds: Int) -> Instant { start + .seconds(seconds) }

    /// Both have heard their agents, and not the same: half at the holder, most at the backup.
    private static func pair() -> (holder: AdvisedSide, backup: AdvisedSide) {
        var (holder, backup) = (AdvisedSide(.own), AdvisedSide(.peer))
        backup.hear(server, most, at(0))
        holder.hear(server, half, at(1))
        talk(&holder, &backup, at(1))
        return (holder, backup)
    }

    @Test func `the holder's word counts at both`() {
        var (holder, backup) = Self.pair()
        #expect(holder.table == [Self.server: Self.half] && backup.table == holder.table)
        backup.hear(Self.server, Advice(mode: .maint), Self.at(2))
        talk(&holder, &backup, Self.at(2))
        #expect(holder.table == [Self.server: Self.half] && backup.table == holder.table)
        holder.hear(Self.server, Advice(percent: 20, mode: .drain), Self.at(3))
        talk(&holder, &backup, Self.at(3))
        #expect(holder.table == [Self.server: Advice(percent: 20, mode: .drain)] && backup.table == holder.table)
        // Nobody speaks at the holder any more: the backup goes on with its own agent's word.
        holder.hear(Self.server, Advice(), Self.at(4))
        talk(&holder, &backup, Self.at(4))
        backup.follow([], Self.at(7))
        talk(&holder, &backup, Self.at(7))
        #expect(holder.table == [Self.server: Advice(mode: .maint)] && backup.table == holder.table)
    }

    @Test func `a takeover changes no weight, and what the new holder's agent says then does`() {
        var (_, backup) = Self.pair()
        backup.place(.own, isPeerHeard: false, Self.at(10))
        #expect(backup.table == [Self.server: Self.half])
        #expect(backup.consequences.deadline == Self.at(13))
        backup.hear(Self.server, Advice(percent: 30), Self.at(11))
        #expect(backup.table == [Self.server: Advice(percent: 30)] && backup.consequences.deadline == .never)
    }

    @Test func `an agent that says the same as ever counts once it had time to say something else`() {
        var (_, backup) = Self.pair()
        backup.place(.own, isPeerHeard: false, Self.at(10))
        backup.follow([], Self.at(12))
        #expect(backup.table == [Self.server: Self.half])
        backup.follow([], Self.at(13))
        #expect(backup.table == [Self.server: Self.most] && backup.consequences.deadline == .never)
    }

    @Test func `a handover changes no weight in either table`() {
        var (old, new) = Self.pair()
        new.place(.own, Self.at(10))
        old.place(.peer, Self.at(10))
        talk(&old, &new, Self.at(10))
        #expect(old.table == [Self.server: Self.half] && new.table == old.table)
        new.follow([], Self.at(13))
        talk(&old, &new, Self.at(13))
        #expect(old.table == [Self.server: Self.most] && new.table == old.table)
    }

    @Test func `another life of the holder goes on where the peer is`() {
        var (_, backup) = Self.pair()
        var fresh = AdvisedSide(.own)
        backup.forgetPeer(Self.at(10))
        #expect(backup.table == [Self.server: Self.half])
        backup.tellAll(&fresh, Self.at(10))
        fresh.tellAll(&backup, Self.at(10))
        talk(&fresh, &backup, Self.at(10))
        #expect(fresh.table == [Self.server: Self.half] && backup.table == fresh.table)
        fresh.hear(Self.server, Advice(percent: 49), Self.at(11))
        talk(&fresh, &backup, Self.at(11))
        #expect(fresh.table == [Self.server: Advice(percent: 49)] && backup.table == fresh.table)
    }

    @Test func `an agent that the holder cannot reach is heard by the backup`() {
        var (holder, backup) = (AdvisedSide(.own), AdvisedSide(.peer))
        for (second, advice) in [Self.half, Self.most, Advice(state: .down)].enumerated() {
            backup.hear(Self.server, advice, Self.at(second))
            talk(&holder, &backup, Self.at(second))
            #expect(holder.table == [Self.server: advice] && backup.table == holder.table)
        }
    }

    @Test func `without a peer that tells words each goes by its own`() {
        var side = AdvisedSide(.peer)
        side.hear(Self.server, Self.half, Self.at(0))
        #expect(side.table == [Self.server: Self.half])
        side.place(.own, isPeerHeard: false, Self.at(1))
        side.place(.nobody, Self.at(2))
        #expect(side.table == [Self.server: Self.half] && side.consequences.deadline == .never)
    }

    @Test func `a configuration without agents forgets what they said`() {
        var (holder, backup) = Self.pair()
        let settings = SharedVerdictsTests.settings()
        holder.follow(holder.shared.adopt(settings, now: Self.at(2)), Self.at(2))
        holder.consequences.adopt(settings, &holder.shared)
        holder.follow([], Self.at(2))
        #expect(holder.table.isEmpty && holder.shared.entries(now: Self.at(2)).isEmpty)
        holder.tellAll(&backup, Self.at(2))
        #expect(holder.shared.toldDigest == 0 && backup.shared.isKnown(0))
    }

    @Test func `a word that got lost is missed, once both tell words`() {
        var (holder, backup) = Self.pair()
        #expect(backup.shared.isKnown(holder.shared.toldDigest) && holder.shared.isKnown(backup.shared.toldDigest))
        holder.hear(Self.server, Advice(percent: 20), Self.at(2))
        holder.tell(&backup, Self.at(2), isLost: true)
        #expect(!backup.shared.isKnown(holder.shared.toldDigest))
        holder.tellAll(&backup, Self.at(3))
        #expect(backup.shared.isKnown(holder.shared.toldDigest) && backup.table == holder.table)
        // An earlier version adds verdicts up, and no words.
        var alone = AdvisedSide(.own)
        alone.hear(Self.server, Self.half, Self.at(0))
        #expect(alone.shared.toldDigest == alone.shared.ownDigest)
        alone.hear(Self.server, Self.most, Self.at(1))
        #expect(alone.shared.toldDigest == alone.shared.ownDigest)
    }

    @Test(arguments: 1...40) func `both tables are the same once both have spoken`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var (one, other) = (AdvisedSide(.own), AdvisedSide(.peer))
        let words = [Self.half, Self.most, Advice(mode: .drain), Advice(state: .up), Advice(fixed: 7), Advice()]
        let servers = [SharedVerdictsTests.first, SharedVerdictsTests.second]
        var isOnes = true
        for second in 0..<60 {
            let now = Self.at(second)
            let server = servers[Int.random(in: 0...1, using: &random)]
            let advice = words[Int.random(in: words.indices, using: &random)]
            switch Int.random(in: 0..<8, using: &random) {
            case 0...2: one.hear(server, advice, now)
            case 3...5: other.hear(server, advice, now)
            case 6:
                isOnes.toggle()
                one.place(isOnes ? .own : .peer, now)
                other.place(isOnes ? .peer : .own, now)
            default:
                one = AdvisedSide(isOnes ? .own : .peer)
                other.forgetPeer(now)
                other.tellAll(&one, now)
                one.tellAll(&other, now)
            }
            talk(&one, &other, now)
        }
        for side in 0...1 {
            let now = Self.at(100 + side)
            one.follow([], now)
            other.follow([], now)
            talk(&one, &other, now)
        }
        #expect(one.table == other.table)
        #expect(one.shared.isKnown(other.shared.toldDigest) && other.shared.isKnown(one.shared.toldDigest))
    }

    // MARK: On the wire

    static let numbers: [(Advice, Bool, UInt32)] = [
        (Advice(), false, 0), (Advice(), true, 0x8000_0000), (Advice(percent: 0), false, 1),
        (Advice(percent: 100), true, 0x8000_0065), (Advice(mode: .ready), false, 0x80),
        (Advice(mode: .maint), false, 0x180), (Advice(state: .up), false, 0x400),
        (Advice(state: .stopped), false, 0x1000), (Advice(fixed: 0), false, 0x2000),
        (Advice(fixed: 65_535), false, 0x2000_0000),
        (Advice(fixed: 253, percent: 75, mode: .drain, state: .fail), true, 0x801F_CD4C),
    ]

    @Test(arguments: numbers) func `advice is this number`(advice: Advice, isOwn: Bool, number: UInt32) {
        let word = AdviceWord(advice: advice, isOwn: isOwn)
        #expect(word.number == number && AdviceWord(number: number) == word)
    }

    @Test(arguments: [102, 127, 4 << 7, 7 << 7, 5 << 10, 7 << 10, 65_537 << 13] as [UInt32])
    func `a number that means nothing here is no advice`(number: UInt32) {
        #expect(AdviceWord(number: number) == nil)
    }

    @Test func `no number does harm`() {
        var random = SplitMix64(seed: 3)
        for _ in 0..<100_000 {
            let number = UInt32.random(in: 0...UInt32.max, using: &random)
            guard let word = AdviceWord(number: number) else { continue }
            #expect(word.number == number & ~0x4000_0000 && word.advice.weight(of: 100) <= 65_535)
        }
    }
}
