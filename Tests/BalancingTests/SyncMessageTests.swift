import Addresses
import Balancing
import Settings
import Testing

/// The layout of net/netfilter/ipvs/ip_vs_sync.c, byte by byte.
@Suite struct SyncMessageTests {
    private let young = Connection(
        kind: .tcp(.synReceived), client: endpoint("192.0.2.100:40000"), service: endpoint("192.0.2.10:80"),
        server: endpoint("192.0.2.21:80"), expires: 59)

    private func bytes(
        _ connection: Connection, _ forwarding: Forwarding = .dr, mark: UInt32 = 0, timeout: UInt32? = nil
    ) -> [UInt8] {
        var message = SyncMessage(id: 9)
        let isAdded = message.add(connection, forwarding: forwarding, mark: mark, timeout: timeout)
        #expect(isAdded)
        return message.bytes
    }

    @Test func `an IPv4 connection is written as the kernel writes it`() {
        #expect(SyncMessage(id: 9).isEmpty)
        #expect(
            bytes(young) == [
                0, 9, 0, 44, 1, 1, 0, 0,  // header: id 9, 44 bytes, one connection, version 1
                0, 6, 0, 36, 0, 0, 0, 0x83, 0, 3,  // IPv4, TCP, 36 bytes, no output through here and DR, SYN_RECV
                0x9C, 0x40, 0, 80, 0, 80, 0, 0, 0, 0, 0, 0, 0, 59,  // ports, no mark, 59 s
                192, 0, 2, 100, 192, 0, 2, 10, 192, 0, 2, 21,  // client, virtual, server
            ])
    }

    @Test func `an IPv6 connection takes 72 bytes and says so`() {
        let connection = Connection(
            kind: .tcp(.established), client: endpoint("[2001:db8::100]:50000"), service: endpoint("[2001:db8::10]:80"),
            server: endpoint("[2001:db8::21]:80"), expires: 899)
        let bytes = bytes(connection)
        #expect(bytes.count == 80)
        #expect(Array(bytes[8..<18]) == [1, 6, 0, 72, 0, 0, 0, 0x83, 0, 1])
        #expect(Array(bytes[28..<32]) == [0, 0, 3, 0x83])
        #expect(Array(bytes[32..<36]) == [0x20, 0x01, 0x0D, 0xB8])
        #expect(bytes[47] == 0 && bytes[46] == 1 && bytes[63] == 0x10 && bytes[79] == 0x21)
    }

    /// NOOUTPUT 0x80, INACTIVE 0x100, TEMPLATE 0x1000; the way: MASQ 0, TUNNEL 2, DROUTE 3 (linux/ip_vs.h).
    @Test(arguments: [
        (Connection.Kind.tcp(.established), Forwarding.dr, 0x83, 1), (.tcp(.established), .nat, 0, 1),
        (.tcp(.finWait), .dr, 0x183, 4), (.tcp(.timeWait), .tun, 0x182, 5), (.udp, .dr, 0x183, 0),
        (.udp, .nat, 0x100, 0), (.sctp(8), .dr, 0x83, 8), (.sctp(9), .nat, 0x100, 9),
        (.template(6, isAssured: true), .dr, 0x1183, 1), (.template(17, isAssured: false), .nat, 0x1100, 0),
    ])
    func `flags and state are the kernel's own`(
        kind: Connection.Kind, forwarding: Forwarding, flags: Int, state: UInt8
    ) {
        var connection = young
        connection.kind = kind
        let bytes = bytes(connection, forwarding)
        #expect(Array(bytes[12..<16]) == [0, 0, UInt8(flags >> 8), UInt8(flags & 0xFF)])
        #expect(Array(bytes[16..<18]) == [0, state])
        #expect(bytes[9] == connection.protocolNumber)
    }

    @Test func `mark and timeout stand where the kernel looks for them`() {
        var connection = young
        connection.expires = 0
        #expect(Array(bytes(connection, mark: 7)[24..<32]) == [0, 0, 0, 7, 0, 0, 0, 1])
        #expect(Array(bytes(connection, timeout: 300)[28..<32]) == [0, 0, 1, 44])
    }

    @Test func `the data of a persistence engine stand behind a connection, the next begins at a multiple of 4`() {
        var template = young
        template.kind = .template(17, isAssured: false)
        template.engine = Connection.Engine(name: Array("sip".utf8), data: Array("id@a".utf8))
        var message = SyncMessage(id: 9)
        let isFirstAdded = message.add(template, forwarding: .dr)
        let isSecondAdded = message.add(young, forwarding: .dr)
        #expect(isFirstAdded && isSecondAdded)
        let bytes = message.bytes
        #expect(Array(bytes[10..<12]) == [0, 47])
        #expect(Array(bytes[44..<55]) == [2, 4] + Array("id@a".utf8) + [3, 3] + Array("sip".utf8))
        #expect(bytes[55] == 0)
        #expect(Array(bytes[56..<60]) == [0, 6, 0, 36])
        #expect(bytes.count == 8 + 48 + 36 && bytes[3] == 92 && message.count == 2)
    }

    @Test(arguments: [(1024, 28), (1472, 40), (8972, 249), (65_535, 255), (0, 28)])
    func `a message is as long as it may be, and whole`(longest: Int, expected: Int) {
        var message = SyncMessage(id: 1, longest: longest)
        var count = 0
        while message.add(young, forwarding: .dr) { count += 1 }
        #expect(count == expected && message.count == expected)
        #expect(message.bytes.count == 8 + expected * 36)
        #expect(Int(message.bytes[2]) << 8 | Int(message.bytes[3]) == message.bytes.count)
    }

    @Test func `a connection between families is refused`() {
        var message = SyncMessage(id: 1)
        var mixed = young
        mixed.server = endpoint("[2001:db8::21]:80")
        let isAdded = message.add(mixed, forwarding: .tun)
        #expect(!isAdded)
        #expect(message.isEmpty)
    }

    @Test func `what is read from a list of any kind comes out of a message as it went in`() throws {
        for number in 0..<2000 {
            let connection = drawn(number)
            let bytes = bytes(connection)
            let back = try #require(HeardConnection(bytes))
            #expect(back.connection == connection)
        }
    }

    private func drawn(_ number: Int) -> Connection {
        var random = SystemRandomNumberGenerator()
        let isV6 = number % 3 == 0
        func end(_ port: UInt16) -> Endpoint {
            isV6
                ? Endpoint(
                    address: .v6(IPv6Address(high: random.next(), low: random.next())), port: port)
                : Endpoint(address: .v4(IPv4Address(number: UInt32.random(in: 0 ... .max, using: &random))), port: port)
        }
        let states = Connection.State.allCases
        let kinds: [Connection.Kind] = [
            .tcp(states[number % states.count]), .udp, .sctp(UInt16(number % 14)), .template(6, isAssured: true),
        ]
        let engine = Connection.Engine(name: Array("sip".utf8), data: Array(repeating: 7, count: number % 255 + 1))
        return Connection(
            kind: kinds[number % 4], client: end(number % 4 == 3 ? 0 : .random(in: 1 ... .max)), service: end(80),
            server: end(8080), expires: UInt32.random(in: 1...900), engine: number % 5 == 0 ? engine : nil)
    }
}

/// A message of one connection, read as `ip_vs_proc_sync_conn` reads it.
private struct HeardConnection {
    var connection: Connection

    init?(_ bytes: [UInt8]) {
        guard bytes.count >= 44, bytes[0] == 0, bytes[4] == 1, bytes[5] == 1 else { return nil }
        let body = Array(bytes[8...])
        func number(_ at: Int, _ count: Int) -> UInt32 { body[at..<(at + count)].reduce(0) { $0 << 8 | UInt32($1) } }
        let width = body[0] == 1 ? 16 : 4
        let size = Int(number(2, 2))
        guard size == body.count else { return nil }
        let ends = (0..<3).compactMap { index -> Endpoint? in
            let start = 24 + index * width
            return IPAddress(bytes: body[start..<(start + width)]).map {
                Endpoint(address: $0, port: UInt16(number(10 + index * 2, 2)))
            }
        }
        let (flags, state) = (number(4, 4), UInt16(number(8, 2)))
        let kind: Connection.Kind? =
            switch (flags & 0x1000 != 0, body[1]) {
            case (true, let transport): .template(transport, isAssured: state == 1)
            case (false, 6): Connection.State(rawValue: state).map { .tcp($0) }
            case (false, 17): .udp
            case (false, 132): .sctp(state)
            default: nil
            }
        guard let kind, ends.count == 3 else { return nil }
        var rest = body[(24 + 3 * width)...]
        var options: [UInt8: [UInt8]] = [:]
        while rest.count > 2 {
            let count = Int(rest[rest.startIndex + 1])
            options[rest[rest.startIndex]] = Array(rest.dropFirst(2).prefix(count))
            rest = rest.dropFirst(2 + count)
        }
        connection = Connection(
            kind: kind, client: ends[0], service: ends[1], server: ends[2], expires: number(20, 4))
        if let data = options[2], let name = options[3] { connection.engine = .init(name: name, data: data) }
    }
}
