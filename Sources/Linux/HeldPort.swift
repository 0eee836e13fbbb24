import CLinux
import Glibc

/// A TCP port that no other program of this machine gets, and at which the kernel says nothing to anybody: sockets that
/// listen there and whose filter drops everything, so that no segment is answered by a reset (net/ipv4/tcp_ipv4.c,
/// `tcp_v4_rcv`).
struct HeldPort: ~Copyable {
    let number: UInt16
    private let v4: FileDescriptor
    /// Absent: this machine has no IPv6.
    private let v6: FileDescriptor?

    // Implementation constant: the kernel chooses for one family what the other may have given away.
    private static let attempts = 16

    init() throws(SystemError) {
        var last = SystemError(errno: EADDRINUSE, what: "hold a TCP port")
        for _ in 0..<Self.attempts {
            let v4 = try Self.open(AF_INET)
            let number = try Self.listen(v4, AF_INET, port: 0)
            do throws(SystemError) {
                let v6 = try Self.open(AF_INET6)
                _ = try Self.listen(v6, AF_INET6, port: number)
                self.v6 = consume v6
            } catch {
                last = error
                guard error.errno != EADDRINUSE else { continue }
                self.v6 = nil
            }
            self.v4 = v4
            self.number = number
            return
        }
        throw last
    }

    private static func open(_ domain: Int32) throws(SystemError) -> FileDescriptor {
        try deafSocket(domain, SOCK_STREAM, isAlone: true)
    }

    /// One that drops whatever comes, and is not bound yet.
    ///
    /// - Parameter isAlone: whether one of IPv6 is of IPv6 alone.
    static func deafSocket(
        _ domain: Int32, _ kind: __socket_type, isAlone: Bool
    ) throws(SystemError) -> FileDescriptor {
        let type = Int32(kind.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let socket = try FileDescriptor(Glibc.socket(domain, type, 0), "open a socket to hold a port")
        guard PacketFilter([FilterStep.drop]).attach(to: socket.number) else {
            throw .last("filter a socket that holds a port")
        }
        var option: Int32 = isAlone ? 1 : 0
        if domain == AF_INET6 {
            let size = socklen_t(MemoryLayout<Int32>.size)
            unsafe setsockopt(socket.number, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &option, size)
        }
        return socket
    }

    private static func listen(
        _ socket: borrowing FileDescriptor, _ domain: Int32, port: UInt16
    ) throws(SystemError) -> UInt16 {
        // Family, port in network order, and zeros: any address.
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(domain)
        address.sin6_port = port.bigEndian
        let descriptor = socket.number
        var length = socklen_t(domain == AF_INET ? MemoryLayout<sockaddr_in>.size : MemoryLayout<sockaddr_in6>.size)
        let status = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                guard unsafe bind(descriptor, address, length) == 0, Glibc.listen(descriptor, 0) == 0 else {
                    return Int32(-1)
                }
                return unsafe getsockname(descriptor, address, &length)
            }
        }
        guard status == 0 else { throw .last("hold a TCP port") }
        return UInt16(bigEndian: address.sin6_port)
    }
}
