internal import Addresses

extension Connection {
    /// Reads one line of `/proc/net/ip_vs_conn` (net/netfilter/ipvs/ip_vs_conn.c, `ip_vs_conn_seq_show`); nil for its
    /// head, and for anything that no kernel prints.
    ///
    /// `TCP C0000264 9C40 C000020A 0050 C0000215 0050 ESTABLISHED     899`, all in hexadecimal but the last; IPv6
    /// addresses in eight groups of four digits; behind the last the name and the data of a persistence engine.
    ///
    /// A line is read byte by byte and asks for no memory: there may be 100,000 of them.
    package init?(line: ArraySlice<UInt8>) {
        var words = LineWords(line)
        let name = words.next()
        guard let client = words.endpoint(), let service = words.endpoint(), let server = words.endpoint(),
            let kind = Self.kind(name, words.next(), clientPort: client.port), let expires = words.decimal()
        else { return nil }
        self.init(
            kind: kind, client: client, service: service, server: server, expires: expires, engine: words.engine())
    }

    /// A template has no port of the client's, and a state of its own; kernels before 4.18 know only NONE.
    private static func kind(_ name: ArraySlice<UInt8>, _ state: ArraySlice<UInt8>, clientPort: UInt16) -> Kind? {
        guard let number = protocols.first(where: { $0.name.matches(name) })?.number else { return nil }
        if assured.matches(state) { return .template(number, isAssured: true) }
        if clientPort == 0, none.matches(state) { return .template(number, isAssured: false) }
        switch number {
        case 6: return tcpStates.first { $0.word.matches(state) }.map { .tcp($0.state) }
        case 17: return .udp
        case 132: return sctpStates.firstIndex { $0.matches(state) }.map { .sctp(UInt16($0)) }
        default: return nil
        }
    }

    private static let protocols: [(name: StaticString, number: UInt8)] = [
        ("TCP", 6), ("UDP", 17), ("SCTP", 132), ("IP", 0),
    ]
    private static let assured: StaticString = "ASSURED"
    private static let none: StaticString = "NONE"

    /// `tcp_state_name_table`, the frequent ones first.
    static let tcpStates: [(word: StaticString, state: State)] = [
        ("ESTABLISHED", .established), ("TIME_WAIT", .timeWait), ("FIN_WAIT", .finWait), ("CLOSE", .close),
        ("SYN_RECV", .synReceived), ("CLOSE_WAIT", .closeWait), ("LAST_ACK", .lastAck), ("SYN_SENT", .synSent),
        ("NONE", .none), ("LISTEN", .listen), ("SYNACK", .synAck),
    ]
    /// `sctp_state_name_table`, by number.
    static let sctpStates: [StaticString] = [
        "NONE", "INIT1", "INIT", "C-SENT", "C-REPLIED", "C-WAIT", "COOKIE", "C-ECHOED", "ESTABLISHED", "S-SENT",
        "S-RECEIVED", "S-ACK-SENT", "REJECTED", "CLOSED",
    ]
}

extension StaticString {
    fileprivate func matches(_ bytes: ArraySlice<UInt8>) -> Bool {
        utf8CodeUnitCount == bytes.count && withUTF8Buffer { $0.elementsEqual(bytes) }
    }
}

/// The words of a line, one after the other.
private struct LineWords {
    private let line: ArraySlice<UInt8>
    private var index: Int

    init(_ line: ArraySlice<UInt8>) {
        self.line = line
        index = line.startIndex
    }

    /// Empty at the end.
    mutating func next() -> ArraySlice<UInt8> {
        while index < line.endIndex, line[index] == 0x20 { index += 1 }
        let start = index
        while index < line.endIndex, line[index] != 0x20 { index += 1 }
        return line[start..<index]
    }

    mutating func endpoint() -> Endpoint? {
        let address = next()
        guard let port = Self.hexadecimal(next(), digits: 4) else { return nil }
        if address.count == 8 {
            return Self.hexadecimal(address, digits: 8).map { number in
                Endpoint(
                    address: .v4(IPv4Address(number: UInt32(truncatingIfNeeded: number))),
                    port: UInt16(truncatingIfNeeded: port))
            }
        }
        guard let high = Self.half(address.prefix(19)), address.count == 39,
            address[address.startIndex + 19] == 0x3A, let low = Self.half(address.suffix(19))
        else { return nil }
        return Endpoint(
            address: .v6(IPv6Address(high: high, low: low)), port: UInt16(truncatingIfNeeded: port))
    }

    mutating func decimal() -> UInt32? {
        let word = next()
        guard (1...10).contains(word.count) else { return nil }
        var value: UInt64 = 0
        for byte in word {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + UInt64(byte - 0x30)
        }
        return UInt32(exactly: value)
    }

    /// What stands behind the last word of every line; the data may be anything.
    mutating func engine() -> Connection.Engine? {
        let name = next()
        guard (1...16).contains(name.count), index < line.endIndex else { return nil }
        let data = line[(index + 1)...]
        guard (1...255).contains(data.count) else { return nil }
        return Connection.Engine(name: Array(name), data: Array(data))
    }

    /// Four groups of four digits.
    private static func half(_ word: ArraySlice<UInt8>) -> UInt64? {
        guard word.count == 19 else { return nil }
        var value: UInt64 = 0
        for group in 0..<4 {
            let start = word.startIndex + group * 5
            guard let number = hexadecimal(word[start..<(start + 4)], digits: 4),
                group == 3 || word[start + 4] == 0x3A
            else { return nil }
            value = value << 16 | number
        }
        return value
    }

    private static func hexadecimal(_ word: ArraySlice<UInt8>, digits: Int) -> UInt64? {
        guard word.count == digits else { return nil }
        var value: UInt64 = 0
        for byte in word {
            let digit: UInt8
            switch byte {
            case 0x30...0x39: digit = byte - 0x30
            case 0x41...0x46: digit = byte - 0x41 + 10
            case 0x61...0x66: digit = byte - 0x61 + 10
            default: return nil
            }
            value = value << 4 | UInt64(digit)
        }
        return value
    }
}
