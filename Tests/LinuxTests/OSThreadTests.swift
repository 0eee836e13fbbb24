import Glibc
import Linux
import Synchronization
import Testing

struct OSThreadTests {
    /// What a thread says of itself.
    private struct Portrait: Sendable {
        var name = ""
        var id: pthread_t = 0
        var policy: Int32 = -1
        var priority: Int32 = -1
        var nice: Int32 = 0
    }

    private final class Answer: Sendable {
        let portrait = Mutex<Portrait?>(nil)
    }

    @Test func `runs its body once, on a thread of its own with its name`() throws {
        let (portrait, isAsAsked) = try portrait(priority: nil)
        #expect(isAsAsked)
        #expect(portrait.name == "tester" && portrait.id != pthread_self() && portrait.policy == SCHED_OTHER)
    }

    @Test func `says whether the kernel gave the priority that was asked for`() throws {
        let (portrait, isAsAsked) = try portrait(priority: 7)
        #expect(isAsAsked == (portrait.policy == SCHED_FIFO))
        #expect(portrait.priority == (isAsAsked ? 7 : 0))
    }

    @Test func `a priority that does not exist is not given, and the thread runs`() throws {
        let (portrait, isAsAsked) = try portrait(priority: 1000)
        #expect(!isAsAsked && portrait.policy == SCHED_OTHER)
    }

    @Test func `is as nice as it is to be, and no other thread is`() throws {
        let before = Self.nice
        #expect(try portrait(priority: nil, nice: 3).0.nice == before + 3)
        #expect(Self.nice == before)
        #expect(try portrait(priority: nil).0.nice == before)
    }

    @Test func `a name that is too long costs the name and not the thread`() throws {
        let (portrait, _) = try portrait(name: "a name of more than fifteen bytes", priority: nil)
        #expect(portrait.id != 0)
    }

    private func portrait(name: String = "tester", priority: Int32?, nice: Int32 = 0) throws -> (Portrait, Bool) {
        let answer = Answer()
        let isAsAsked = try OSThread.start(name: name, priority: priority, nice: nice == 0 ? 0 : Self.nice + nice) {
            var parameters = sched_param()
            sched_getparam(0, &parameters)
            let portrait = Portrait(
                name: Self.name, id: pthread_self(), policy: sched_getscheduler(0), priority: parameters.sched_priority,
                nice: Self.nice)
            answer.portrait.withLock { $0 = portrait }
        }
        for _ in 0..<2500 {
            if let portrait = answer.portrait.withLock({ $0 }) { return (portrait, isAsAsked) }
            usleep(2000)
        }
        return (try #require(answer.portrait.withLock { $0 }, "the thread never ran"), isAsAsked)
    }

    private static var nice: Int32 { getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0) }

    private static var name: String {
        guard let file = fopen("/proc/thread-self/comm", "r") else { return "" }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 64)
        return String(decoding: bytes[..<max(0, fread(&bytes, 1, 64, file) - 1)], as: UTF8.self)
    }
}
