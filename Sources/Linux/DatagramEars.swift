import Addresses
import Glibc

/// Hears the datagrams that come to some ports of this machine, whichever address they come from: its own even, which
/// routing would drop. Never blocks. Needs CAP_NET_RAW.
///
/// The ports are held: no other program gets them, and the kernel says nothing to whoever sends there, for a filter
/// drops everything (net/ipv4/udp.c, `udp_queue_rcv_one_skb`). All are of one block of 1,024, so that the filter of
/// what is heard has one number to compare.
package final class DatagramEars {
    package private(set) var ports: [UInt16] = []
    /// Readable when a datagram waits.
    package var descriptors: [Int32] { [ears4.number, ears6.number] }

    package static var mostPorts: Int { Int(SegmentFilter.portBlock) }

    /// The first port of the block.
    private let block: UInt16
    /// Those of it that nobody was asked for yet, in no order.
    private var untried: [UInt16]
    private var holders: [SharedDescriptor] = []
    private let ears4: FileDescriptor
    private let ears6: FileDescriptor

    // Implementation constants

    /// Longer datagrams do not come in one packet.
    private static let longest = 16_384
    /// Those that lie within what the kernel gives to clients (net.ipv4.ip_local_port_range, 32768 to 60999).
    private static let blocks: ClosedRange<UInt16> = 32...58

    package init() throws(SystemError) {
        block = UInt16.random(in: Self.blocks) * SegmentFilter.portBlock
        untried = (block..<(block + SegmentFilter.portBlock)).shuffled()
        ears4 = try SegmentSocket.hear(.v4, SegmentFilter.datagrams(.v4, block: block), room: 2 << 20)
        ears6 = try SegmentSocket.hear(.v6, SegmentFilter.datagrams(.v6, block: block), room: 2 << 20)
    }

    /// Holds one port more. nil: there is none to be had, or no socket for it.
    package func holdAnother() -> UInt16? {
        while let port = untried.popLast() {
            do throws(SystemError) {
                holders.append(SharedDescriptor(try Self.hold(port)))
                ports.append(port)
                return port
            } catch {
                // Somebody else's. Whatever else is wrong may be right another time.
                guard error.errno != EADDRINUSE else { continue }
                untried.append(port)
                return nil
            }
        }
        return nil
    }

    /// Of both families, or of IPv4 where this machine has no other.
    private static func hold(_ port: UInt16) throws(SystemError) -> FileDescriptor {
        do throws(SystemError) {
            return try hold(port, AF_INET6)
        } catch {
            guard error.errno == EAFNOSUPPORT else { throw error }
            return try hold(port, AF_INET)
        }
    }

    private static func hold(_ port: UInt16, _ domain: Int32) throws(SystemError) -> FileDescriptor {
        let socket = try HeldPort.deafSocket(domain, SOCK_DGRAM, isAlone: false)
        let any: IPAddress = domain == AF_INET6 ? .v6(IPv6Address(high: 0, low: 0)) : .v4(IPv4Address(number: 0))
        let descriptor = socket.number
        let status = unsafe Endpoint(address: any, port: port).withSocketAddress { unsafe bind(descriptor, $0, $1) }
        guard status == 0 else { throw .last("hold a UDP port") }
        return socket
    }

    /// Reads datagrams that wait, at most `most` of each family, from their IP header on.
    package func answers(_ most: Int, _ body: (ArraySlice<UInt8>) -> Void) {
        SegmentSocket.read(descriptors, most, longest: Self.longest, body)
    }
}
