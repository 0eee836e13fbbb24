// Big-endian fields in a caller-owned buffer. The buffers of the heart are made once and never grow, so
// nothing here appends: writing past the end is a programmer's error and traps.

extension [UInt8] {
    /// Writes `value` in network order and moves `offset` behind it.
    mutating func put<Value: FixedWidthInteger & UnsignedInteger>(_ value: Value, at offset: inout Int) {
        var shift = Value.bitWidth
        while shift > 0 {
            shift -= 8
            self[offset] = UInt8(truncatingIfNeeded: value >> Value(shift))
            offset += 1
        }
    }

    /// Writes `bytes` as they are and moves `offset` behind them.
    mutating func put(_ bytes: some Collection<UInt8>, at offset: inout Int) {
        for byte in bytes {
            self[offset] = byte
            offset += 1
        }
    }

    /// Reads a value in network order and moves `offset` behind it. The caller has checked the length.
    func take<Value: FixedWidthInteger & UnsignedInteger>(_: Value.Type, at offset: inout Int) -> Value {
        var value: Value = 0
        for _ in 0..<(Value.bitWidth / 8) {
            value = (Value.bitWidth == 8 ? 0 : value << 8) | Value(self[offset])
            offset += 1
        }
        return value
    }

    /// Copies `count` bytes and moves `offset` behind them. The caller has checked the length.
    func take(count: Int, at offset: inout Int) -> [UInt8] {
        defer { offset += count }
        return [UInt8](self[offset..<(offset + count)])
    }
}

/// FNV-1a, 64 bits: names and texts as numbers of fixed size. It keeps nobody out; it only tells apart.
package func fingerprint(_ text: String) -> UInt64 { fingerprint(text.utf8) }

@inlinable
package func fingerprint(_ bytes: some Sequence<UInt8>) -> UInt64 {
    bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
}
