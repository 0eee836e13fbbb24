package import Addresses
import CLinux
import Glibc

/// A UDP socket of one heartbeat path.
package struct DatagramSocket: ~Copyable {
    private let descriptor: FileDescriptor

    package var fileDescriptor: Int32 { descriptor.number }

    /// Binds to `local`, whether or not the address is there yet, and talks to `peer` alone if one is given.
    ///
    /// Other processes of the same user may bind too: data and hellos have a socket each on the same port, and the
    /// kernel prefers the connected one (net/ipv4/udp.c, `compute_score`).
    package init(local: Endpoint, peer: Endpoint?) throws(SystemError) {
        let domain = local.address.domain
        let kind = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = try FileDescriptor(socket(domain, kind, 0), "open a UDP socket")
        let isV6 = local.address.family == .v6
        Self.set(descriptor.number, SOL_SOCKET, SO_REUSEPORT, 1)
        Self.set(descriptor.number, isV6 ? Int32(IPPROTO_IPV6) : Int32(IPPROTO_IP), isV6 ? ipv6Freebind : ipFreebind, 1)
        // Network control (RFC 4594: CS6), so that a full link drops something else first.
        Self.set(
            descriptor.number, isV6 ? Int32(IPPROTO_IPV6) : Int32(IPPROTO_IP), isV6 ? IPV6_TCLASS : IP_TOS, 0xC0)
        Self.set(descriptor.number, SOL_SOCKET, SO_PRIORITY, 6)
        let bound = unsafe local.withSocketAddress { unsafe bind(descriptor.number, $0, $1) }
        guard bound == 0 else { throw .last("bind UDP \(local)") }
        let number = descriptor.number
        let connected = unsafe peer?.withSocketAddress { unsafe connect(number, $0, $1) } ?? 0
        guard connected == 0 else { throw .last("reach the peer from UDP \(local)") }
        self.descriptor = descriptor
    }

    /// Lets only datagrams through that the filter accepts; the kernel drops the rest.
    package func attach(_ filter: PacketFilter) throws(SystemError) {
        guard filter.attach(to: fileDescriptor) else { throw .last("attach a filter to a heartbeat socket") }
    }

    /// Sends the first `count` bytes to the connected peer; 0, or the errno. Nothing here waits.
    package func send(_ buffer: [UInt8], count: Int) -> Int32 {
        let sent = unsafe Glibc.send(fileDescriptor, buffer, count, Int32(MSG_DONTWAIT))
        return sent < 0 ? errno : 0
    }

    /// Takes the oldest datagram that waits; its length may exceed what fitted. nil: none waits.
    package func receive(into buffer: inout [UInt8]) -> Int? {
        while true {
            let flags = Int32(MSG_DONTWAIT) | Int32(MSG_TRUNC)
            let count = unsafe recv(fileDescriptor, &buffer, buffer.count, flags)
            if count >= 0 { return count }
            // An ICMP error of an earlier send, or a signal: the next datagram may still be there.
            guard errno == ECONNREFUSED || errno == EINTR || errno == EHOSTUNREACH || errno == ENETUNREACH else {
                return nil
            }
        }
    }

    /// How many datagrams the kernel dropped here: the filter did not want them, or the queue was full (SO_MEMINFO,
    /// linux/sock_diag.h).
    package var drops: UInt32 {
        var figures = [UInt32](repeating: 0, count: 9)
        var length = socklen_t(figures.count * 4)
        guard unsafe getsockopt(fileDescriptor, SOL_SOCKET, socketMemoryInfo, &figures, &length) == 0 else { return 0 }
        return figures[8]
    }

    private static func set(_ descriptor: Int32, _ level: Int32, _ name: Int32, _ value: Int32) {
        var value = value
        unsafe setsockopt(descriptor, level, name, &value, socklen_t(MemoryLayout<Int32>.size))
    }
}

// linux/in.h and linux/in6.h; Swift's Glibc module leaves the second out.
private let ipFreebind: Int32 = 15
private let ipv6Freebind: Int32 = 78
// asm-generic/socket.h.
private let socketMemoryInfo: Int32 = 55
