import Agreement
import Glibc
import NIOCore
import NIOPosix
import Settings

/// Looks at the files of checks, on threads that may hang together with a file system. Those who ask for a file that is
/// being looked at share that look. Lives on the checker's event loop.
final class FileLooks {
    private struct Waiting {
        var check: FileCheck
        var alarm: Scheduled<Void>
        var done: (Outcome) -> Void
    }

    private let loop: any EventLoop
    /// Who waits for the look at each path, by the order in which they asked.
    private var looks: [String: [UInt64: Waiting]] = [:]
    private var newest: UInt64 = 0

    init(on loop: any EventLoop) {
        self.loop = loop
    }

    /// Calls `done` once, on the loop, after the timeout at the latest.
    func begin(_ check: FileCheck, within timeout: TimeAmount, done: @escaping (Outcome) -> Void) {
        newest += 1
        let (path, mark) = (check.path, newest)
        let alarm = loop.assumeIsolated().scheduleTask(in: timeout) { [weak self] () -> Void in
            self?.looks[path]?.removeValue(forKey: mark)?.done(.fail(.file(.late)))
        }
        if looks[path] == nil { look(path) }
        looks[path, default: [:]][mark] = Waiting(check: check, alarm: alarm, done: done)
    }

    private func look(_ path: String) {
        let look = NIOThreadPool.singleton.runIfActive(eventLoop: loop) { FileLook(path) }
        look.assumeIsolated().whenComplete { [weak self] result in
            switch result {
            case .success(let look): self?.tell(look, path)
            // The pool is at its end, and so is the process.
            case .failure: self?.tell(.unseen(ECANCELED), path)
            }
        }
    }

    private func tell(_ look: FileLook, _ path: String) {
        for (_, one) in (looks.removeValue(forKey: path) ?? [:]).sorted(by: { $0.key < $1.key }) {
            one.alarm.cancel()
            one.done(look.outcome(one.check))
        }
    }
}

/// What is seen of a file.
private enum FileLook: Sendable {
    case absent
    /// Written so long ago by the wall clock; below 0: in times to come.
    case there(age: Duration)
    case unseen(Int32)

    init(_ path: String) {
        var found = stat()
        var now = timespec()
        guard unsafe stat(path, &found) == 0 else {
            self = errno == ENOENT || errno == ENOTDIR ? .absent : .unseen(errno)
            return
        }
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        let written = Duration.seconds(found.st_mtim.tv_sec) + .nanoseconds(found.st_mtim.tv_nsec)
        self = .there(age: .seconds(now.tv_sec) + .nanoseconds(now.tv_nsec) - written)
    }

    func outcome(_ check: FileCheck) -> Outcome {
        switch self {
        case .absent: .fail(.file(.absent))
        case .there(let age): check.newerThan.map { age > $0 } == true ? .fail(.file(.stale)) : .pass
        case .unseen(let code): .fail(.file(.unseen(code)))
        }
    }
}
