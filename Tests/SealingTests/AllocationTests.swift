import Addresses
import CAllocations
import Election
import Heartbeat
import Sealing
import Simulation
import Testing

/// Once a pair beats, its machines ask for no memory: a heart must not wait for malloc's locks or a page of memory.
struct AllocationTests {
    @Test func `10,000 heartbeats written, received and judged allocate nothing`() throws {
        var duo = Duo(key: SharedKey(id: 1, secret: [UInt8](repeating: 1, count: 32)))
        duo.run(from: .zero, until: .seconds(3))
        var first = duo.parties[0]
        var second = duo.parties[1]
        try #require(first.machine.groups[0].role == .active && second.machine.peerState == .heard)
        // Nobody else holds what the two are made of, or they would have to copy it.
        duo = Duo(key: SharedKey(id: 1, secret: [UInt8](repeating: 1, count: 32)))
        var time = Duration.seconds(3)
        for subject in [Wish.Subject.pause, .secondStandby] {
            var wish = Wish(subject)
            (wish.isOn, wish.length, wish.reason) = (true, 604_800, ShortText("new fan"))
            first.machine.wish(wish, now: first.start + time, into: &first.orders)
        }
        first.orders.clear()
        beat(100, &first, &second, &time)
        try #require(second.machine.wishes.isPaused && second.machine.wishes.standby.isOn)
        let before = callocations_count()
        beat(10_000, &first, &second, &time)
        #expect(callocations_count() - before == 0)
        #expect(first.machine.refusals.total == 0 && second.machine.refusals.total == 0)
        #expect(first.machine.groups[0].role == .active && second.machine.groups[0].role == .backup)
    }

    @Test func `the counter counts`() {
        let before = callocations_count()
        let array = [UInt8](repeating: 1, count: Int.random(in: 100...200))
        #expect(array.count >= 100 && callocations_count() > before)
    }

    private func beat(_ rounds: Int, _ first: inout Duo.Party, _ second: inout Duo.Party, _ time: inout Duration) {
        for _ in 0..<rounds {
            time += Duo.interval
            say(&first, to: &second, time)
            say(&second, to: &first, time)
        }
    }

    private func say(_ speaker: inout Duo.Party, to listener: inout Duo.Party, _ time: Duration) {
        let now = speaker.start + time
        speaker.machine.wake(due: now, now: now, into: &speaker.orders)
        speaker.machine.tick(now: now, into: &speaker.orders)
        speaker.orders.clear()
        guard let count = speaker.machine.writeHeartbeat(path: 0, now: now, into: &speaker.buffer) else { return }
        listener.machine.receive(
            &speaker.buffer, count: count, path: 0, now: listener.start + time, into: &listener.orders)
        listener.orders.clear()
    }
}
