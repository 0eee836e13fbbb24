import Addresses
import Balancing
import Glibc
import Linux
import Settings
import Testing

/// Sends what its own kernel balances: every address of a namespace is its own, so clients, services and servers all
/// live in it, and ip_vs looks at what leaves (`ip_vs_local_request`).
struct Senders {
    let director: Namespace

    init() throws {
        director = try Namespace()
        for net in ["192.0.2.0/24", "198.51.100.0/22", "10.1.0.0/24"] {
            try director.run("ip route add local \(net) dev lo")
        }
        for net in ["2001:db8:a::/64", "2001:db8:c::/64", "2001:db8:1::/64"] {
            try director.run("ip -6 route add local \(net) dev lo")
        }
        try director.enter()
        try Sysctl.write("net/ipv6/ip_nonlocal_bind", "1")
    }

    /// One datagram of the flow, and nothing else if there is no server.
    func send(_ flow: Flow) throws {
        let family = flow.client.address.family == .v4 ? AF_INET : AF_INET6
        let socket = Glibc.socket(family, Int32(SOCK_DGRAM.rawValue), 0)
        guard socket >= 0 else { throw NamespaceError(text: "socket: error \(errno)") }
        defer { close(socket) }
        var on: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, 4)
        var mark = flow.mark
        setsockopt(socket, SOL_SOCKET, SO_MARK, &mark, 4)
        try with(flow.client) { address, length in
            guard bind(socket, address, length) == 0 else {
                throw NamespaceError(text: "bind \(flow.client): error \(errno)")
            }
        }
        // Refused where nobody takes it: that is one of the answers.
        try with(flow.target) { address, length in _ = sendto(socket, "x", 1, 0, address, length) }
    }

    private func with(_ endpoint: Endpoint, _ body: (UnsafePointer<sockaddr>, socklen_t) throws -> Void) throws {
        let bytes = endpoint.address.bytes
        switch endpoint.address.family {
        case .v4:
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = endpoint.port.bigEndian
            withUnsafeMutableBytes(of: &address.sin_addr) { $0.copyBytes(from: bytes) }
            try withUnsafePointer(to: &address) { pointer in
                try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    try body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        case .v6:
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = endpoint.port.bigEndian
            withUnsafeMutableBytes(of: &address.sin6_addr) { $0.copyBytes(from: bytes) }
            try withUnsafePointer(to: &address) { pointer in
                try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    try body($0, socklen_t(MemoryLayout<sockaddr_in6>.size))
                }
            }
        }
    }

    /// What the kernel lists now.
    func connections() throws -> [Connection] {
        var found: [Connection] = []
        var reader = LineReader(path: "/proc/thread-self/net/ip_vs_conn")
        try reader.forEachLine { line in
            if let connection = Connection(line: line) { found.append(connection) }
            return true
        }
        return found
    }
}
