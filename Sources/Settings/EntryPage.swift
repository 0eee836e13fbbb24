/// Entries, written one behind the other into one piece of memory: of thousands of them a digest is made as they stand,
/// and none becomes a text.
struct EntryPage {
    /// `PATH: VALUE` and an end of line for each entry.
    private(set) var bytes: [UInt8] = []
    /// What every entry's path begins with.
    private var root: [UInt8] = []
    /// Where each entry's path and value end.
    private var ends: [(path: Int, value: Int)] = []

    /// Begins anew with entries below another path.
    mutating func turn(to path: String, _ name: String) {
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        root.removeAll(keepingCapacity: true)
        root.append(contentsOf: path.utf8)
        root.append(contentsOf: name.utf8)
    }

    /// Entries below one of the entries.
    mutating func below(_ name: StaticString, _ key: String, _ write: (inout EntryPage) -> Void) {
        let length = root.count
        name.withUTF8Buffer { root.append(contentsOf: $0) }
        root.append(contentsOf: key.utf8)
        write(&self)
        root.removeSubrange(length...)
    }

    /// A whole entry, by what its path ends with.
    mutating func add(_ name: StaticString, _ value: String) {
        begin(name)
        divide()
        put(value)
        end()
    }

    mutating func add(_ name: StaticString, _ number: Int) {
        begin(name)
        divide()
        put(number)
        end()
    }

    /// An entry whose path ends with what is written until `divide`, and whose value is what follows.
    mutating func begin(_ name: StaticString) {
        bytes.append(contentsOf: root)
        put(name)
    }

    mutating func divide() {
        ends.append((bytes.count, bytes.count))
        put(": ")
    }

    mutating func end() {
        ends[ends.count - 1].value = bytes.count
        bytes.append(UInt8(ascii: "\n"))
    }

    mutating func put(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    mutating func put(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    /// Decimal.
    mutating func put(_ number: Int) {
        guard number >= 0 else { return put("\(number)" as String) }
        var divisor = 1
        while number / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }

    var entries: [Entry] {
        var start = 0
        return ends.map { end in
            defer { start = end.value + 1 }
            return Entry(
                String(decoding: bytes[start..<end.path], as: UTF8.self),
                String(decoding: bytes[(end.path + 2)..<end.value], as: UTF8.self))
        }
    }

    /// As if the page were added to a text with this digest.
    func digest(after digest: UInt64) -> UInt64 { textDigest(bytes.span, after: digest) }
}
