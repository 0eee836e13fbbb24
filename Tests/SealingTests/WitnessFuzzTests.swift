import Election
import Glibc
import Heartbeat
import Sealing
import Simulation
import Testing

/// Datagrams and bodies that somebody changed, at a witness and at a director's line to it: `TANDEM_FUZZ_ROUNDS` for
/// more, `TANDEM_FUZZ_SEED` for others.
struct WitnessFuzzTests {
    private static let rounds = number("TANDEM_FUZZ_ROUNDS") ?? 3000
    private static let seed = UInt64(number("TANDEM_FUZZ_SEED") ?? 20_261_121)

    @Test func `a datagram that was changed on its way changes nothing at the witness`() throws {
        var mutator = Mutator(random: SplitMix64(seed: Self.seed))
        var talk = WitnessTalk()
        var one = talk.party("lb1")
        talk.petition(.holding, term: 3, &one)
        talk.round(&one)
        var stranger = talk.party("lb2")
        let askedHello = talk.hello(&stranger)
        let hello = try #require(askedHello)
        for round in 0..<Self.rounds {
            if round % 4 == 0 {
                let isAnswered = talk.round(&one)
                #expect(isAnswered, "seed \(Self.seed), round \(round)")
            }
            let request = talk.request(&one)
            let original = round % 4 == 3 ? hello : try #require(request)
            let datagram = mutator.mutate(original)
            guard datagram != original else { continue }
            let before = talk.refusals.total
            let answer = talk.answer(datagram)
            #expect(answer == nil, "seed \(Self.seed), round \(round): \(datagram)")
            #expect(talk.refusals.total == before + 1)
        }
        #expect(talk.audience.seats.count == 1 && talk.machine.grants(now: talk.now) == 1)
    }

    @Test func `a datagram that was changed on its way changes nothing at the director`() throws {
        var mutator = Mutator(random: SplitMix64(seed: Self.seed))
        var talk = WitnessTalk()
        var one = talk.party("lb1")
        talk.petition(.holding, term: 3, &one)
        talk.round(&one)
        for round in 0..<Self.rounds {
            if round % 4 == 0 {
                let isAnswered = talk.round(&one)
                #expect(isAnswered, "seed \(Self.seed), round \(round)")
            }
            let askedRequest = talk.request(&one)
            let request = try #require(askedRequest)
            let askedOriginal = talk.answer(request)
            let original = try #require(askedOriginal)
            let datagram = mutator.mutate(original)
            let (groups, last) = (one.client.groups, one.line.lastHeard)
            if datagram != original { talk.hear(datagram, &one) }
            #expect(one.client.groups == groups && one.line.lastHeard == last)
        }
        #expect(talk.holds(one))
    }

    @Test func `a changed body under a right seal breaks nothing, and the grant of another pair stays`() throws {
        var mutator = Mutator(random: SplitMix64(seed: Self.seed))
        var talk = WitnessTalk()
        var other = talk.party("lb1", pair: "shop", key: 2)
        talk.petition(.holding, term: 3, &other)
        var one = End(asking: "edge", as: "lb1")
        let welcome = talk.answer(one.hello())
        try one.answer(try #require(welcome))
        var answered = 0
        for round in 0..<Self.rounds {
            if round % 4 == 0 {
                let isAnswered = talk.round(&other)
                #expect(isAnswered && talk.holds(other), "seed \(Self.seed), round \(round)")
            }
            let groups = (1...UInt64.random(in: 1...20, using: &mutator.random)).map {
                PetitionBody.Entry(id: $0, term: $0, role: .claiming)
            }
            let petition = PetitionBody(
                number: UInt64(round + 1), takeoverTime: 500_000, grace: 100_000, groups: groups)
            var buffer = Frame.makeBuffer()
            let body = Array(buffer[..<petition.encode(into: &buffer, at: 0)])
            if talk.answer(one.sealed(Array(mutator.mutate(body).prefix(Segment.maximumLength)))) != nil {
                answered += 1
            }
            #expect(talk.machine.grants(now: talk.now) <= 65)
        }
        #expect(answered > 0 && talk.refusals[.malformed] > 0)
    }

    private static func number(_ name: String) -> Int? { getenv(name).flatMap { Int(String(cString: $0)) } }
}
