import Balancing
import Netlink
import Synchronization

/// What the balancer lets others see.
final class BalancerBoard: Sendable {
    enum State: Sendable {
        case pending, ok
        /// With the first sentences of what the kernel refused.
        case failed([String])
        /// The kernel has no ip_vs.
        case missing
    }

    struct View: Sendable {
        var state: State = .pending
        var desired = Table()
        /// As read back last; absent while there is no ip_vs.
        var read: ReadTable?
        var warnings: [String] = []
        /// Why connections are not synced, if they should be.
        var syncProblem: String?
    }

    private let view = Mutex(View())

    var current: View { view.withLock { $0 } }

    func update(_ change: (inout View) -> Void) { view.withLock { change(&$0) } }
}
