import Addresses
import Settings

/// Reads a DNS message (RFC 1035 4.1). Every read is within the message, and names are followed only backwards.
struct DNSReader {
    struct Malformed: Error {}

    private let bytes: [UInt8]
    private(set) var place: Int

    init(_ bytes: [UInt8], at place: Int = 0) {
        self.bytes = bytes
        self.place = place
    }

    mutating func byte() throws(Malformed) -> UInt8 {
        guard place < bytes.count else { throw Malformed() }
        defer { place += 1 }
        return bytes[place]
    }

    mutating func number() throws(Malformed) -> UInt16 {
        let high = try byte()
        return UInt16(high) << 8 | UInt16(try byte())
    }

    mutating func take(_ count: Int) throws(Malformed) -> [UInt8] {
        guard count <= bytes.count - place else { throw Malformed() }
        defer { place += count }
        return Array(bytes[place..<(place + count)])
    }

    /// A name, compressed or not (4.1.4). A pointer leads to a place before the part of the name that it ends, so no
    /// name goes round in a circle, and none is longer than 255 bytes.
    mutating func name() throws(Malformed) -> DNSName {
        var labels: [[UInt8]] = []
        var length = 1
        var begin = place
        /// Where the message goes on, once a pointer has been followed.
        var rest: Int?
        while true {
            let count = Int(try byte())
            switch count {
            case 0:
                if let rest { place = rest }
                guard let name = DNSName(labels: labels) else { throw Malformed() }
                return name
            case 1...63:
                length += count + 1
                guard length <= DNSName.longest else { throw Malformed() }
                labels.append(try take(count))
            case 0xC0...:
                let target = (count & 0x3F) << 8 | Int(try byte())
                rest = rest ?? place
                guard target < begin else { throw Malformed() }
                begin = target
                place = target
            default: throw Malformed()
            }
        }
    }
}

/// The parts of a message that a check looks at.
struct DNSMessage {
    struct Record {
        var type: UInt16
        /// Absent: of a type or class that no check asks for.
        var answer: DNSAnswer?
    }

    var id: UInt16
    var isResponse: Bool
    var isTruncated: Bool
    var code: UInt8
    var name: DNSName?
    var type: UInt16?
    var records: [Record] = []

    /// - Throws: `Malformed` for anything that is no message, down to the last record of its answers.
    init(_ bytes: [UInt8]) throws(DNSReader.Malformed) {
        var reader = DNSReader(bytes)
        id = try reader.number()
        let flags = try reader.number()
        isResponse = flags & 0x8000 != 0
        isTruncated = flags & 0x0200 != 0
        code = UInt8(flags & 0x000F)
        let questions = try reader.number()
        let answers = try reader.number()
        _ = try reader.take(4)
        for number in 0..<questions {
            let asked = try reader.name()
            let type = try reader.number()
            _ = try reader.number()
            if number == 0 { (name, self.type) = (asked, type) }
        }
        for _ in 0..<answers {
            // A message that was cut off may end anywhere.
            if isTruncated, reader.place >= bytes.count { break }
            records.append(try Self.record(&reader))
        }
    }

    private static func record(_ reader: inout DNSReader) throws(DNSReader.Malformed) -> Record {
        _ = try reader.name()
        let type = try reader.number()
        let isInternet = try reader.number() == 1
        _ = try reader.take(4)
        let length = Int(try reader.number())
        var data = reader
        let bytes = try reader.take(length)
        guard isInternet, let known = DNSCheck.RecordType.allCases.first(where: { $0.number == type }) else {
            return Record(type: type)
        }
        let answer = try answer(known, bytes, &data)
        // A name within the data must end where the data does, or before other fields of it.
        guard data.place <= reader.place else { throw DNSReader.Malformed() }
        return Record(type: type, answer: answer)
    }

    private static func answer(
        _ type: DNSCheck.RecordType, _ bytes: [UInt8], _ data: inout DNSReader
    ) throws(DNSReader.Malformed) -> DNSAnswer {
        switch type {
        case .a:
            guard bytes.count == 4 else { throw DNSReader.Malformed() }
            return .address(.v4(IPv4Address(number: bytes.reduce(0) { $0 << 8 | UInt32($1) })))
        case .aaaa:
            guard bytes.count == 16 else { throw DNSReader.Malformed() }
            let halves = [bytes[..<8], bytes[8...]].map { $0.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
            return .address(.v6(IPv6Address(high: halves[0], low: halves[1])))
        case .ns, .cname, .ptr, .soa: return .name(try data.name())
        case .mx:
            _ = try data.take(2)
            return .name(try data.name())
        case .srv:
            _ = try data.take(6)
            return .name(try data.name())
        case .txt:
            var text: [UInt8] = []
            var part = DNSReader(bytes)
            while part.place < bytes.count { text += try part.take(Int(try part.byte())) }
            return .text(text)
        }
    }
}
