import Addresses
import Election
import Heartbeat
import Sealing
import Testing

/// The sessions of many pairs' directors with one witness.
struct WitnessSessionTests {
    @Test func `directors of two pairs and one name are told apart`() throws {
        var talk = WitnessTalk()
        var parties = [
            talk.party("lb1"), talk.party("lb2"), talk.party("lb1", pair: "shop", key: 2),
            talk.party("lb2", pair: "shop", key: 2),
        ]
        for index in parties.indices {
            talk.petition(.claiming, term: UInt64(index + 1), &parties[index])
            let isAnswered = talk.round(&parties[index])
            #expect(isAnswered)
        }
        #expect(parties.map(talk.holds) == [true, false, true, false])
        #expect(talk.audience.seats.count == 4 && talk.refusals.total == 0)
        #expect(talk.machine.grants(now: talk.now) == 2)
    }

    @Test func `every session of a life begins with the same 32 bits, and of another life with others`() throws {
        var talk = WitnessTalk()
        var (one, other) = (talk.party("lb1"), talk.party("lb2", pair: "shop", key: 2))
        talk.round(&one)
        talk.round(&other)
        let prefix = talk.audience.prefix
        for party in [one, other] {
            var party = party
            let askedDatagram = talk.request(&party)
            let datagram = try #require(askedDatagram)
            #expect(datagram[4..<8].reduce(0) { $0 << 8 | UInt32($1) } == prefix)
        }
        talk.restart()
        #expect(talk.audience.prefix != prefix && prefix != 0)
    }

    @Test func `a wrong key, a pair that it has not and a director that it has not are counted and not answered`()
        throws
    {
        var talk = WitnessTalk([
            WitnessTalk.pair("edge", key: 1, directors: ["lb1", "lb2"]), WitnessTalk.pair("shop", key: 2),
        ])
        var strangers = [
            (talk.party("lb1", key: 9), Refusal.unknownKey), (talk.party("lb1", pair: "other"), .wrongPair),
            (talk.party("lb1", pair: "shop"), .wrongPair), (talk.party("lb3"), .wrongDirector),
        ]
        for index in strangers.indices {
            let before = talk.refusals[strangers[index].1]
            let askedHello = talk.hello(&strangers[index].0)
            let hello = try #require(askedHello)
            let answer = talk.answer(hello)
            #expect(answer == nil)
            #expect(talk.refusals[strangers[index].1] == before + 1)
        }
        #expect(talk.audience.seats.isEmpty)
        var right = talk.party("lb1")
        let isAnswered = talk.round(&right)
        #expect(isAnswered)
    }

    @Test func `the directors' own hellos and datagrams mean nothing to a witness`() throws {
        var talk = WitnessTalk()
        var director = End("lb1", peer: "lb2", pair: "edge")
        let reflected = talk.answer(director.hello())
        #expect(reflected == nil)
        #expect(talk.refusals[.wrongDirector] == 1)
        var (left, _) = try End.talkingPair()
        let foreign = talk.answer(left.data())
        #expect(foreign == nil)
        #expect(talk.refusals[.unknownSession] == 1)
    }

    @Test func `a witness that restarted is found again, and grants to who has a grant and nobody else`() throws {
        var talk = WitnessTalk()
        var (one, other) = (talk.party("lb1"), talk.party("lb2"))
        talk.petition(.holding, term: 3, &one)
        talk.petition(.claiming, term: 4, &other)
        talk.round(&one)
        talk.round(&other)
        #expect(talk.holds(one) && !talk.holds(other))
        talk.restart()
        for _ in 0..<3 {
            talk.round(&other)
            talk.round(&one)
        }
        #expect(talk.holds(one) && !talk.holds(other))
        #expect(one.line.restarts == 1 && talk.refusals[.unknownSession] > 0)
        #expect(one.events.allSatisfy { $0.grant != nil })
    }

    @Test func `a session is renewed without a question that goes unanswered`() throws {
        var talk = WitnessTalk()
        var one = talk.party("lb1")
        one.line.renewal.age = .seconds(1)
        talk.petition(.holding, term: 1, &one)
        for _ in 0..<50 {
            let isAnswered = talk.round(&one)
            #expect(isAnswered)
        }
        #expect(talk.audience.seats.count == 1 && talk.refusals.total == 0 && one.line.refusals.total == 0)
        #expect(one.line.restarts == 0)
    }

    @Test func `what else a later witness says counts as life and grants nothing`() throws {
        var talk = WitnessTalk()
        var one = talk.party("lb1")
        talk.petition(.claiming, term: 1, &one)
        talk.round(&one)
        let events = one.events
        var buffer = Frame.makeBuffer()
        let body: [UInt8] = [9, 200] + [UInt8](repeating: 7, count: 40)
        buffer.replaceSubrange(Frame.headerLength..<(Frame.headerLength + body.count), with: body)
        let boot = BootID(high: fingerprint("lb1"), low: 1)
        let sealed = talk.audience.seal(&buffer, bodyLength: body.count, seat: 0, boot: boot)
        talk.now = talk.now + .milliseconds(50)
        talk.hear(Array(buffer[..<(try #require(sealed))]), &one)
        #expect(one.line.lastHeard == talk.now && one.line.refusals.total == 0 && one.events == events)
    }

    @Test func `keys change without a question that goes unanswered`() throws {
        var talk = WitnessTalk([.init(name: "edge", keys: [End.key(1), End.key(2)], sending: 1)])
        var one = talk.party("lb1")
        talk.round(&one)
        one.line.setKeys([End.key(1), End.key(2)], sending: 2)
        for _ in 0..<5 {
            let isAnswered = talk.round(&one)
            #expect(isAnswered)
        }
        #expect(one.line.keyID == 2)
    }

    @Test func `two machines under one name take turns and never hold together`() throws {
        var talk = WitnessTalk()
        var (one, twin) = (talk.party("lb1"), talk.party("lb1", life: 2))
        talk.petition(.holding, term: 1, &one)
        talk.petition(.holding, term: 2, &twin)
        talk.round(&one)
        #expect(talk.holds(one))
        for _ in 0..<40 {
            talk.round(&one)
            talk.round(&twin)
            #expect(!(talk.holds(one) && talk.holds(twin)))
        }
    }

    @Test func `a flood of recorded hellos leaves living sessions alone, and ends`() throws {
        var talk = WitnessTalk()
        var one = talk.party("lb1")
        talk.round(&one)
        var recordings: [Datagram] = []
        for life in 2..<60 {
            var party = talk.party("lb2", life: UInt64(life))
            let hello = talk.hello(&party)
            recordings.append(try #require(hello))
        }
        for round in 0..<20 {
            for recording in recordings + recordings { _ = talk.answer(recording) }
            let isAnswered = talk.round(&one)
            #expect(isAnswered, "round \(round)")
        }
        #expect(talk.refusals[.overBudget] > 0)
        talk.now = talk.now + .seconds(1)
        var other = talk.party("lb2", life: 100)
        let isAnswered = talk.round(&other)
        #expect(isAnswered)
    }

    @Test func `names that nobody listed have four seats, and a silent one gives way after a minute`() throws {
        var talk = WitnessTalk()
        var parties = (1...5).map { talk.party("lb\($0)") }
        for index in 0..<4 { talk.round(&parties[index]) }
        let isHeard = talk.round(&parties[4])
        #expect(!isHeard && talk.refusals[.wrongDirector] == 1)
        talk.now = talk.now + .seconds(59)
        for index in 1..<4 { talk.round(&parties[index]) }
        talk.now = talk.now + .seconds(2)
        let isHeardNow = talk.round(&parties[4])
        #expect(isHeardNow && talk.audience.seats.count == 4)
    }

    @Test func `what is replayed or sent back changes nothing`() throws {
        var talk = WitnessTalk()
        var one = talk.party("lb1")
        talk.petition(.holding, term: 1, &one)
        talk.round(&one)
        let askedRequest = talk.request(&one)
        let request = try #require(askedRequest)
        let askedAnswer = talk.answer(request)
        let answer = try #require(askedAnswer)
        let replayed = talk.answer(request)
        #expect(replayed == nil && talk.refusals[.replayed] == 1)
        let returned = talk.answer(answer)
        #expect(returned == nil)
        talk.hear(answer, &one)
        let events = one.events
        talk.hear(answer, &one)
        talk.hear(request, &one)
        #expect(one.events == events && one.line.refusals.total == 2)
    }
}
