import Addresses
import Balancing
import Settings

enum KernelTable {
    /// Every combination of what Tandem sets.
    static func everything() -> Table {
        var table = Table()
        var number: UInt16 = 1000
        for family in AddressFamily.allCases {
            for transport in TransportProtocol.allCases {
                for scheduler in ["rr", "wrr", "lc", "wlc", "sh", "mh"] {
                    for persistence in [nil, 360] as [UInt32?] {
                        number += 1
                        let identity = ServiceIdentity.endpoint(transport, virtual(family, port: number))
                        table.services[identity] = TableService(
                            options: ServiceOptions(scheduler: scheduler, persistence: persistence),
                            servers: servers(family, port: number))
                    }
                }
            }
            table.services[.mark(7, family)] = TableService(servers: servers(family, port: 0))
        }
        return table
    }

    /// A thousand services with five servers each.
    static func large() -> Table {
        var table = Table()
        for number in 0..<1000 {
            let port = UInt16(1000 + number)
            table.services[.endpoint(.tcp, virtual(.v4, port: port))] = TableService(
                servers: Dictionary(
                    uniqueKeysWithValues: (1...5).map {
                        (Endpoint(address: address("10.1.0.\($0)"), port: port), ServerOptions(forwarding: .dr))
                    }))
        }
        return table
    }

    private static func virtual(_ family: AddressFamily, port: UInt16) -> Endpoint {
        Endpoint(address: address(family == .v4 ? "192.0.2.10" : "2001:db8::10"), port: port)
    }

    private static func servers(_ family: AddressFamily, port: UInt16) -> [Endpoint: ServerOptions] {
        var servers: [Endpoint: ServerOptions] = [:]
        for (index, forwarding) in Forwarding.allCases.enumerated() {
            for (offset, weight) in [0, 1, 65535].enumerated() {
                let host = index * 10 + offset + 1
                let server = address(family == .v4 ? "10.1.0.\(host)" : "2001:db8:1::\(host)")
                servers[Endpoint(address: server, port: port)] = ServerOptions(
                    forwarding: forwarding, weight: UInt32(weight))
            }
        }
        return servers
    }
}

/// Lines that begin with a service, each with the lines of its servers in an order of their own: ipvsadm sorts by a
/// subtraction that is no order.
func blocks(_ lines: some Sequence<String>) -> [Set<String>] {
    var blocks: [Set<String>] = []
    for line in lines where !line.isEmpty {
        if line.hasPrefix("-a ") || line.hasPrefix("  -> "), !blocks.isEmpty {
            blocks[blocks.count - 1].insert(line)
        } else {
            blocks.append([line])
        }
    }
    return blocks
}

extension Namespace {
    func rules() throws -> Set<Set<String>> {
        Set(blocks(try run("ipvsadm -Sn").split(separator: "\n").map(String.init)))
    }

    /// Without its three lines of title.
    func listing() throws -> Set<Set<String>> {
        Set(blocks(try run("ipvsadm -Ln").split(separator: "\n").map(String.init).dropFirst(3)))
    }
}
