/// What stands behind the seal of a session's datagram. A kind that a director does not know counts as life, and is
/// skipped.
package enum BodyKind: UInt8, Hashable, Sendable {
    case heartbeat = 0
    case segment = 1
    /// From a director to the witness, and back.
    case petition = 2
    case grant = 3

    /// Version and kind: what every body begins with, in bytes.
    package static let end = 2

    package init?(of buffer: [UInt8], _ body: Range<Int>) {
        guard body.count >= Self.end, body.upperBound <= buffer.count else { return nil }
        self.init(rawValue: buffer[body.lowerBound + 1])
    }
}

/// Where a segment stands in a buffer, and which life of the peer sent it.
package struct SegmentPlace: Hashable, Sendable {
    package var boot: BootID
    package var body: Range<Int>

    package init(boot: BootID, body: Range<Int>) {
        self.boot = boot
        self.body = body
    }
}

/// A piece of the stream, and what arrived of the other direction's (Docs/Packet.md).
///
/// ```
///  0 1 version   1 1 kind (1)   2 2 length of the fixed part
///  4 2 flags (1 data, 2 end of a message)   6 2 bytes of data
///  8 8 number   16 8 acknowledged: all numbers below it   24 8 mask: bit i for acknowledged + 1 + i   32 … data
/// ```
package struct Segment: Hashable, Sendable {
    // Specification constants

    static let version: UInt8 = 1
    static let fixedLength = 32
    static let dataFlag: UInt16 = 1
    static let endFlag: UInt16 = 2
    /// A whole body.
    package static let maximumLength = Frame.maximumLength - Frame.headerLength - Frame.sealLength
    /// The most data of one segment.
    package static let room = maximumLength - fixedLength

    /// Of this piece, counted from 0 in each direction; without data, of the next one.
    var number: UInt64
    /// Absent: it only acknowledges.
    var data: ArraySlice<UInt8>?
    /// The last piece of a message.
    var isEnd: Bool
    var acknowledged: UInt64
    var mask: UInt64

    var body: [UInt8] {
        var body = [UInt8](repeating: 0, count: Self.fixedLength)
        var offset = 0
        body.put(Self.version, at: &offset)
        body.put(BodyKind.segment.rawValue, at: &offset)
        body.put(UInt16(Self.fixedLength), at: &offset)
        body.put((data == nil ? 0 : Self.dataFlag) | (isEnd ? Self.endFlag : 0), at: &offset)
        body.put(UInt16(data?.count ?? 0), at: &offset)
        body.put(number, at: &offset)
        body.put(acknowledged, at: &offset)
        body.put(mask, at: &offset)
        return body + (data ?? [])
    }

    /// Puts a body behind the header of a datagram and says how long it is; nil where it does not fit.
    package static func write(_ body: [UInt8], into buffer: inout [UInt8]) -> Int? {
        guard body.count <= maximumLength else { return nil }
        var offset = Frame.headerLength
        buffer.put(body, at: &offset)
        return body.count
    }
}

extension Segment {
    /// Reads a body of any version whose beginning is this one's.
    init(_ body: [UInt8]) throws(Refusal) {
        guard body.count >= Self.fixedLength else { throw .malformed }
        var offset = 0
        let version = body.take(UInt8.self, at: &offset)
        let kind = body.take(UInt8.self, at: &offset)
        let fixedLength = Int(body.take(UInt16.self, at: &offset))
        let flags = body.take(UInt16.self, at: &offset)
        let count = Int(body.take(UInt16.self, at: &offset))
        guard version >= Self.version, kind == BodyKind.segment.rawValue, fixedLength >= Self.fixedLength,
            fixedLength + count <= body.count, count <= Self.room
        else { throw .malformed }
        number = body.take(UInt64.self, at: &offset)
        acknowledged = body.take(UInt64.self, at: &offset)
        mask = body.take(UInt64.self, at: &offset)
        isEnd = flags & Self.endFlag != 0
        data = flags & Self.dataFlag == 0 ? nil : body[fixedLength..<(fixedLength + count)]
    }
}
