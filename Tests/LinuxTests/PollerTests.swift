import Addresses
import Glibc
import Linux
import Synchronization
import Testing

/// A thread's sleep: until a moment, or until somebody rings.
struct PollerTests {
    @Test func `wakes at the moment and not before`() throws {
        var poller = try Poller()
        let until = Clock.now() + .milliseconds(30)
        poller.wait(until: until) { _ in Issue.record("nobody rang") }
        let now = Clock.now()
        #expect(now >= until && now - until < .seconds(2))
    }

    @Test(arguments: [Instant(nanoseconds: 0), Instant(nanoseconds: 1), Clock.now()])
    func `does not sleep until a moment that has passed`(until: Instant) throws {
        var poller = try Poller()
        let before = Clock.now()
        poller.wait(until: until) { _ in Issue.record("nobody rang") }
        #expect(Clock.now() - before < .seconds(2))
    }

    @Test func `says by their marks who can be read, and not the timer`() throws {
        var poller = try Poller()
        let bells = try (0..<3).map { _ in try Wakeup() }
        for (mark, bell) in bells.enumerated() { try poller.watch(bell.fileDescriptor, mark: UInt64(mark + 10)) }
        bells[0].ring()
        bells[2].ring()
        var marks: [UInt64] = []
        poller.wait(until: .never) { marks.append($0) }
        #expect(marks.sorted() == [10, 12])
        bells[0].answer()
        marks = []
        poller.wait(until: .never) { marks.append($0) }
        #expect(marks == [12])
    }

    @Test func `what was forgotten wakes nobody`() throws {
        var poller = try Poller()
        let bell = try Wakeup()
        try poller.watch(bell.fileDescriptor, mark: 1)
        poller.forget(bell.fileDescriptor)
        bell.ring()
        poller.wait(until: Clock.now() + .milliseconds(10)) { _ in Issue.record("it was forgotten") }
    }

    @Test func `a descriptor that cannot be watched is an error`() throws {
        let poller = try Poller()
        #expect(throws: SystemError.self) { try poller.watch(-1, mark: 1) }
    }

    @Test func `a datagram wakes`() throws {
        var poller = try Poller()
        let wire = try Wire()
        try poller.watch(wire.near.fileDescriptor, mark: 3)
        #expect(wire.say([1]) == 0)
        var marks: [UInt64] = []
        poller.wait(until: .never) { marks.append($0) }
        #expect(marks == [3])
    }

    @Test func `many rings of other threads are one answer`() throws {
        var poller = try Poller()
        let bell = try Wakeup()
        let rung = Rung()
        try poller.watch(bell.fileDescriptor, mark: 1)
        for _ in 0..<4 {
            try OSThread.start(name: "ringer") {
                for _ in 0..<100 { bell.ring() }
                rung.threads.add(1, ordering: .sequentiallyConsistent)
            }
        }
        while rung.threads.load(ordering: .sequentiallyConsistent) < 4 { usleep(1000) }
        var marks = 0
        poller.wait(until: .never) { _ in marks += 1 }
        #expect(marks == 1)
        bell.answer()
        poller.wait(until: Clock.now() + .milliseconds(10)) { _ in marks += 1 }
        #expect(marks == 1)
    }

    private final class Rung: Sendable {
        let threads = Atomic<Int>(0)
    }
}
