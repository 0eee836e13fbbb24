import Addresses
import Election
import Heartbeat
import Simulation
import Testing

/// Sessions and keys that change while the pair runs change no role.
struct RenewalTests {
    @Test(arguments: [0.0, 0.2])
    func `sessions are renewed by age and nothing else happens`(loss: Double) throws {
        var pair = settledPair {
            $0.misses = 5
            $0.renewal.age = .seconds(2)
        }
        for seat in Seat.allCases { pair.setWeather(from: seat) { $0.loss = loss } }
        var ages: [Duration] = []
        for _ in 0..<60 {
            pair.run(for: .seconds(1))
            for seat in Seat.allCases { ages.append(try sessionAge(pair, seat)) }
        }
        #expect(try #require(ages.max()) < .seconds(4), "\(pair.story)")
        #expect(pair.oracle.roleChanges == 0, "\(pair.story)")
        expectPeace(pair)
    }

    @Test func `sessions are renewed by their datagrams`() throws {
        var pair = settledPair { $0.renewal.datagrams = 100 }
        pair.run(for: .seconds(20))
        for seat in Seat.allCases { #expect(try sessionAge(pair, seat) < .seconds(8)) }
        #expect(pair.oracle.roleChanges == 0, "\(pair.story)")
        expectPeace(pair)
    }

    @Test func `100 keys are added, used and retired under a loss of 20 % and no role changes`() throws {
        var pair = settledPair {
            $0.misses = 5
            $0.rotation = .milliseconds(10)...(.milliseconds(400))
        }
        for seat in Seat.allCases { pair.setWeather(from: seat) { $0.loss = 0.2 } }
        while pair.rotations < 100, pair.now < Instant(nanoseconds: 3_000_000_000_000) { pair.run(for: .seconds(1)) }
        #expect(pair.rotations >= 100)
        #expect(pair.oracle.roleChanges == 0 && pair.holders() == [.lb1], "\(pair.story)")
        let keys = Seat.allCases.compactMap { pair[$0].machine?.keyID }
        #expect(keys.allSatisfy { $0 >= 7 + 100 }, "\(keys)")
        expectPeace(pair)
    }

    @Test func `a key that differs is told by its refusals, and the session in use stays`() {
        var pair = settledPair()
        pair.setKeys(.lb1) { keys in
            keys.accepted = [SimulatedKeys.key(9)]
            keys.sending = 9
        }
        pair.run(for: .seconds(10))
        #expect(pair.oracle.roleChanges == 0, "\(pair.story)")
        #expect(pair[.lb2].machine?.refusals[.unknownKey] ?? 0 > 0)
        #expect(pair[.lb1].machine?.keyID == 7)
    }

    private func sessionAge(_ pair: SimulatedPair, _ seat: Seat) throws -> Duration {
        let machine = try #require(pair[seat].machine)
        return pair.clock(of: seat) - (try #require(machine.sessionSince))
    }
}
