package import Addresses
internal import CLinux
import Glibc

/// Sends IP packets past this machine's own TCP and routing, and hears the TCP segments that come back to one port of
/// it, whichever address they come from: its own even, which routing would drop. Never blocks.
///
/// It hears on every interface, so none has to be followed as it comes and goes. Needs CAP_NET_RAW.
package struct SegmentSocket: ~Copyable {
    /// Where segments come from.
    package var port: UInt16 { held.number }
    /// Readable when an answer waits.
    package var descriptors: [Int32] { [answers4.number, answers6.number] }

    /// Bits that may differ in the sequence numbers of segments: answers to others are not heard.
    package static var sequenceMask: UInt32 { ~SegmentFilter.tagMask }

    private let held: HeldPort
    private let answers4: FileDescriptor
    private let answers6: FileDescriptor
    private let complaints4: FileDescriptor
    private let complaints6: FileDescriptor
    private let raw4: FileDescriptor
    /// Absent: this machine has no IPv6.
    private let raw6: SharedDescriptor?

    /// - Parameter tag: the bits outside `sequenceMask` that the sequence numbers of all segments have.
    package init(tag: UInt32) throws(SystemError) {
        let held = try HeldPort()
        let answers4 = try Self.hear(.v4, SegmentFilter.answers(.v4, port: held.number, tag: tag), room: 2 << 20)
        let answers6 = try Self.hear(.v6, SegmentFilter.answers(.v6, port: held.number, tag: tag), room: 2 << 20)
        let complaints4 = try Self.hear(.v4, SegmentFilter.complaints(.v4), room: 256 << 10)
        let complaints6 = try Self.hear(.v6, SegmentFilter.complaints(.v6), room: 256 << 10)
        let raw4 = try Self.raw(AF_INET)
        raw6 = try? SharedDescriptor(Self.raw(AF_INET6))
        self.held = held
        self.answers4 = answers4
        self.answers6 = answers6
        self.complaints4 = complaints4
        self.complaints6 = complaints6
        self.raw4 = raw4
    }

    /// A packet socket of packets without their link layer (packet(7), SOCK_DGRAM).
    static func hear(
        _ family: AddressFamily, _ filter: [sock_filter], room: Int32
    ) throws(SystemError) -> FileDescriptor {
        let type = Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        // No protocol yet: nothing is heard before the filter is there.
        let socket = try FileDescriptor(Glibc.socket(AF_PACKET, type, 0), "open a packet socket")
        guard PacketFilter(filter).attach(to: socket.number) else { throw .last("filter a packet socket") }
        var room = room
        let size = socklen_t(MemoryLayout<Int32>.size)
        if unsafe setsockopt(socket.number, SOL_SOCKET, SO_RCVBUFFORCE, &room, size) != 0 {
            unsafe setsockopt(socket.number, SOL_SOCKET, SO_RCVBUF, &room, size)
        }
        var address = link(family)
        let descriptor = socket.number
        let status = unsafe withAddress(&address) { unsafe bind(descriptor, $0, $1) }
        guard status == 0 else { throw .last("hear packets") }
        return socket
    }

    /// For packets with their IP header in front (raw(7), IPPROTO_RAW): the kernel looks for their way.
    private static func raw(_ domain: Int32) throws(SystemError) -> FileDescriptor {
        let type = Int32(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        return try FileDescriptor(Glibc.socket(domain, type, Int32(IPPROTO_RAW)), "open a raw socket")
    }

    /// Sends a packet to a link-layer address, wherever it is addressed to. Returns the error number, or nil when it is
    /// sent.
    package borrowing func send(_ packet: [UInt8], to mac: MACAddress, interface: Int32) -> Int32? {
        let isV4 = packet.first.map { $0 >> 4 } == 4
        var address = Self.link(isV4 ? .v4 : .v6)
        address.sll_ifindex = interface
        address.sll_halen = 6
        unsafe withUnsafeMutableBytes(of: &address.sll_addr) { unsafe $0.copyBytes(from: mac.bytes) }
        let descriptor = isV4 ? answers4.number : answers6.number
        let count = unsafe packet.withUnsafeBytes { bytes in
            unsafe Self.withAddress(&address) { unsafe sendto(descriptor, bytes.baseAddress, bytes.count, 0, $0, $1) }
        }
        return count == packet.count ? nil : count < 0 ? errno : EMSGSIZE
    }

    /// Sends a packet to the address that it is addressed to.
    package borrowing func send(_ packet: [UInt8], to target: IPAddress) -> Int32? {
        guard let descriptor = target.family == .v4 ? raw4.number : raw6?.number else { return EAFNOSUPPORT }
        let count = unsafe packet.withUnsafeBytes { bytes in
            unsafe Endpoint(address: target, port: 0).withSocketAddress { address, length in
                unsafe sendto(descriptor, bytes.baseAddress, bytes.count, 0, address, length)
            }
        }
        return count == packet.count ? nil : count < 0 ? errno : EMSGSIZE
    }

    /// Reads answers that wait, at most `most` of each family, from their IP header on and as far as counts.
    package borrowing func answers(_ most: Int, _ body: (ArraySlice<UInt8>) -> Void) {
        Self.read([answers4.number, answers6.number], most, body)
    }

    /// The same of ICMP errors, which wake nobody: strangers can send as many as they like.
    package borrowing func complaints(_ most: Int, _ body: (ArraySlice<UInt8>) -> Void) {
        Self.read([complaints4.number, complaints6.number], most, body)
    }

    static func read(
        _ descriptors: [Int32], _ most: Int, longest: Int = 512, _ body: (ArraySlice<UInt8>) -> Void
    ) {
        var buffer = [UInt8](repeating: 0, count: longest)
        for descriptor in descriptors {
            for _ in 0..<most {
                let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
                guard count > 0 else { break }
                body(buffer[..<count])
            }
        }
    }

    private static func link(_ family: AddressFamily) -> sockaddr_ll {
        var address = sockaddr_ll()
        address.sll_family = UInt16(AF_PACKET)
        address.sll_protocol = (family == .v4 ? EtherType.ipv4 : EtherType.ipv6).bigEndian
        return address
    }

    private static func withAddress<Result>(
        _ address: inout sockaddr_ll, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<sockaddr_ll>.size))
            }
        }
    }
}

/// A descriptor that may be absent: what has one owner cannot be looked at then.
final class SharedDescriptor {
    let number: Int32
    private let descriptor: FileDescriptor

    init(_ descriptor: consuming FileDescriptor) {
        number = descriptor.number
        self.descriptor = descriptor
    }
}
