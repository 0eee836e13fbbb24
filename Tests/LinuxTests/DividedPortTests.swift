import Addresses
import Linux
import Testing

/// A port that two sockets share, as the witness's do: the kernel itself runs the programs, on the loopback.
struct DividedPortTests {
    private static let magic: UInt32 = 0x5444_4D31
    private static let prefix: UInt32 = 0xABCD_EF01
    private static let hosts: [IPAddress] = [Wire.loopback] + [IPAddress("::1")].compactMap { $0 }

    private struct Port: ~Copyable {
        let door: DatagramSocket
        let data: DatagramSocket
        let client: DatagramSocket

        init(_ host: IPAddress) throws {
            let local = Endpoint(address: host, port: .random(in: 40_000..<50_000))
            let door = try DatagramSocket(local: local, peer: nil)
            let data = try DatagramSocket(local: local, peer: nil)
            let client = try DatagramSocket(local: Endpoint(address: host, port: 0), peer: local)
            try door.divide(by: .hellosFirst)
            try door.attach(.heartbeats(magic: DividedPortTests.magic, sessions: [0]))
            try data.attach(.heartbeats(magic: DividedPortTests.magic, prefix: DividedPortTests.prefix))
            self.door = door
            self.data = data
            self.client = client
        }
    }

    private static func datagram(_ upper: UInt32, _ lower: UInt32, magic: UInt32 = magic) -> [UInt8] {
        [magic, upper, lower].flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(24 - 8 * $0)) } }
            + [UInt8](repeating: 1, count: 30)
    }

    @Test(arguments: hosts) func `hellos go to the door and data to the other, and both are answered`(host: IPAddress)
        throws
    {
        let port = try Port(host)
        var buffer = [UInt8](repeating: 0, count: 100)
        for lower: UInt32 in 1...20 {
            let (hello, data) = (Self.datagram(0, 0), Self.datagram(Self.prefix, lower))
            #expect(port.client.send(hello, count: hello.count) == 0 && port.client.send(data, count: data.count) == 0)
            let first = Patience.long.wait { port.door.receiveFromAnybody(into: &buffer) }
            #expect(first?.count == hello.count && Array(buffer[..<hello.count]) == hello)
            let second = Patience.long.wait { port.data.receiveFromAnybody(into: &buffer) }
            #expect(second?.count == data.count && Array(buffer[..<data.count]) == data)
            #expect(first?.sender == second?.sender && first?.sender.address == host)
            if let sender = second?.sender { #expect(port.data.send([9, 9], count: 2, to: sender) == 0) }
            #expect(Patience.long.wait { port.client.receive(into: &buffer) } == 2)
        }
        #expect(
            port.door.receiveFromAnybody(into: &buffer) == nil && port.data.receiveFromAnybody(into: &buffer) == nil)
    }

    @Test(arguments: hosts) func `what is of no session of this life, of another magic or too short is dropped`(
        host: IPAddress
    ) throws {
        let port = try Port(host)
        var buffer = [UInt8](repeating: 0, count: 100)
        let strangers = [
            Self.datagram(Self.prefix &+ 1, 0), Self.datagram(0, 1), Self.datagram(1, 0),
            Self.datagram(0, 0, magic: 7), Self.datagram(Self.prefix, 0, magic: 7), [], [1, 2, 3],
            Array(Self.datagram(0, 0).prefix(10)), Array(Self.datagram(Self.prefix, 0).prefix(7)),
        ]
        for stranger in strangers { _ = port.client.send(stranger, count: stranger.count) }
        let dropped = Patience.long.wait { port.door.drops + port.data.drops == UInt32(strangers.count) ? true : nil }
        #expect(dropped == true, "\(port.door.drops) and \(port.data.drops)")
        #expect(
            port.door.receiveFromAnybody(into: &buffer) == nil && port.data.receiveFromAnybody(into: &buffer) == nil)
    }

    @Test func `a flood at the door fills no queue but its own`() throws {
        let port = try Port(Wire.loopback)
        var buffer = [UInt8](repeating: 0, count: 2000)
        let hello = Self.datagram(0, 0) + [UInt8](repeating: 0, count: 900)
        for _ in 0..<2000 { _ = port.client.send(hello, count: hello.count) }
        // The queue of the loopback itself may be full, on a busy machine; that is before either socket.
        let data = Self.datagram(Self.prefix, 5)
        let received = Patience.long.wait {
            _ = port.client.send(data, count: data.count)
            return Patience.short.wait { port.data.receiveFromAnybody(into: &buffer) }
        }
        #expect(received?.count == data.count)
        #expect(port.door.drops > 0 && port.data.drops == 0)
    }

    @Test func `a connected socket says which address it sends from`() throws {
        let port = try Port(Wire.loopback)
        #expect(port.client.localAddress == Wire.loopback)
    }
}
