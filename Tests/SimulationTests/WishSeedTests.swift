import Election
import Heartbeat
import Simulation
import Testing

/// Wishes among faults, by seed.
struct WishSeedTests {
    @Test(arguments: 0..<8)
    func `whatever was wished among whatever faults, both agree in the end and one is active`(batch: UInt64) {
        for seed in (batch * 2)..<(batch * 2 + 2) {
            var pair = troubled(seed)
            for subject in Wish.Subject.allCases {
                let stamps = Seat.allCases.map { pair[$0].machine?.wishes[subject].stamp }
                #expect(stamps[0] == stamps[1], "\(pair.story)")
            }
            #expect(pair.isPaused(.lb1) == pair.isPaused(.lb2), "\(pair.story)")
            for seat in Seat.allCases { pair.setStandby(false, of: seat, at: .lb1) }
            pair.pause(seconds: 0, at: .lb2)
            pair.run(for: .seconds(25))
            #expect(pair.holders().count == 1, "\(pair.story)")
            expectPeace(pair)
        }
    }

    /// Eight blows and twelve wishes, and then fair weather with both daemons.
    private func troubled(_ seed: UInt64) -> SimulatedPair {
        var random = SplitMix64(seed: seed ^ 0x715E)
        var options = SimulatedPair.Options()
        options.seed = seed
        options.groups = [.init(name: "web", prefers: .lb1, preempt: .seconds(2))]
        var pair = SimulatedPair(options)
        pair.startBoth()
        for step in 0..<20 {
            pair.run(for: random.duration(in: .milliseconds(5)...(.seconds(2))))
            let seat = random.chance(0.5) ? Seat.lb1 : .lb2
            if step % 5 < 3 { wish(&pair, at: seat, &random) } else { strike(&pair, seat, &random) }
        }
        pair.heal()
        for seat in Seat.allCases {
            pair.setFortune(seat) { $0 = HandFortune() }
        }
        pair.run(for: .seconds(12))
        for seat in Seat.allCases { pair.start(seat) }
        pair.run(for: .seconds(5))
        return pair
    }

    private func wish(_ pair: inout SimulatedPair, at seat: Seat, _ random: inout SplitMix64) {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: pair.pause(seconds: UInt32.random(in: 0...3600, using: &random), at: seat)
        case 1: pair.pause(seconds: 0, at: seat)
        case 2: pair.setStandby(random.chance(0.6), of: seat, at: seat)
        default: pair.setStandby(random.chance(0.6), of: seat.other, at: seat)
        }
    }

    private func strike(_ pair: inout SimulatedPair, _ seat: Seat, _ random: inout SplitMix64) {
        switch Int.random(in: 0..<8, using: &random) {
        case 0: pair.crash(seat)
        case 1: pair.terminate(seat)
        case 2, 3: for seat in Seat.allCases { pair.start(seat) }
        case 4: pair.stall(seat, for: random.duration(in: .milliseconds(50)...(.seconds(2))))
        case 5: pair.cut(path: random.chance(0.5) ? 0 : nil)
        case 6:
            pair.setWeather(from: seat) {
                $0.loss = 0.4
                $0.duplication = 0.3
                $0.delay = .zero...(.milliseconds(80))
            }
        default: pair.heal()
        }
    }
}
