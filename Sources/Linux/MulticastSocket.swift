package import Addresses
import CLinux
import Glibc

/// A UDP socket that says things to a multicast group on one interface.
package struct MulticastSocket: ~Copyable {
    private let descriptor: FileDescriptor

    /// Sends to an IPv4 `group` out of `interface`, one hop far. Needs CAP_NET_RAW.
    package init(group: Endpoint, interface: String) throws(SystemError) {
        let kind = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = try FileDescriptor(socket(AF_INET, kind, 0), "open a UDP socket")
        let name = Array(interface.utf8)
        let bound = unsafe setsockopt(
            descriptor.number, SOL_SOCKET, SO_BINDTODEVICE, name, socklen_t(name.count))
        guard bound == 0 else { throw .last("send out of interface \(interface)") }
        var loop: Int32 = 0
        unsafe setsockopt(
            descriptor.number, Int32(IPPROTO_IP), IP_MULTICAST_LOOP, &loop, socklen_t(MemoryLayout<Int32>.size))
        let number = descriptor.number
        let connected = unsafe group.withSocketAddress { unsafe connect(number, $0, $1) }
        guard connected == 0 else { throw .last("reach the multicast group \(group) out of \(interface)") }
        self.descriptor = descriptor
    }

    /// The largest packet that leaves whole, in bytes, with its headers (ip(7), IP_MTU).
    package var mtu: Int {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        let status = unsafe getsockopt(descriptor.number, Int32(IPPROTO_IP), IP_MTU, &value, &length)
        return status == 0 ? Int(value) : 1280
    }

    /// 0, or the errno. Nothing here waits.
    package func send(_ bytes: [UInt8]) -> Int32 {
        let sent = unsafe Glibc.send(descriptor.number, bytes, bytes.count, Int32(MSG_DONTWAIT))
        return sent < 0 ? errno : 0
    }
}
