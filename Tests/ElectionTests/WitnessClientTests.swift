import Addresses
import Election
import Heartbeat
import Testing

struct WitnessClientTests {
    /// 200 ms × 5, one group of id 1, and what the machine said.
    private struct Director {
        var client = WitnessClient(
            groups: [1], interval: .milliseconds(200), takeoverTime: .seconds(1), now: Director.at(0))
        var events: [WitnessClient.Event] = []
        var said: Petition?

        static func at(_ milliseconds: Int) -> Instant { Instant(nanoseconds: UInt64(milliseconds + 5000) * 1_000_000) }

        mutating func petition(_ role: Petition.Role, term: UInt64, group: Int = 0, at time: Int) {
            let petition = Petition(group: group, term: term, role: role)
            if group == 0 { said = petition }
            client.petition(petition, now: Self.at(time), into: &events)
        }

        /// After the heart has said the same again, if it ever said something.
        mutating func ask(at time: Int, again: Bool = false) -> PetitionBody {
            if again, let said { client.petition(said, now: Self.at(time), into: &events) }
            return client.request(now: Self.at(time))
        }

        mutating func hear(
            _ verdict: GrantBody.Verdict, to petition: PetitionBody, term: UInt64, left: UInt32 = 1_000_000,
            at time: Int
        ) {
            let entry = GrantBody.Entry(id: 1, term: term, verdict: verdict, left: left, holder: 7)
            client.receive(
                GrantBody(number: petition.number, groups: [entry]), now: Self.at(time), into: &events)
        }

        var grants: [WitnessGrant?] { events.map(\.grant) }
    }

    @Test func `asks whenever the heart speaks, and without it only to show that it is there`() {
        var director = Director()
        director.petition(.none, term: 0, at: 0)
        #expect(director.ask(at: 0).groups == [.init(id: 1, term: 0, role: .none)])
        director.petition(.claiming, term: 5, at: 50)
        #expect(director.client.deadline == Director.at(50))
        #expect(
            director.ask(at: 50)
                == PetitionBody(
                    number: 2, takeoverTime: 1_000_000, grace: 200_000,
                    groups: [.init(id: 1, term: 5, role: .claiming)]))
        #expect(director.client.deadline == Director.at(350))
        director.petition(.claiming, term: 5, at: 60)
        #expect(director.client.deadline == Director.at(60))
    }

    @Test func `a request between two rounds of the heart does not make the next one wait`() {
        var director = Director()
        director.petition(.holding, term: 5, at: 0)
        director.hear(.granted, to: director.ask(at: 0), term: 5, at: 1)
        _ = director.ask(at: 150)
        director.petition(.holding, term: 5, at: 200)
        #expect(director.client.deadline == Director.at(200))
    }

    @Test func `a heart that says nothing is not spoken for, and is again as soon as it speaks`() {
        var director = Director()
        #expect(director.ask(at: 0).groups.isEmpty)
        #expect(director.client.deadline == Director.at(300))
        director.petition(.holding, term: 5, at: 10)
        #expect(director.client.deadline == Director.at(10))
        #expect(director.ask(at: 10).groups.count == 1)
        #expect(director.client.deadline == Director.at(310))
        #expect(director.ask(at: 310).groups.isEmpty)
        director.petition(.holding, term: 5, at: 311)
        #expect(director.client.deadline == Director.at(311))
        #expect(director.ask(at: 311).groups == [.init(id: 1, term: 5, role: .holding)])
    }

    @Test func `a grant counts from when its request left`() {
        var director = Director()
        director.petition(.claiming, term: 5, at: 0)
        let first = director.ask(at: 0)
        director.hear(.granted, to: first, term: 5, at: 300)
        #expect(director.grants == [WitnessGrant(term: 5, until: Director.at(1000))])
        #expect(director.client.roundTrip == .milliseconds(300))
        let second = director.ask(at: 400, again: true)
        #expect(second.groups[0].left == 600_000)
        director.hear(.granted, to: second, term: 5, at: 401)
        #expect(director.grants.last == WitnessGrant(term: 5, until: Director.at(1400)))
    }

    @Test func `an answer that took longer than the grant lasts is none`() {
        var director = Director()
        director.petition(.claiming, term: 5, at: 0)
        let first = director.ask(at: 0)
        director.hear(.granted, to: first, term: 5, at: 1000)
        #expect(director.grants.isEmpty)
    }

    @Test func `repeats, answers out of order and to nothing that was asked change nothing`() {
        var director = Director()
        director.petition(.claiming, term: 5, at: 0)
        let (first, second) = (director.ask(at: 0), director.ask(at: 200, again: true))
        director.hear(.granted, to: second, term: 5, at: 210)
        #expect(director.grants.count == 1)
        director.hear(.held, to: first, term: 6, at: 220)
        director.hear(.held, to: second, term: 6, at: 220)
        var strange = second
        strange.number = 99
        director.hear(.granted, to: strange, term: 5, at: 230)
        strange.number = 0
        director.hear(.granted, to: strange, term: 5, at: 230)
        #expect(director.grants.count == 1)
    }

    @Test func `gives a grant up at once when it is released, and takes no answer from before`() {
        var director = Director()
        director.petition(.claiming, term: 5, at: 0)
        let first = director.ask(at: 0)
        director.hear(.granted, to: first, term: 5, at: 10)
        let second = director.ask(at: 200, again: true)
        director.petition(.none, term: 5, at: 210)
        #expect(director.grants.last == .some(nil) && director.client.deadline == Director.at(210))
        director.hear(.granted, to: second, term: 5, at: 220)
        #expect(director.grants.count == 2)
        let third = director.ask(at: 220)
        #expect(third.groups == [.init(id: 1, term: 5, role: .none, left: 0)])
        director.petition(.claiming, term: 5, at: 230)
        director.hear(.granted, to: third, term: 5, at: 240)
        #expect(director.grants.count == 2)
    }

    @Test func `a claim that becomes a holding keeps its grant, and another term does not`() {
        var director = Director()
        director.petition(.claiming, term: 5, at: 0)
        director.hear(.granted, to: director.ask(at: 0), term: 5, at: 10)
        director.petition(.holding, term: 5, at: 20)
        #expect(director.grants.count == 1)
        director.petition(.holding, term: 6, at: 30)
        #expect(director.grants == [WitnessGrant(term: 5, until: Director.at(1000)), nil])
        director.hear(.granted, to: director.ask(at: 30), term: 5, at: 40)
        #expect(director.grants.count == 2)
    }

    @Test func `a witness that has just started withdraws nothing, and one that gave it to another does`() {
        var director = Director()
        director.petition(.claiming, term: 5, at: 0)
        director.hear(.granted, to: director.ask(at: 0), term: 5, at: 10)
        director.hear(.waiting, to: director.ask(at: 200, again: true), term: 0, at: 210)
        #expect(director.grants.count == 1)
        director.hear(.held, to: director.ask(at: 400, again: true), term: 6, at: 410)
        #expect(director.grants.last == .some(nil))
        #expect(director.client.groups[0].verdict == .held && director.client.groups[0].holder == 7)
    }

    @Test func `what is said of groups that it has not means nothing`() {
        var director = Director()
        director.petition(.claiming, term: 5, at: 0)
        director.petition(.claiming, term: 1, group: 3, at: 0)
        let petition = director.ask(at: 0)
        let entries = (2..<40).map { GrantBody.Entry(id: $0, term: 5, verdict: .granted, left: .max, holder: 1) }
        director.client.receive(
            GrantBody(number: petition.number, groups: Array(entries.prefix(32))), now: Director.at(5),
            into: &director.events)
        #expect(director.grants.isEmpty)
    }

    @Test func `no grant is longer than a minute, whatever is said`() {
        var director = Director()
        director.petition(.claiming, term: 5, at: 0)
        director.hear(.granted, to: director.ask(at: 0), term: 5, left: .max, at: 10)
        #expect(director.grants == [WitnessGrant(term: 5, until: Director.at(60_000))])
    }
}
