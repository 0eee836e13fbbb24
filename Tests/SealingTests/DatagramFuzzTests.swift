import Election
import Glibc
import Heartbeat
import Sealing
import Simulation
import Testing

/// Datagrams and bodies that somebody changed, by the hundred thousand: `TANDEM_FUZZ_ROUNDS=1000000` for more, and
/// `TANDEM_FUZZ_SEED` for others.
struct DatagramFuzzTests {
    private static let rounds = number("TANDEM_FUZZ_ROUNDS") ?? 3000
    private static let seed = UInt64(number("TANDEM_FUZZ_SEED") ?? 20_261_121)

    @Test func `a datagram that was changed on its way changes no role, no term and no peer`() throws {
        var mutator = Mutator(random: SplitMix64(seed: Self.seed))
        var talk = try Talk()
        let handshakes = try (0..<8).flatMap { _ in [talk.hello(), try talk.welcome()] }
        var before = talk.situation
        var genuine = talk.data()
        var changed = 0
        for round in 0..<Self.rounds {
            if round % 16 == 0 {
                talk.beat()
                before = talk.situation
                genuine = talk.data()
            }
            let original = round % 4 == 3 ? handshakes[round / 4 % handshakes.count] : genuine
            let datagram = mutator.mutate(original)
            guard datagram != original else { continue }
            changed += 1
            if round % 3 == 0 { talk.knock(datagram) } else { talk.send(datagram) }
            guard talk.situation == before else {
                Issue.record("seed \(Self.seed), round \(round): \(before) became \(talk.situation) by \(datagram)")
                return
            }
        }
        #expect(talk.right.refusals.total == UInt64(changed))
        talk.expectPeace()
    }

    @Test func `a changed body under a right seal breaks nothing that the election rests on`() throws {
        var mutator = Mutator(random: SplitMix64(seed: Self.seed))
        var talk = try Talk()
        var last = talk.group
        var roles: Set<Role> = []
        for round in 0..<Self.rounds {
            try step(round, &talk, &mutator)
            guard let broken = Self.broken(talk.group, after: last) else {
                roles.insert(talk.group.role)
                last = talk.group
                continue
            }
            Issue.record("seed \(Self.seed), round \(round): \(broken): \(talk.situation)")
            return
        }
        // The changes reach the election, and not the decoder alone.
        if Self.rounds >= 3000 { #expect(roles.isSuperset(of: [.backup, .active, .giving])) }
        #expect(talk.right.refusals[.malformed] > 0)
        talk.isHandAble = true
        try talk.restartLeft()
        _ = try talk.said()
    }

    /// Found by the test above: the offer was taken and given up without an end.
    @Test(arguments: Role.allCases) func `a peer that holds under the highest term of all leaves no unrest`(
        role: Role
    ) throws {
        var talk = try Talk()
        for number in 1...4 {
            var heartbeat = Heartbeat()
            heartbeat.sentAt = 1 << 32 | UInt64(number)
            heartbeat.groups = [
                GroupBeat(id: talk.group.settings.id, term: GroupBeat.highestTerm, role: role, fitness: 100)
            ]
            talk.send(talk.sealed(End.body(heartbeat)))
            talk.pass(.milliseconds(50))
            let isOverdue = talk.isOverdue
            #expect(!isOverdue)
        }
        #expect(talk.group.highest == GroupBeat.highestTerm && talk.right.peerState == .heard)
        _ = try talk.said()
    }

    private func step(_ round: Int, _ talk: inout Talk, _ mutator: inout Mutator) throws {
        let body = talk.anyBody(&mutator.random)
        let changed = mutator.random.chance(0.8) ? mutator.mutate(body) : body
        talk.send(talk.sealed(Array(changed.prefix(Frame.maximumLength - Frame.headerLength - Frame.sealLength))))
        if round % 32 == 31 {
            let offset = Int.random(in: 0..<128, using: &mutator.random)
            let byte = UInt8.random(in: 0...255, using: &mutator.random)
            talk.knock(talk.forgedHello(at: offset, byte: byte))
        }
        guard round % 8 == 7 else { return }
        talk.isHandAble = mutator.random.chance(0.9)
        talk.pass(mutator.random.duration(in: .milliseconds(1)...(.milliseconds(400))))
        let isOverdue = talk.isOverdue
        #expect(!isOverdue, "seed \(Self.seed), round \(round): \(talk.situation)")
        // One that announced a beginning beyond all others would not be listened to any more.
        if round % 128 == 127 { try talk.restartLeft() }
        if round % 16 == 15 { #expect(throws: Never.self) { try talk.said() } }
    }

    /// What must not be, if it is.
    private static func broken(_ group: GroupElection, after last: GroupElection) -> String? {
        if group.highest < last.highest { return "the highest term went back" }
        if group.highest > GroupBeat.highestTerm { return "a term that no peer would read" }
        if group.term > group.highest { return "a term beyond the highest" }
        if group.role.holds, group.term == 0 { return "held without a term" }
        if group.role.holds, last.role.holds, group.term < last.term { return "the term went back" }
        return nil
    }

    private static func number(_ name: String) -> Int? {
        getenv(name).flatMap { Int(String(cString: $0)) }
    }
}
