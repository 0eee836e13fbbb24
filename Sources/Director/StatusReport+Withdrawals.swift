import Addresses
import Agreement
import Control
import Settings

extension Consequences {
    /// Why addresses are withdrawn on which these services listen, in words after a colon.
    func lack(of services: [String]) -> String {
        let names = services.prefix(3).joined(separator: ", ")
        let isKnown = services.contains { quorum(of: $0) != nil }
        return isKnown ? "too few servers of \(names)" : "nothing is known of the servers of \(names) yet"
    }
}

extension StatusReport {
    /// Why an address is on no director, in words after a colon; absent: it is not withdrawn.
    func withdrawn(_ address: IPAddress) -> String? {
        guard let services = withdrawals[address] else { return nil }
        let sentences = services.prefix(Self.mostReasons).map(lack)
        let others = services.count - sentences.count
        return (sentences + (others > 0 ? ["and so on for \(others) services more"] : [])).joined(separator: ", ")
    }

    private static let mostReasons = 3

    /// What a service takes off both directors; absent: nothing.
    func withdrawal(of service: ServiceSettings) -> WithdrawalStatus? {
        let addresses = withdrawals.filter { $0.value.contains(service.name) }.keys.sorted()
        guard !addresses.isEmpty else { return nil }
        return WithdrawalStatus(addresses: addresses.map(\.description), reason: lack(service.name))
    }

    private func lack(_ service: String) -> String {
        guard let view = consequences.quorum(of: service) else { return "nothing is known of \(service)'s servers yet" }
        return "\(service) has \(view.up) of \(max(1, view.wanted + view.hysteresis)) servers that it needs"
    }
}
