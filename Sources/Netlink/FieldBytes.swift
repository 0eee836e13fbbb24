/// A stretch of a datagram that somebody else keeps alive: for the thousands of attributes of a table, of which none is
/// copied and none counted. It must not outlive the call that it was given to.
///
/// Safe to use as long as that is kept: it never reads outside of the stretch.
@safe struct FieldBytes {
    private let bytes: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) {
        unsafe self.bytes = bytes
    }

    static var none: FieldBytes { unsafe FieldBytes(UnsafeRawBufferPointer(start: nil, count: 0)) }

    var count: Int { unsafe bytes.count }

    /// The first byte.
    var first: UInt8? { unsafe bytes.first }

    /// The first bytes in the machine's order; nil if there are fewer than the type has.
    func host<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type, at offset: Int = 0) -> Number? {
        guard offset >= 0, count - offset >= MemoryLayout<Number>.size else { return nil }
        return unsafe bytes.loadUnaligned(fromByteOffset: offset, as: type)
    }

    /// The same, most significant first.
    func network<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type, at offset: Int = 0) -> Number? {
        host(type, at: offset).map { Number(bigEndian: $0) }
    }

    /// From an offset to another, which lie inside.
    func part(_ range: Range<Int>) -> FieldBytes {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "bytes \(range) of \(count)")
        return unsafe FieldBytes(UnsafeRawBufferPointer(rebasing: bytes[range]))
    }

    /// The text before the first zero byte, or all of it; what is not UTF-8 is replaced.
    var text: String { unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }

    /// The attributes that it is made of.
    var attributes: FieldWalk { FieldWalk(self) }
}

/// Walks attributes as `NetlinkAttributes` does, and stops, without an error, where a length does not fit.
struct FieldWalk: Sequence, IteratorProtocol {
    private let bytes: FieldBytes
    private var offset = 0

    init(_ bytes: FieldBytes) {
        self.bytes = bytes
    }

    mutating func next() -> (type: Int, value: FieldBytes)? {
        guard let length = bytes.host(UInt16.self, at: offset), let type = bytes.host(UInt16.self, at: offset + 2),
            length >= 4, Int(length) <= bytes.count - offset
        else { return nil }
        let value = bytes.part((offset + 4)..<(offset + Int(length)))
        offset += (Int(length) + 3) & ~3
        return (Int(type & NetlinkAttributes.typeMask), value)
    }
}
