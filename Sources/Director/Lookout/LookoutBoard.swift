import Addresses
import Election
import Synchronization

/// What the lookout lets others see of the surroundings.
final class LookoutBoard: Sendable {
    struct View: Sendable {
        var gateways: [Gateway] = []
        var claims: [Claim] = []
        /// Gateways that cannot be asked and groups without a path, in sentences.
        var problems: [String] = []
        /// This director's interface of each path; absent: it has not that address.
        var pathInterfaces: [String?] = []
    }

    struct Gateway: Hashable, Sendable {
        var address: IPAddress
        var interface: String
        var groups: [Int]
        var state: Inquiry.State
        var since: Instant
        var roundTrip: Duration
    }

    struct Claim: Hashable, Sendable {
        var record: ForeignClaims.Record
        var interface: String
        var group: Int
    }

    private let view = Mutex(View())

    var current: View { view.withLock { $0 } }

    func update(_ change: (inout View) -> Void) { view.withLock { change(&$0) } }
}
