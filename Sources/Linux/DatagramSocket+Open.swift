package import Addresses
import CLinux
import Glibc

/// A socket that is connected to nobody hears everybody and answers whom it heard.
extension DatagramSocket {
    /// Takes the oldest datagram that waits, and says who sent it; its length may exceed what fitted. nil: none waits.
    package func receiveFromAnybody(into buffer: inout [UInt8]) -> (count: Int, sender: Endpoint)? {
        var address = sockaddr_storage()
        while true {
            let flags = Int32(MSG_DONTWAIT) | Int32(MSG_TRUNC)
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let count = unsafe withUnsafeMutablePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe recvfrom(fileDescriptor, &buffer, buffer.count, flags, $0, &length)
                }
            }
            if count >= 0, let sender = Endpoint(address) { return (count, sender) }
            guard count >= 0 || errno == EINTR else { return nil }
        }
    }

    /// Sends the first `count` bytes to somebody; 0, or the errno. Nothing here waits.
    @discardableResult
    package func send(_ buffer: [UInt8], count: Int, to receiver: Endpoint) -> Int32 {
        let number = fileDescriptor
        let sent = unsafe receiver.withSocketAddress {
            unsafe sendto(number, buffer, count, Int32(MSG_DONTWAIT), $0, $1)
        }
        return sent < 0 ? errno : 0
    }

    /// Divides what arrives among the sockets of one address and port, in the order in which they were bound: the
    /// filter says the number of the socket (socket(7), SO_ATTACH_REUSEPORT_CBPF). So a flood of one kind fills one
    /// queue.
    package func divide(by filter: PacketFilter) throws(SystemError) {
        guard filter.attach(to: fileDescriptor, as: attachReuseportFilter) else {
            throw .last("divide the datagrams of a port")
        }
    }

    /// The address that the kernel chose for a connected socket to send from.
    package var localAddress: IPAddress? {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let status = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(fileDescriptor, $0, &length)
            }
        }
        return status == 0 ? Endpoint(address)?.address : nil
    }
}

extension Endpoint {
    /// Nil for what is neither IPv4 nor IPv6.
    fileprivate init?(_ storage: sockaddr_storage) {
        var storage = storage
        let family = Int32(storage.ss_family)
        let found: (address: IPAddress?, port: UInt16) = unsafe withUnsafeBytes(of: &storage) { bytes in
            // sockaddr_in and sockaddr_in6 (netinet/in.h): family, port, then at 4 the IPv4 and at 8 the IPv6 address.
            let port = unsafe UInt16(bytes[2]) << 8 | UInt16(bytes[3])
            switch family {
            case AF_INET: return (unsafe IPAddress(bytes: bytes[4..<8]), port)
            case AF_INET6: return (unsafe IPAddress(bytes: bytes[8..<24]), port)
            default: return (nil, 0)
            }
        }
        guard let address = found.address else { return nil }
        self.init(address: address, port: found.port)
    }
}

// asm-generic/socket.h.
private let attachReuseportFilter: Int32 = 51
