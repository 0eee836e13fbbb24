/// The endless stream of bytes that one connection sends and must get back: known at every position, different for
/// every connection, and never ASCII, so that a server can tell it from a request for its health.
package struct Payload {
    private let seed: UInt64

    package init(connection: Int) {
        seed = UInt64(connection) &* 0x9E37_79B9_7F4A_7C15 | 1
    }

    /// The byte at a position, counted from 0.
    package subscript(position: Int) -> UInt8 {
        let mixed = (UInt64(position) &+ seed) &* 0xBF58_476D_1CE4_E5B9
        return UInt8(truncatingIfNeeded: (mixed ^ mixed >> 31) >> 24) | 0x80
    }

    package func bytes(_ range: Range<Int>) -> [UInt8] {
        range.map { self[$0] }
    }

    /// Whether the bytes that came back are those that stand at `position` and after it.
    package func matches(_ bytes: ArraySlice<UInt8>, at position: Int) -> Bool {
        zip(position..., bytes).allSatisfy { self[$0] == $1 }
    }
}
