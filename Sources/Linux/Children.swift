import CLinux
import Glibc
import Synchronization

/// The processes of this process's commands, and what they leave behind.
///
/// Each command leads a session of its own. A process that it started and that outlived it, even one that detached
/// itself by a session of its own, becomes a child of this process, is ended and reaped.
package enum Children {
    /// The sessions of the commands that run.
    private static let leaders = Mutex<Set<pid_t>>([])

    /// Makes this process the parent of what its commands leave behind; once, before the first command.
    package static func adoptOrphans() throws(SystemError) {
        guard clinux_adopt_orphans() == 0 else { throw .last("adopt what commands leave behind") }
    }

    /// Nobody looks at the children between the beginning of one and its enrolment.
    static func enrol(_ spawn: () -> pid_t) -> pid_t {
        leaders.withLock { leaders in
            let pid = spawn()
            if pid > 0 { leaders.insert(pid) }
            return pid
        }
    }

    /// The command is reaped, or given up: then the next sweep reaps it.
    static func dismiss(_ pid: pid_t) { leaders.withLock { _ = $0.remove(pid) } }

    /// Ends what ended commands left behind, and reaps what has ended; how much is still there. What it kills is
    /// reaped by the next one.
    @discardableResult
    package static func sweep() -> Int {
        let own = getsid(0)
        return leaders.withLock { leaders in
            var left = 0
            for child in all() where !leaders.contains(child) {
                let session = getsid(child)
                // Not a command's: somebody else in this process waits for it.
                guard session > 0, session != own, !leaders.contains(session) else { continue }
                kill(child, SIGKILL)
                if waitpid(child, nil, WNOHANG) == 0 { left += 1 }
            }
            return left
        }
    }

    /// proc(5), /proc/PID/task/TID/children: the orphans of one moment, whichever thread they fell to.
    private static func all() -> [pid_t] {
        Folder.names(in: "/proc/self/task").flatMap { thread in
            let path = "/proc/self/task/\(thread)/children"
            let text = (try? DurableFile.read(path, limit: 1 << 20)).map { String(decoding: $0, as: UTF8.self) }
            return (text ?? "").split(separator: " ").compactMap { pid_t($0) }
        }
    }
}
