import CLinux
import Glibc
import Linux
import Synchronization

/// Work on a thread of its own, in the network namespace of a node of the lab, and what came of it.
package final class OwnThread<Outcome: Sendable>: Sendable {
    private let outcome = Mutex<Result<Outcome, DrillError>?>(nil)
    private let isToEnd = Atomic(false)

    /// - Parameters:
    ///   - namespace: a file such as /run/netns/client; nil: where the process is.
    ///   - body: is given a question that it must ask often: whether it shall come to an end.
    package init(
        _ name: String, in namespace: String?,
        _ body: @escaping @Sendable (_ isToEnd: () -> Bool) throws(DrillError) -> Outcome
    ) throws(DrillError) {
        do {
            try OSThread.start(name: name) { [self] in
                let result = Self.run(in: namespace) { () throws(DrillError) in
                    try body { isToEnd.load(ordering: .relaxed) }
                }
                outcome.withLock { $0 = result }
            }
        } catch {
            throw DrillError("\(error)")
        }
    }

    private static func run(
        in namespace: String?, _ body: () throws(DrillError) -> Outcome
    ) -> Result<Outcome, DrillError> {
        Result { () throws(DrillError) in
            if let namespace { try NetworkNamespace.enter(namespace) }
            return try body()
        }
    }

    package func end() { isToEnd.store(true, ordering: .relaxed) }

    /// nil while it still works.
    package var result: Result<Outcome, DrillError>? { outcome.withLock { $0 } }
}

enum NetworkNamespace {
    /// The calling thread's sockets are of that namespace from now on; those that it has stay where they are.
    static func enter(_ path: String) throws(DrillError) {
        guard clinux_enter_network(path) == 0 else {
            throw DrillError("enter the network namespace \(path)", errno: errno)
        }
    }
}
