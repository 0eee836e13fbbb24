import Addresses
import Checks
import Simulation
import Testing

struct TimingWheelTests {
    private static func at(_ milliseconds: UInt64) -> Instant { Instant(nanoseconds: milliseconds * 1_000_000) }

    private func wheel(slots: Int = 8) -> TimingWheel<Int> {
        TimingWheel(tick: .milliseconds(5), slots: slots, start: Self.at(1000))
    }

    private func taken(_ wheel: inout TimingWheel<Int>, at time: UInt64) -> [Int] {
        var due: [Int] = []
        wheel.advance(to: Self.at(time), into: &due)
        return due
    }

    @Test func `gives what is due at its tick, and once`() {
        var wheel = wheel()
        #expect(wheel.next == nil)
        #expect(wheel.insert(1, due: Self.at(1010)) == Self.at(1010))
        #expect(wheel.insert(2, due: Self.at(1011)) == Self.at(1015))
        #expect(wheel.next == Self.at(1010))
        #expect(taken(&wheel, at: 1009) == [])
        #expect(taken(&wheel, at: 1010) == [1])
        #expect(wheel.next == Self.at(1015))
        #expect(taken(&wheel, at: 1016) == [2])
        #expect(taken(&wheel, at: 2000) == [])
        #expect(wheel.next == nil)
    }

    @Test func `gives what is overdue at the next tick`() {
        var wheel = wheel()
        #expect(wheel.insert(1, due: Self.at(3)) == Self.at(1005))
        #expect(taken(&wheel, at: 1004) == [])
        #expect(taken(&wheel, at: 1005) == [1])
    }

    @Test func `passes by what is due turns later`() {
        var wheel = wheel()
        wheel.insert(1, due: Self.at(1005 + 3 * 40))
        for time in stride(from: UInt64(1000), to: 1125, by: 5) { #expect(taken(&wheel, at: time) == []) }
        #expect(taken(&wheel, at: 1125) == [1])
    }

    @Test func `gives everything to who slept for turns`() {
        var wheel = wheel()
        for index in 0..<100 { wheel.insert(index, due: Self.at(1000 + UInt64(index))) }
        #expect(Set(taken(&wheel, at: 9000)) == Set(0..<100))
    }

    @Test func `forgets what is not wanted any more`() {
        var wheel = wheel()
        wheel.insert(1, due: Self.at(1010))
        wheel.insert(2, due: Self.at(1020))
        wheel.removeAll { $0 == 1 }
        #expect(wheel.next == Self.at(1020))
        wheel.removeAll { $0 == 2 }
        #expect(wheel.next == nil)
    }

    @Test(arguments: 0..<50)
    func `gives everything once, never early, at most a tick late, to who asks when told`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var wheel = wheel(slots: Int.random(in: 1...64, using: &random))
        var waiting: [Int: UInt64] = [:]
        var now: UInt64 = 1000
        for element in 0..<500 {
            let due = now + UInt64.random(in: 0...900, using: &random)
            wheel.insert(element, due: Self.at(due))
            waiting[element] = due
            guard Int.random(in: 0..<4, using: &random) == 0 else { continue }
            let next = try #require(wheel.next)
            now = max(now, next.nanoseconds / 1_000_000)
            for element in taken(&wheel, at: now) {
                let due = waiting.removeValue(forKey: element)
                #expect(try #require(due) <= now)
            }
            #expect(waiting.values.allSatisfy { $0 + 5 > now })
        }
        while let next = wheel.next {
            now = next.nanoseconds / 1_000_000
            for element in taken(&wheel, at: now) { #expect(waiting.removeValue(forKey: element) != nil) }
        }
        #expect(waiting.isEmpty)
    }
}
