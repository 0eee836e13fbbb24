internal import Addresses
internal import Settings

/// The order in which Tandem lists services: by family, protocol, address and port, and marks behind them.
///
/// ipvsadm sorts by the same fields but subtracts addresses in 32 bits with a sign, which is no order at
/// all when addresses lie far apart; ours differs from it there.
package struct ServiceOrder: Comparable, Sendable {
    private let kind: Int
    private let family: Int
    private let mark: UInt32
    private let protocolNumber: Int
    private let endpoint: Endpoint?

    package init(_ service: ServiceIdentity) {
        family = service.family == .v4 ? 0 : 1
        switch service {
        case .endpoint(let transport, let endpoint):
            (kind, mark, protocolNumber) = (0, 0, transport.number)
            self.endpoint = endpoint
        case .mark(let mark, _):
            (kind, self.mark, protocolNumber) = (1, mark, 0)
            endpoint = nil
        }
    }

    package static func < (left: Self, right: Self) -> Bool {
        let one = (left.kind, Int(left.mark), left.family, left.protocolNumber)
        let other = (right.kind, Int(right.mark), right.family, right.protocolNumber)
        if one != other { return one < other }
        guard let first = left.endpoint, let second = right.endpoint else { return false }
        return first < second
    }
}

extension Sequence<ServiceIdentity> {
    /// In `ServiceOrder`.
    package func inServiceOrder() -> [ServiceIdentity] {
        map { (order: ServiceOrder($0), service: $0) }.sorted { $0.order < $1.order }.map(\.service)
    }
}
