package import Addresses
internal import CLinux
import Glibc

/// Sends and hears whole Ethernet frames (packet(7)). Never blocks.
package struct PacketSocket: ~Copyable {
    /// What reaches the socket.
    package enum Hearing: Sendable {
        /// For sending alone.
        case nothing
        /// ARP packets and neighbour advertisements of others. The kernel drops the rest before it costs anything.
        case claims
        /// Of those, only what speaks of one of these addresses: of one family, `most` at most. Nothing but ARP, or
        /// IPv6, comes by, so that the packets of clients cost nothing here.
        case claimsOf([IPAddress])
        /// The same, sent to this machine alone.
        case answersOf([IPAddress])
        /// SYNs that this machine passes on.
        case openings

        /// How many addresses one socket's filter holds.
        package static var most: Int { AddressFilter.most }
    }

    /// Readable when a frame waits. Belongs to this value: do not close it.
    package let fileDescriptor: Int32

    /// - Parameter interface: the index of the only interface to hear; 0 means all of them. Frames can be sent on any.
    package init(hearing: Hearing = .nothing, interface: Int32 = 0) throws(PacketSocketError) {
        // No protocol yet: nothing is heard before the filter is there.
        let type = Int32(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_PACKET, type, 0)
        guard descriptor >= 0 else { throw PacketSocketError(errno: errno, what: "open a packet socket") }
        do {
            switch hearing {
            case .nothing: break
            case .claims: try Self.hear(descriptor, ClaimFilter.instructions, interface: interface)
            case .claimsOf(let addresses):
                try Self.hear(descriptor, AddressFilter(of: addresses, from: .others), interface: interface)
            case .answersOf(let addresses):
                try Self.hear(descriptor, AddressFilter(of: addresses, from: .answers), interface: interface)
            case .openings: try Self.hear(descriptor, OpeningFilter.instructions, interface: interface)
            }
        } catch {
            close(descriptor)
            throw error
        }
        fileDescriptor = descriptor
    }

    deinit {
        close(fileDescriptor)
    }

    /// A short queue: what is too much for it is dropped before it costs anything.
    private static func hear(
        _ descriptor: Int32, _ filter: AddressFilter, interface: Int32
    ) throws(PacketSocketError) {
        var room: Int32 = 65536
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &room, socklen_t(MemoryLayout<Int32>.size))
        try hear(descriptor, filter.instructions, interface: interface, type: filter.type)
    }

    private static func hear(
        _ descriptor: Int32, _ filter: [sock_filter], interface: Int32, type: UInt16 = UInt16(ETH_P_ALL)
    ) throws(PacketSocketError) {
        guard PacketFilter(filter).attach(to: descriptor) else {
            throw PacketSocketError(errno: errno, what: "filter a packet socket")
        }
        var address = sockaddr_ll()
        address.sll_family = UInt16(AF_PACKET)
        address.sll_protocol = type.bigEndian
        address.sll_ifindex = interface
        let bound = unsafe withAddress(&address) { unsafe bind(descriptor, $0, $1) }
        guard bound == 0 else { throw PacketSocketError(errno: errno, what: "hear frames on interface \(interface)") }
    }

    /// Sends one frame, Ethernet header first, on an interface. Returns the error number, or nil when it is sent.
    /// ENOBUFS and EAGAIN mean that the queue is full: send it again later.
    package borrowing func send(_ frame: [UInt8], interface: Int32) -> Int32? {
        guard frame.count >= 14 else { return EINVAL }
        var address = sockaddr_ll()
        address.sll_family = UInt16(AF_PACKET)
        address.sll_protocol = (UInt16(frame[12]) << 8 | UInt16(frame[13])).bigEndian
        address.sll_ifindex = interface
        address.sll_halen = 6
        let descriptor = fileDescriptor
        let count = unsafe frame.withUnsafeBytes { bytes in
            unsafe Self.withAddress(&address) { pointer, length in
                unsafe sendto(descriptor, bytes.baseAddress, bytes.count, 0, pointer, length)
            }
        }
        return count == frame.count ? nil : count < 0 ? errno : EMSGSIZE
    }

    /// Reads one frame into the buffer, as much as fits, and says how much that is and on which interface it came.
    /// nil: none waits.
    package borrowing func receive(into buffer: inout [UInt8]) -> (count: Int, interface: Int32)? {
        var address = sockaddr_ll()
        let descriptor = fileDescriptor
        let count = unsafe buffer.withUnsafeMutableBytes { bytes in
            unsafe Self.withAddress(&address) { pointer, length in
                var length = length
                return unsafe recvfrom(descriptor, bytes.baseAddress, bytes.count, 0, pointer, &length)
            }
        }
        return count >= 0 ? (count, address.sll_ifindex) : nil
    }

    /// How many frames the filter let through and the queue had no room for, since this was last asked (packet(7),
    /// PACKET_STATISTICS).
    package borrowing func takeDrops() -> UInt32 {
        var figures: (packets: UInt32, drops: UInt32) = (0, 0)
        var length = socklen_t(8)
        guard unsafe getsockopt(fileDescriptor, SOL_PACKET, PACKET_STATISTICS, &figures, &length) == 0 else { return 0 }
        return figures.drops
    }

    private static func withAddress<Result>(
        _ address: inout sockaddr_ll, _ body: (UnsafeMutablePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<sockaddr_ll>.size))
            }
        }
    }
}
