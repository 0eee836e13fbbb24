package import Addresses

/// One question over UDP and what has to come back (RFC 1035 4).
package struct DNSCheck: Hashable, Sendable {
    /// By IANA's names and numbers.
    package enum RecordType: String, Hashable, Sendable, CaseIterable {
        case a = "A"
        case ns = "NS"
        case cname = "CNAME"
        case soa = "SOA"
        case ptr = "PTR"
        case mx = "MX"
        case txt = "TXT"
        case aaaa = "AAAA"
        case srv = "SRV"

        package var number: UInt16 {
            switch self {
            case .a: 1
            case .ns: 2
            case .cname: 5
            case .soa: 6
            case .ptr: 12
            case .mx: 15
            case .txt: 16
            case .aaaa: 28
            case .srv: 33
            }
        }
    }

    /// What a server says of a question (RFC 1035 4.1.1).
    package enum ResponseCode: String, Hashable, Sendable, CaseIterable {
        case noError = "NOERROR"
        case formatError = "FORMERR"
        case serverFailure = "SERVFAIL"
        case nameError = "NXDOMAIN"
        case notImplemented = "NOTIMP"
        case refused = "REFUSED"

        package var number: UInt8 {
            switch self {
            case .noError: 0
            case .formatError: 1
            case .serverFailure: 2
            case .nameError: 3
            case .notImplemented: 4
            case .refused: 5
            }
        }
    }

    package var name: DNSName
    package var type: RecordType
    package var code: ResponseCode
    /// What one of the records has to hold; absent: the code is enough.
    package var answer: DNSAnswer?

    package init(
        name: DNSName, type: RecordType = .a, code: ResponseCode = .noError, answer: DNSAnswer? = nil
    ) {
        self.name = name
        self.type = type
        self.code = code
        self.answer = answer
    }
}

/// What a record holds.
package enum DNSAnswer: Hashable, Sendable {
    case address(IPAddress)
    /// Of NS, CNAME and PTR, and the host of MX, SRV and SOA.
    case name(DNSName)
    /// Of TXT, its parts put together.
    case text([UInt8])
}

/// A domain name: labels of 1 to 63 bytes, in lower case, at most 255 bytes with their lengths (RFC 1035 2.3.4, 4343).
package struct DNSName: Hashable, Sendable {
    /// The most that a name takes in a message.
    package static let longest = 255

    package static let root = DNSName()

    /// Without the root's empty one.
    package let labels: [[UInt8]]

    private init() { labels = [] }

    package init?(labels: [[UInt8]]) {
        let length = labels.reduce(1) { $0 + 1 + $1.count }
        guard length <= Self.longest, labels.allSatisfy({ (1...63).contains($0.count) }) else { return nil }
        self.labels = labels.map { label in label.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 } }
    }

    /// `shop.example`, with or without the last dot; `.` is the root.
    package init?(_ text: String) {
        var parts = text == "." ? [] : text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        if parts.last?.isEmpty == true { parts.removeLast() }
        guard parts.allSatisfy({ $0.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x5C } }) else { return nil }
        guard text == "." || !parts.isEmpty else { return nil }
        self.init(labels: parts.map { Array($0) })
    }
}

extension DNSName: CustomStringConvertible {
    package var description: String {
        labels.isEmpty ? "." : labels.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ".")
    }
}
