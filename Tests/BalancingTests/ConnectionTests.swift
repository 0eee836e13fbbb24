import Addresses
import Balancing
import Testing

@Suite struct ConnectionTests {
    private func read(_ line: String) -> Connection? { Connection(line: Array(line.utf8)[...]) }

    @Test func `reads what the kernel prints of an IPv4 connection`() {
        let connection = read("TCP C0000264 9C40 C000020A 0050 C0000215 0050 SYN_RECV         59 ")
        #expect(
            connection
                == Connection(
                    client: endpoint("192.0.2.100:40000"), service: endpoint("192.0.2.10:80"),
                    server: endpoint("192.0.2.21:80"), state: .synReceived, expires: 59))
    }

    @Test func `reads what the kernel prints of an IPv6 connection`() {
        let line =
            "TCP 2001:0db8:0000:0000:0000:0000:0000:0100 C350 2001:0db8:0000:0000:0000:0000:0000:0010 0050 "
            + "2001:0db8:0000:0000:0000:0000:0000:0021 0050 ESTABLISHED     899"
        #expect(
            read(line)
                == Connection(
                    client: endpoint("[2001:db8::100]:50000"), service: endpoint("[2001:db8::10]:80"),
                    server: endpoint("[2001:db8::21]:80"), state: .established, expires: 899))
    }

    @Test(arguments: [
        "", "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData",
        "UDP C0000264 9C40 C000020A 0035 C0000215 0035 UDP             299",
        "TCP C0000264 9C40 C000020A 0050 C0000215 0050 DREAMING        59", "TCP C0000264 9C40 C000020A",
    ])
    func `takes nothing but whole lines of TCP connections`(line: String) {
        #expect(read(line) == nil)
    }
}

@Suite struct SyncMessageTests {
    private let young = Connection(
        client: endpoint("192.0.2.100:40000"), service: endpoint("192.0.2.10:80"), server: endpoint("192.0.2.21:80"),
        state: .synReceived, expires: 59)

    @Test func `an IPv4 connection is written as the kernel writes it`() {
        var message = SyncMessage(id: 9)
        #expect(message.isEmpty)
        let isAdded = message.add(young)
        #expect(isAdded)
        #expect(
            message.bytes == [
                0, 9, 0, 44, 1, 1, 0, 0,  // header: id 9, 44 bytes, one connection, version 1
                0, 6, 0, 36, 0, 0, 1, 3, 0, 3,  // IPv4, TCP, 36 bytes, inactive and DR, SYN_RECV
                0x9C, 0x40, 0, 80, 0, 80, 0, 0, 0, 0, 0, 0, 0, 59,  // ports, no mark, 59 s
                192, 0, 2, 100, 192, 0, 2, 10, 192, 0, 2, 21,
            ])
    }

    @Test func `an IPv6 connection takes 72 bytes and says so`() {
        var message = SyncMessage(id: 1)
        let connection = Connection(
            client: endpoint("[2001:db8::100]:50000"), service: endpoint("[2001:db8::10]:80"),
            server: endpoint("[2001:db8::21]:80"), state: .established, expires: 899)
        let isAdded = message.add(connection)
        #expect(isAdded)
        #expect(message.bytes.count == 80)
        #expect(Array(message.bytes[8..<18]) == [1, 6, 0, 72, 0, 0, 0, 3, 0, 1])
    }

    @Test func `a message says when it is full and is whole then`() {
        var message = SyncMessage(id: 1)
        var count = 0
        while message.add(young) { count += 1 }
        #expect(count == 33)
        #expect(message.bytes.count == 8 + 33 * 36)
        #expect(Int(message.bytes[2]) << 8 | Int(message.bytes[3]) == message.bytes.count)
        #expect(message.bytes[4] == 33)
    }

    @Test func `a connection between families is refused`() {
        var message = SyncMessage(id: 1)
        var mixed = young
        mixed.server = endpoint("[2001:db8::21]:80")
        let isAdded = message.add(mixed)
        #expect(!isAdded)
        #expect(message.isEmpty)
    }
}
