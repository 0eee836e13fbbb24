import Addresses
import Glibc
import Linux
import Testing

/// On the loopback: what this machine's TCP does not get to see.
@Suite(.enabled(if: geteuid() == 0, "packet sockets need root"))
struct SegmentSocketTests {
    /// A SYN of the kernel's own to that port: the errno, or 0 while nobody answers.
    private func connect(to endpoint: Endpoint) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = endpoint.port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        #expect(status == 0 || errno == EINPROGRESS || errno == ECONNREFUSED)
        usleep(100_000)
        var problem: Int32 = 0
        var size = socklen_t(4)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &problem, &size)
        return problem
    }

    @Test func `nobody is told that the port is there, and no other program gets it`() throws {
        let socket = try SegmentSocket(tag: 0)
        let loopback = IPAddress.v4(IPv4Address(number: 0x7F00_0001))
        #expect(try connect(to: Endpoint(address: loopback, port: socket.port)) == 0, "silence")
        #expect(try SegmentSocket(tag: 0).port != socket.port)
    }

    /// IPv4 and TCP with SYN and ACK, by the kernel's raw socket to the loopback.
    private static func segment(to port: UInt16, acknowledging: UInt32, protocol number: UInt8 = 6) -> [UInt8] {
        func bytes(_ number: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) } }
        return [0x45, 0, 0, 40, 0, 0, 0, 0, 64, number, 0, 0, 127, 0, 0, 9, 127, 0, 0, 1]
            + [0, 80, UInt8(port >> 8), UInt8(port & 0xFF), 0, 0, 0, 1] + bytes(acknowledging)
            + [0x50, 0x12, 0, 0, 0, 0, 0, 0]
    }

    @Test func `only TCP to the port that acknowledges one of our numbers is heard`() throws {
        let tag: UInt32 = 0xABC0_0000
        let socket = try SegmentSocket(tag: tag)
        let loopback = IPAddress.v4(IPv4Address(number: 0x7F00_0001))
        let right = Self.segment(to: socket.port, acknowledging: tag | 5)
        for packet in [
            Self.segment(to: socket.port, acknowledging: 0xABD0_0005),
            Self.segment(to: socket.port ^ 1, acknowledging: tag | 5),
            Self.segment(to: socket.port, acknowledging: tag | 5, protocol: 17), right,
        ] { #expect(socket.send(packet, to: loopback) == nil) }
        var heard: [[UInt8]] = []
        for _ in 0..<50 where heard.isEmpty {
            usleep(20_000)
            socket.answers(16) { heard.append(Array($0)) }
        }
        // The kernel fills in the checksum of the header, and its length.
        #expect(heard.map { Array($0.dropFirst(12)) } == [Array(right.dropFirst(12))])
    }
}
