package import Addresses

/// What is known of a kernel that decides where a flow goes.
package struct KernelView: Sendable {
    package var table: Table
    /// The servers of each service in the kernel's order, the newest first: the schedulers walk it.
    package var order: [ServiceIdentity: [Endpoint]]
    package var connections: [ServiceIdentity: [Endpoint: TableText.Connections]]
    /// Of servers with weight 0: the last weight above 0 that they had, as far as known.
    package var lastWeights: [ServiceIdentity: [Endpoint: UInt32]]
    package var switches: KernelSwitches

    package init(
        table: Table, order: [ServiceIdentity: [Endpoint]] = [:],
        connections: [ServiceIdentity: [Endpoint: TableText.Connections]] = [:],
        lastWeights: [ServiceIdentity: [Endpoint: UInt32]] = [:], switches: KernelSwitches = KernelSwitches()
    ) {
        self.table = table
        self.order = order
        self.connections = connections
        self.lastWeights = lastWeights
        self.switches = switches
    }

    /// In the kernel's order; those that it does not name come last.
    func servers(of service: ServiceIdentity) -> [ServerState] {
        guard let held = table.services[service] else { return [] }
        let known = (order[service] ?? []).filter { held.servers[$0] != nil }
        let others = Set(held.servers.keys).subtracting(known).sorted()
        return (known + others).compactMap { endpoint in
            held.servers[endpoint].map { options in
                ServerState(
                    endpoint: endpoint, options: options, connections: connections[service]?[endpoint] ?? .init(),
                    lastWeight: lastWeights[service]?[endpoint])
            }
        }
    }
}

/// Switches of the kernel that a flow's way depends on, as a namespace has them from the start.
package struct KernelSwitches: Hashable, Sendable {
    /// `net.ipv4.ip_unprivileged_port_start`: from here on a port may be the data of FTP.
    package var firstFreePort: UInt16 = 1024
    /// `net.ipv4.vs.expire_nodest_conn`.
    package var expiresWithoutServer = false
    /// `net.ipv4.vs.expire_quiescent_template`.
    package var expiresQuiescent = false
    /// `net.ipv4.vs.conn_reuse_mode`.
    package var reuse = 1

    package init() {}
}
