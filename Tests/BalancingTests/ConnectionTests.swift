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
                    kind: .tcp(.synReceived), client: endpoint("192.0.2.100:40000"), service: endpoint("192.0.2.10:80"),
                    server: endpoint("192.0.2.21:80"), expires: 59))
    }

    @Test func `reads what the kernel prints of an IPv6 connection`() {
        let line =
            "TCP 2001:0db8:0000:0000:0000:0000:0000:0100 C350 2001:0db8:0000:0000:0000:0000:0000:0010 0050 "
            + "2001:0db8:0000:0000:0000:0000:0000:0021 0050 ESTABLISHED     899"
        #expect(
            read(line)
                == Connection(
                    kind: .tcp(.established), client: endpoint("[2001:db8::100]:50000"),
                    service: endpoint("[2001:db8::10]:80"), server: endpoint("[2001:db8::21]:80"), expires: 899))
    }

    @Test(arguments: [
        ("UDP C0000264 9C40 C000020A 0035 C0000215 0035 UDP             299", Connection.Kind.udp),
        ("SCTP C0000264 9C40 C000020A 0B59 C0000215 0B59 S-ACK-SENT        9", .sctp(11)),
        ("TCP C0000264 0000 C000020A 0050 C0000215 0050 NONE            120", .template(6, isAssured: false)),
        ("UDP C0000264 0000 C000020A 0000 C0000215 0000 ASSURED         120", .template(17, isAssured: true)),
        ("IP  C0A80006 0000 0000000A 0000 0A000011 0000 NONE            948", .template(0, isAssured: false)),
        ("TCP C0000264 9C40 C000020A 0050 C0000215 0050 NONE            120", .tcp(.none)),
    ])
    func `knows every kind`(line: String, kind: Connection.Kind) throws {
        #expect(try #require(read(line)).kind == kind)
    }

    @Test func `only what the kernel tells of is told`() throws {
        let line = "TCP C0000264 9C40 C000020A 0050 C0000215 0050 "
        let told = try [
            "ESTABLISHED", "FIN_WAIT", "CLOSE_WAIT", "TIME_WAIT", "CLOSE", "SYN_RECV", "LAST_ACK", "SYN_SENT",
        ]
        .filter { try #require(read("\(line)\($0) 9")).isSynced }
        #expect(told == ["ESTABLISHED", "FIN_WAIT", "CLOSE_WAIT", "TIME_WAIT", "CLOSE"])
    }

    @Test func `reads the data of a persistence engine as they are`() throws {
        let head = "UDP C0000264 0000 C000020A 13C4 C0000215 13C4 NONE            120"
        let plain = try #require(read(head))
        #expect(plain.engine == nil)
        let engine = try #require(read(head + " sip a84b4c76e66710@pc33 x")?.engine)
        #expect(engine == Connection.Engine(name: Array("sip".utf8), data: Array("a84b4c76e66710@pc33 x".utf8)))
        let long = try #require(read("\(head) sip \(String(repeating: "a", count: 256))"))
        #expect(long.engine == nil)
    }

    @Test(arguments: [
        "", "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData",
        "ESP C0000264 9C40 C000020A 0035 C0000215 0035 UDP             299",
        "TCP C0000264 9C40 C000020A 0050 C0000215 0050 DREAMING        59", "TCP C0000264 9C40 C000020A",
        "TCP C0000264 9C40 C000020A 0050 C0000215 0050 ESTABLISHED     99999999999",
        "TCP C0000264 9C40 C000020A 0050 C0000215 0050 ESTABLISHED     -1",
        "TCP C000026 9C40 C000020A 0050 C0000215 0050 ESTABLISHED     1",
        "TCP C0000264 9C4 C000020A 0050 C0000215 0050 ESTABLISHED     1",
        "TCP 2001:0db8:0000:0000:0000:0000:0000:01000 C350 C000020A 0050 C0000215 0050 ESTABLISHED     1",
        "TCP 2001:0db8:0000:0000 0000:0000:0000:0100 C350 C000020A 0050 C0000215 0050 ESTABLISHED     1",
    ])
    func `takes nothing but whole lines`(line: String) {
        #expect(read(line) == nil)
    }

    @Test func `survives any bytes, and every cut of a line`() {
        let line = Array("TCP C0000264 9C40 C000020A 0050 C0000215 0050 ESTABLISHED     899 sip abc".utf8)
        for end in line.indices { _ = Connection(line: line[..<end]) }
        var random = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            var mutated = line
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                mutated[Int.random(in: 0..<line.count, using: &random)] = .random(in: 0...255, using: &random)
            }
            _ = Connection(line: mutated[...])
        }
    }

    @Test func `a fingerprint stays while a connection lives, and is its own`() throws {
        let line = "TCP C0000264 9C40 C000020A 0050 C0000215 0050 "
        let first = try #require(read(line + "ESTABLISHED 899"))
        #expect(try #require(read(line + "FIN_WAIT 119")).fingerprint == first.fingerprint)
        var marks: Set<UInt64> = []
        for port in 0..<60_000 {
            var other = first
            other.client.port = UInt16(port)
            marks.insert(other.fingerprint)
        }
        #expect(marks.count == 60_000)
    }
}
