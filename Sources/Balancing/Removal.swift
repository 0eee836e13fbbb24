internal import Addresses
package import Settings

/// How much of what a configuration balances another one would take away.
package struct Removal: Hashable, Sendable {
    // Implementation constant
    /// More than so many percent want a confirmation.
    package static let usualShare = 50

    /// Of the services of the table, not of the file: one for each listen.
    package private(set) var services = 0
    package private(set) var ofServices = 0
    /// Counted in each service that they are servers of.
    package private(set) var servers = 0
    package private(set) var ofServers = 0
    /// Nothing is balanced any more.
    package private(set) var isTotal = false

    package init(from old: Settings, to new: Settings) {
        let before = Self.members(of: old)
        let after = Self.members(of: new)
        ofServices = before.count
        isTotal = !before.isEmpty && after.isEmpty
        for (service, servers) in before {
            ofServers += servers.count
            if let others = after[service] {
                if others != servers { self.servers += Set(servers).subtracting(others).count }
            } else {
                services += 1
                self.servers += servers.count
            }
        }
    }

    /// Each once.
    private static func members(of settings: Settings) -> [ServiceIdentity: [Endpoint]] {
        var members: [ServiceIdentity: [Endpoint]] = [:]
        members.reserveCapacity(settings.services.count)
        for service in settings.services {
            for listen in service.listens {
                members[listen] = service.servers.map(\.endpoint).filter { $0.address.family == listen.family }
            }
        }
        return members
    }

    /// - Parameter share: in percent.
    package func exceeds(_ share: Int) -> Bool {
        isTotal || services * 100 > ofServices * share || servers * 100 > ofServers * share
    }
}

extension Removal: CustomStringConvertible {
    /// `3 of 4 services and 12 of 16 servers`.
    package var description: String {
        isTotal
            ? "all \(ofServices) services: the new configuration has none"
            : "\(services) of \(ofServices) services and \(servers) of \(ofServers) servers"
    }
}
