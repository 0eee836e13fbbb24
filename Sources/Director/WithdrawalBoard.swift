import Addresses
import Synchronization

/// Which virtual addresses are withdrawn, and the services that want it so.
///
/// The balancer writes it once the kernel's table is what the same verdicts ask for: who comes when an address is back
/// finds servers there. The hand obeys it; the lookout and the status know it.
final class WithdrawalBoard: Sendable {
    struct View: Sendable {
        var services: [IPAddress: [String]] = [:]
        /// Counts the changes.
        var number: UInt64 = 0
    }

    private let view = Mutex(View())

    var current: View { view.withLock { $0 } }

    func set(_ services: [IPAddress: [String]]) {
        view.withLock { view in
            guard view.services != services else { return }
            view.services = services
            view.number += 1
        }
    }
}
