package import Addresses

/// Which addresses of a director's own something goes out from: at most one of each family.
package struct SourceAddresses: Hashable, Sendable {
    package var v4: IPv4Address?
    package var v6: IPv6Address?

    package init(v4: IPv4Address? = nil, v6: IPv6Address? = nil) {
        self.v4 = v4
        self.v6 = v6
    }

    /// Absent: the kernel chooses.
    package subscript(family family: AddressFamily) -> IPAddress? {
        switch family {
        case .v4: v4.map { .v4($0) }
        case .v6: v6.map { .v6($0) }
        }
    }

    package var all: [IPAddress] { AddressFamily.allCases.compactMap { self[family: $0] } }

    /// - Returns: false, and nothing is changed: there is one of that family already.
    package mutating func add(_ address: IPAddress) -> Bool {
        guard self[family: address.family] == nil else { return false }
        switch address {
        case .v4(let address): v4 = address
        case .v6(let address): v6 = address
        }
        return true
    }
}
