package import Addresses
package import Settings

extension Settings {
    /// The virtual addresses on which no director is to be reached, and the services that want that, in the order of
    /// the configuration. One service is enough, whatever else listens there.
    package func withdrawals(_ shortages: [String: Shortage]) -> [IPAddress: [String]] {
        var wishes: [IPAddress: [String]] = [:]
        guard shortages.values.contains(.withdrawn) else { return wishes }
        let virtual = virtualAddresses
        for service in services where shortages[service.name] == .withdrawn {
            for address in service.addresses(among: virtual) { wishes[address, default: []].append(service.name) }
        }
        return wishes
    }
}

/// Services that say `too_few: withdraw` and of which nothing is known yet.
///
/// A director that starts takes no such address that it does not hold already: it may be withdrawn, and whoever comes
/// would be sent away. It waits for the first results, or the peer's word, but no longer than those take at worst.
struct Reticence: Sendable {
    /// By service, when it ends.
    private(set) var ends: [String: Instant] = [:]

    /// - Parameter present: the virtual addresses that stand on this director at its start.
    init(_ settings: Settings, present: Set<IPAddress>, now: Instant) {
        let virtual = settings.virtualAddresses
        for service in settings.services where service.quorum?.tooFew == .withdraw {
            let unknown = service.checkedServers.map { service.check(of: $0) }.filter { $0.initial == .down }
            guard let patience = unknown.map(\.patience).max(),
                !service.addresses(among: virtual).isSubset(of: present)
            else { continue }
            ends[service.name] = now + patience
        }
    }

    /// When the next of them ends.
    var deadline: Instant { ends.values.min() ?? .never }

    func isOn(_ service: String, now: Instant) -> Bool { ends[service].map { now < $0 } ?? false }

    mutating func forget(_ service: String) { if !ends.isEmpty { ends[service] = nil } }

    mutating func keep(_ services: Set<String>) { ends = ends.filter { services.contains($0.key) } }
}
