import Addresses
import Linux

/// The scripts that run, and the thread that watches them.
struct ScriptThread: ~Copyable {
    private struct Running {
        var command: RunningCommand
        var done: @Sendable (Scripts.Ending) -> Void
    }

    /// How soon what scripts left behind is looked at again.
    private static let sweepPeriod = Duration.milliseconds(20)
    private static let wakeupMark: UInt64 = 0

    private let scripts: Scripts
    private let wakeup: Wakeup
    private let limit: Int
    private var poller: Poller
    /// By the mark of their descriptors.
    private var running: [UInt64: Running] = [:]
    private var newest = ScriptThread.wakeupMark
    private var nextSweep = Instant.never

    init(of scripts: Scripts, _ wakeup: Wakeup, limit: Int) throws(SystemError) {
        let poller = try Poller()
        try poller.watch(wakeup.fileDescriptor, mark: Self.wakeupMark)
        self.poller = poller
        self.scripts = scripts
        self.wakeup = wakeup
        self.limit = limit
    }

    /// Works until the scripts are stopped. Those that still run then are ended.
    consuming func run() {
        var marks: Set<UInt64> = []
        while true {
            marks.removeAll(keepingCapacity: true)
            poller.wait(until: deadline) { marks.insert($0) }
            if marks.contains(Self.wakeupMark) { wakeup.answer() }
            proceed(marks)
            guard let jobs = scripts.take(limit - running.count) else { break }
            for job in jobs { begin(job) }
            let now = Clock.now()
            if now >= nextSweep { nextSweep = Children.sweep() > 0 ? now + Self.sweepPeriod : .never }
        }
    }

    private var deadline: Instant { running.values.reduce(nextSweep) { min($0, $1.command.deadline) } }

    private mutating func proceed(_ marks: Set<UInt64>) {
        let now = Clock.now()
        for (mark, one) in running where marks.contains(mark) || one.command.deadline <= now {
            guard let result = one.command.proceed(now: now) else { continue }
            running[mark] = nil
            nextSweep = now
            one.done(.success(result))
        }
    }

    private mutating func begin(_ job: Scripts.Job) {
        do throws(CommandProblem) {
            let command = try RunningCommand(job.command, now: Clock.now())
            newest += 1
            for descriptor in command.descriptors { try? poller.watch(descriptor, mark: newest) }
            running[newest] = Running(command: command, done: job.done)
        } catch {
            job.done(.failure(error))
        }
    }
}
