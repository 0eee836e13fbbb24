import Linux
import NIOCore
import Synchronization

/// Jobs for a thread that begins with the first of them, first come, first served.
final class JobQueue<Job: Sendable>: Sendable {
    private struct State {
        var waiting = CircularBuffer<Job>()
        var wakeup: Wakeup?
        var isStopped = false
    }

    private let state = Mutex(State())

    /// After `stop` the job is forgotten.
    ///
    /// - Parameter start: starts the thread, and gives what rings for it.
    /// - Returns: why there is no thread for the job.
    func add(_ job: Job, start: () throws(SystemError) -> Wakeup) -> SystemError? {
        state.withLock { state -> SystemError? in
            guard !state.isStopped else { return nil }
            do throws(SystemError) {
                if state.wakeup == nil { state.wakeup = try start() }
            } catch {
                return error
            }
            state.waiting.append(job)
            state.wakeup?.ring()
            return nil
        }
    }

    /// Forgets those that wait, and lets the thread end.
    func stop() {
        state.withLock { state in
            state.isStopped = true
            state.waiting.removeAll()
            state.wakeup?.ring()
        }
    }

    /// The next ones, at most `count`; absent: there are to be no more.
    func take(_ count: Int = .max) -> [Job]? {
        state.withLock { state in
            guard !state.isStopped else { return nil }
            let jobs = Array(state.waiting.prefix(count))
            state.waiting.removeFirst(jobs.count)
            return jobs
        }
    }
}
