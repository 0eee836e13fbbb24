import Addresses

extension ServiceSettings {
    /// Virtual addresses that one check may ask for: each is asked at every look.
    package static var mostDataPathAddresses: Int { 16 }

    /// Whether a client's packet can be sent to its servers, and an answer told from others.
    func dataPathViolations(of use: CheckUse, at index: Int) -> [Violation] {
        guard use.check.usesDataPath, let fault = dataPathFault(of: use) else { return [] }
        let because = ["listen", "forward", "servers"].map { Place(.services, index, $0) }
        return [Violation(at: use.place, because: because, "\(use.what) has data_path, \(fault)")]
    }

    private func dataPathFault(of use: CheckUse) -> String? {
        let check = use.check
        if check.kind == .none {
            return "and nothing is checked beside it; say check: {tcp, data_path: true}, or leave it out"
        }
        let hasDatagrams = listens.contains { $0.transport == .udp }
        if hasDatagrams, case .udp(let exchange) = check.kind, exchange.expect == nil {
            return "and its check takes silence for good, as a server without the virtual address has it; say what has "
                + "to come back with expect"
        }
        let asked = listens.filter { $0.transport == .tcp || $0.transport == .udp && check.kind.asksInDataPath }
        guard !asked.isEmpty else {
            if hasDatagrams {
                return "and listens on udp:// alone, where a check of dns, ntp, radius, udp or sip over udp is asked, "
                    + "and this is none; check by one of them, or leave it out"
            }
            return listens.contains { $0.transport == nil }
                ? "and listens on a mark, which has no address to ask for; leave it out"
                : "which asks over tcp and udp, and listens on neither; leave it out"
        }
        let addresses = Set(asked.compactMap { $0.endpoint?.address })
        if addresses.count > Self.mostDataPathAddresses {
            return "and listens on \(addresses.count) addresses; at most \(Self.mostDataPathAddresses) are asked for: "
                + "divide the service"
        }
        return servers(of: use).lazy.compactMap { dataPathFault(of: $0, by: check, asked) }.first
    }

    private func dataPathFault(of server: ServerSettings, by check: CheckSettings, _ asked: [Listen]) -> String? {
        if server.forwarding == .nat {
            return "and server \(server.text) is reached by nat: it has no virtual address, and the check goes its way "
                + "already; leave it out"
        }
        if server.endpoint.address.isLoopback {
            return "and server \(server.text) is this director; leave it out"
        }
        let reach = Reach(self)
        guard asked.contains(where: { reach.holds(server, behind: $0.family) }) else {
            return "and server \(server.text) stands behind none of the listens that are asked; leave it out"
        }
        if check.port ?? server.endpoint.port == 0, asked.contains(where: { $0.endpoint?.port == 0 }) {
            return "and server \(server.text) has no port to ask; give the check a port or the server one"
        }
        return nil
    }
}
