/// The outer frame of every datagram. It never changes, whatever version speaks inside: Docs/Packet.md.
///
/// ```
///  0  4  magic "TDM1"
///  4  8  session: the number under which the receiver knows it; 0 for a hello or its answer
/// 12  8  sequence: the path in the top 8 bits, a counter in the lower 56
/// 20  …  sealed body
///  …  16 seal
/// ```
package enum Frame {
    // Specification constants

    package static let magic: UInt32 = 0x5444_4D31
    package static let headerLength = 20
    /// A Poly1305 tag.
    package static let sealLength = 16
    /// What fits the smallest MTU of IPv6 (1,280 bytes) with room for its headers.
    package static let maximumLength = 1232
    package static let pathShift: UInt64 = 56
    package static let counterMask: UInt64 = (1 << 56) - 1

    // Implementation constants

    /// As many paths as a pair may have.
    package static let maximumPaths = 8

    /// A buffer that any datagram fits.
    package static func makeBuffer() -> [UInt8] { [UInt8](repeating: 0, count: maximumLength) }

    static func write(session: UInt64, sequence: UInt64, into buffer: inout [UInt8]) {
        var offset = 0
        buffer.put(magic, at: &offset)
        buffer.put(session, at: &offset)
        buffer.put(sequence, at: &offset)
    }

    /// The session of a datagram, when its frame is one of ours.
    static func session(of buffer: [UInt8], count: Int) throws(Refusal) -> UInt64 {
        guard count >= headerLength + sealLength else { throw .tooShort }
        guard count <= maximumLength else { throw .tooLong }
        var offset = 0
        guard buffer.take(UInt32.self, at: &offset) == magic else { throw .notOurs }
        return buffer.take(UInt64.self, at: &offset)
    }

    static func sequence(of buffer: [UInt8]) -> UInt64 {
        var offset = 12
        return buffer.take(UInt64.self, at: &offset)
    }
}
