import Addresses
import Glibc
import Linux
import Testing

struct DatagramSocketTests {
    @Test(arguments: [Wire.loopback, IPAddress("::1")].compactMap { $0 })
    func `takes datagrams in their order until none waits`(host: IPAddress) throws {
        var wire = try Wire(host)
        #expect(wire.hear(.short) == nil)
        for byte: UInt8 in 1...3 { #expect(wire.say([byte, byte]) == 0) }
        for byte: UInt8 in 1...3 { #expect(wire.hear() == [byte, byte]) }
        #expect(wire.hear(.short) == nil)
    }

    @Test func `says how long a datagram was that did not fit`() throws {
        let wire = try Wire()
        var small = [UInt8](repeating: 0, count: 10)
        #expect(wire.say([UInt8](repeating: 9, count: 2000)) == 0)
        #expect(wire.near.receive(into: &small) == 2000)
        #expect(small == [UInt8](repeating: 9, count: 10))
    }

    @Test func `a connected socket hears its peer alone, and leaves the rest to the open one`() throws {
        let local = Endpoint(address: Wire.loopback, port: .random(in: 30_000..<31_000))
        let peer = Endpoint(address: Wire.loopback, port: .random(in: 31_000..<32_000))
        let door = try DatagramSocket(local: local, peer: nil)
        let data = try DatagramSocket(local: local, peer: peer)
        let far = try DatagramSocket(local: peer, peer: local)
        let stranger = try DatagramSocket(
            local: Endpoint(address: Wire.loopback, port: .random(in: 32_000..<33_000)), peer: local)
        var buffer = [UInt8](repeating: 0, count: 100)
        for byte: UInt8 in 1...20 {
            #expect(far.send([byte], count: 1) == 0 && stranger.send([byte, byte], count: 2) == 0)
            #expect(data.receive(into: &buffer) == 1 && door.receive(into: &buffer) == 2)
        }
        #expect(data.receive(into: &buffer) == nil && door.receive(into: &buffer) == nil)
    }

    @Test func `a peer that is not there is an error once, and hides no datagram`() throws {
        let port = UInt16.random(in: 33_000..<34_000)
        let near = try DatagramSocket(
            local: Endpoint(address: Wire.loopback, port: port),
            peer: Endpoint(address: Wire.loopback, port: port + 1000))
        var buffer = [UInt8](repeating: 0, count: 100)
        #expect(near.send([1], count: 1) == 0)
        #expect(near.send([1], count: 1) == ECONNREFUSED)
        #expect(near.send([1], count: 1) == 0)
        let far = try DatagramSocket(
            local: Endpoint(address: Wire.loopback, port: port + 1000),
            peer: Endpoint(address: Wire.loopback, port: port))
        // The refusal of the third stands before what arrives now.
        #expect(far.send([7], count: 1) == 0)
        #expect(near.receive(into: &buffer) == 1 && buffer[0] == 7)
    }

    @Test func `binds an address that is not there yet`() throws {
        let address = try #require(IPAddress("198.51.100.77"))
        let socket = try DatagramSocket(local: Endpoint(address: address, port: 5390), peer: nil)
        #expect(socket.fileDescriptor >= 0)
        let v6 = try #require(IPAddress("2001:db8::77"))
        #expect(try DatagramSocket(local: Endpoint(address: v6, port: 5390), peer: nil).fileDescriptor >= 0)
    }

    @Test func `says what could not be done`() throws {
        let v6 = try #require(IPAddress("::1"))
        let local = Endpoint(address: Wire.loopback, port: 34_567)
        let error = #expect(throws: SystemError.self) {
            _ = try DatagramSocket(local: local, peer: Endpoint(address: v6, port: 34_567))
        }
        #expect(error?.what == "reach the peer from UDP 127.0.0.1:34567")
    }

    @Test func `asks for network control's place in full queues`() throws {
        let wire = try Wire()
        var value: Int32 = 0
        var length = socklen_t(4)
        #expect(getsockopt(wire.near.fileDescriptor, Int32(IPPROTO_IP), IP_TOS, &value, &length) == 0)
        #expect(value == 0xC0)
        #expect(getsockopt(wire.near.fileDescriptor, SOL_SOCKET, SO_PRIORITY, &value, &length) == 0)
        #expect(value == 6)
    }

    @Test func `counts what a full queue lost`() throws {
        let wire = try Wire()
        let datagram = [UInt8](repeating: 1, count: 1000)
        for _ in 0..<2000 { _ = wire.say(datagram) }
        #expect(wire.near.drops > 0)
    }
}
