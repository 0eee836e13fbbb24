/// Reads the part of ASN.1's Basic Encoding Rules that LDAP allows (RFC 4511 5.1): lengths are definite, of at most
/// four bytes, and tags of one byte. Every read is within the bytes.
struct BERReader {
    struct Malformed: Error {}

    private var rest: ArraySlice<UInt8>

    init(_ bytes: some Sequence<UInt8>) {
        rest = ArraySlice(bytes)
    }

    var isEmpty: Bool { rest.isEmpty }

    /// The tag and the content of the next element.
    mutating func element() throws(Malformed) -> (tag: UInt8, content: ArraySlice<UInt8>) {
        guard let tag = rest.first, let head = try Self.head(of: rest.prefix(6)), rest.count - head.count >= head.length
        else { throw Malformed() }
        let content = rest.dropFirst(head.count).prefix(head.length)
        rest = rest.dropFirst(head.count + head.length)
        return (tag, content)
    }

    mutating func element(_ tag: UInt8) throws(Malformed) -> ArraySlice<UInt8> {
        let element = try element()
        guard element.tag == tag else { throw Malformed() }
        return element.content
    }

    /// An integer from 0 to 2³¹ − 1.
    mutating func number(_ tag: UInt8) throws(Malformed) -> Int {
        let bytes = try element(tag)
        guard (1...4).contains(bytes.count), let first = bytes.first, first < 0x80 else { throw Malformed() }
        return bytes.reduce(0) { $0 << 8 | Int($1) }
    }

    /// How long the head of the element is that begins so, and what follows it; nil: more of it has to come.
    static func head(of bytes: ArraySlice<UInt8>) throws(Malformed) -> (count: Int, length: Int)? {
        guard bytes.count >= 2 else { return nil }
        let first = Int(bytes[bytes.startIndex + 1])
        guard first >= 0x80 else { return (2, first) }
        let count = first & 0x7F
        guard (1...4).contains(count) else { throw Malformed() }
        guard bytes.count >= 2 + count else { return nil }
        return (2 + count, bytes.dropFirst(2).prefix(count).reduce(0) { $0 << 8 | Int($1) })
    }
}
