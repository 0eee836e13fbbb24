import Addresses
import Heartbeat
import Simulation
import Testing

/// The stream over wires that lose, double and reorder, between directors that come and go.
struct StreamTests {
    @Test(arguments: 0..<6) func `every message arrives once, whole and in order`(seed: UInt64) {
        var pair = talkingPair(seed)
        for seat in Seat.allCases {
            pair.setWeather(from: seat) {
                $0.loss = 0.2
                $0.duplication = 0.2
                $0.delay = .zero...(.milliseconds(60))
            }
        }
        pair.run(for: .seconds(10))
        expectDelivery(&pair)
    }

    @Test(arguments: 0..<6) func `directors that restart begin anew`(seed: UInt64) {
        var pair = talkingPair(seed)
        var random = SplitMix64(seed: seed)
        for seat in Seat.allCases { pair.setWeather(from: seat) { $0.loss = 0.1 } }
        for _ in 0..<6 {
            pair.run(for: random.duration(in: .milliseconds(100)...(.seconds(3))))
            let seat = random.chance(0.5) ? Seat.lb1 : .lb2
            switch Int.random(in: 0..<4, using: &random) {
            case 0: pair.crash(seat)
            case 1: pair.stall(seat, for: .seconds(1))
            case 2: pair.cut()
            default: pair.heal()
            }
            for seat in Seat.allCases where random.chance(0.7) { pair.start(seat) }
        }
        for seat in Seat.allCases { pair.start(seat) }
        pair.heal()
        pair.run(for: .seconds(5))
        expectDelivery(&pair)
    }

    private func talkingPair(_ seed: UInt64) -> SimulatedPair {
        settledPair {
            $0.seed = seed
            $0.paths = seed % 2 == 0 ? 2 : 1
            $0.misses = 10
            $0.renewal.age = .seconds(2)
            $0.inboxRoom = seed % 3 == 0 ? 16 : 64
            $0.talk = .milliseconds(1)...(.milliseconds(400))
        }
    }

    /// On good wires everything that was said is heard, but for what is being said.
    private func expectDelivery(_ pair: inout SimulatedPair) {
        pair.heal()
        pair.fallSilent()
        pair.run(for: .seconds(10))
        for seat in Seat.allCases {
            let talk = pair.talk(from: seat)
            #expect(talk.said > 0 && talk.said == talk.heard, "\(pair.story)")
        }
        expectPeace(pair)
    }
}
