/// A field of a header, as HPACK has them: bytes of any kind.
package struct HeaderField: Hashable, Sendable {
    package var name: [UInt8]
    package var value: [UInt8]
    /// Whether nobody on the way may remember it (RFC 7541 7.1.3).
    package var isSecret: Bool

    package init(name: [UInt8], value: [UInt8], isSecret: Bool = false) {
        self.name = name
        self.value = value
        self.isSecret = isSecret
    }

    /// What it counts in a table and in a list (RFC 7541 4.1).
    var size: Int { name.count + value.count + 32 }
}

extension HeaderField {
    package init(_ name: String, _ value: String) {
        self.init(name: Array(name.utf8), value: Array(value.utf8))
    }
}

/// The fields that a block may refer to by number (RFC 7541 2.3): those that everybody knows, and the newest that this
/// connection had.
struct HeaderTable: Sendable {
    /// What a director lets a server use, in bytes: what holds without a word (RFC 9113 6.5.2).
    static let limit = 4096

    /// RFC 7541, appendix A.
    static let fixed: [HeaderField] = [
        (":authority", ""), (":method", "GET"), (":method", "POST"), (":path", "/"), (":path", "/index.html"),
        (":scheme", "http"), (":scheme", "https"), (":status", "200"), (":status", "204"), (":status", "206"),
        (":status", "304"), (":status", "400"), (":status", "404"), (":status", "500"), ("accept-charset", ""),
        ("accept-encoding", "gzip, deflate"), ("accept-language", ""), ("accept-ranges", ""), ("accept", ""),
        ("access-control-allow-origin", ""), ("age", ""), ("allow", ""), ("authorization", ""),
        ("cache-control", ""), ("content-disposition", ""), ("content-encoding", ""), ("content-language", ""),
        ("content-length", ""), ("content-location", ""), ("content-range", ""), ("content-type", ""),
        ("cookie", ""), ("date", ""), ("etag", ""), ("expect", ""), ("expires", ""), ("from", ""), ("host", ""),
        ("if-match", ""), ("if-modified-since", ""), ("if-none-match", ""), ("if-range", ""),
        ("if-unmodified-since", ""), ("last-modified", ""), ("link", ""), ("location", ""), ("max-forwards", ""),
        ("proxy-authenticate", ""), ("proxy-authorization", ""), ("range", ""), ("referer", ""), ("refresh", ""),
        ("retry-after", ""), ("server", ""), ("set-cookie", ""), ("strict-transport-security", ""),
        ("transfer-encoding", ""), ("user-agent", ""), ("vary", ""), ("via", ""), ("www-authenticate", ""),
    ].map { HeaderField($0.0, $0.1) }

    /// The newest last.
    private(set) var fields: [HeaderField] = []
    private(set) var size = 0
    private var capacity = Self.limit

    /// From 1 on; nil: there is none.
    subscript(number: Int) -> HeaderField? {
        guard number > 0 else { return nil }
        if number <= Self.fixed.count { return Self.fixed[number - 1] }
        let age = number - Self.fixed.count
        return age <= fields.count ? fields[fields.count - age] : nil
    }

    /// A field that is larger than the table only empties it (RFC 7541 4.4).
    mutating func add(_ field: HeaderField) {
        makeRoom(for: field.size)
        guard field.size <= capacity else { return }
        fields.append(field)
        size += field.size
    }

    mutating func resize(_ capacity: Int) {
        self.capacity = capacity
        makeRoom(for: 0)
    }

    private mutating func makeRoom(for room: Int) {
        var gone = 0
        while size + room > capacity, gone < fields.count {
            size -= fields[gone].size
            gone += 1
        }
        fields.removeFirst(gone)
    }
}
