import Addresses
import Glibc
import Linux
import Testing

/// On the loopback: what this machine's UDP does not get to see.
@Suite(.enabled(if: geteuid() == 0, "packet sockets need root"))
struct DatagramEarsTests {
    private static let loopback = IPAddress.v4(IPv4Address(number: 0x7F00_0001))

    /// IPv4 and UDP from 127.0.0.9:53, with two bytes.
    private static func datagram(to port: UInt16, protocol number: UInt8 = 17) -> [UInt8] {
        [0x45, 0, 0, 30, 0, 0, 0, 0, 64, number, 0, 0, 127, 0, 0, 9, 127, 0, 0, 1]
            + [0, 53, UInt8(port >> 8), UInt8(port & 0xFF), 0, 10, 0, 0, 0xAB, 0xCD]
    }

    @Test func `datagrams to its ports are heard, and others are not`() throws {
        let ears = try DatagramEars()
        let port = try #require(ears.holdAnother())
        #expect(ears.ports == [port])
        let socket = try SegmentSocket(tag: 0)
        for packet in [
            Self.datagram(to: port ^ 0x8000), Self.datagram(to: port, protocol: 6), Self.datagram(to: port),
        ] { #expect(socket.send(packet, to: Self.loopback) == nil) }
        var heard: [[UInt8]] = []
        for _ in 0..<50 where heard.isEmpty {
            usleep(20_000)
            ears.answers(16) { heard.append(Array($0)) }
        }
        #expect(heard.map { Array($0.dropFirst(12)) } == [Array(Self.datagram(to: port).dropFirst(12))])
    }

    @Test func `ports are held, each once, and nobody is told that they are`() throws {
        let ears = try DatagramEars()
        let ports = (0..<20).compactMap { _ in ears.holdAnother() }
        #expect(Set(ports).count == 20 && Set(ports.map { $0 / 1024 }).count == 1)
        let client = socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        defer { close(client) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = ports[0].bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let (bound, connected) = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                let size = socklen_t(MemoryLayout<sockaddr_in>.size)
                return (bind(client, $0, size) == 0 ? 0 : errno, connect(client, $0, size))
            }
        }
        #expect(bound == EADDRINUSE && connected == 0)
        // A port that is nobody's would be said by ICMP, at once on the loopback.
        #expect(send(client, "x", 1, 0) == 1)
        usleep(100_000)
        #expect(send(client, "x", 1, 0) == 1)
    }
}
