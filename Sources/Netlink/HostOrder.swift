/// Integers as netlink carries them: in the byte order of the machine, unless a field says otherwise.
extension FixedWidthInteger {
    private static var isLittleEndianMachine: Bool { UInt16(1).littleEndian == 1 }

    /// The byte that lies so far behind the first in memory.
    fileprivate func hostByte(_ index: Int) -> UInt8 {
        let shift = Self.isLittleEndianMachine ? 8 * index : Self.bitWidth - 8 - 8 * index
        return UInt8(truncatingIfNeeded: self >> shift)
    }

    /// The bytes as they lie in memory.
    var hostBytes: [UInt8] {
        (0..<Self.bitWidth / 8).map(hostByte)
    }

    /// Reads as many bytes as the type has from the start of `bytes`; nil if there are fewer.
    init?(hostBytes bytes: ArraySlice<UInt8>) {
        let size = Self.bitWidth / 8
        guard bytes.count >= size else { return nil }
        let field = bytes.prefix(size)
        var value: Self = 0
        if Self.isLittleEndianMachine {
            for byte in field.reversed() { value = value << 8 | Self(truncatingIfNeeded: byte) }
        } else {
            for byte in field { value = value << 8 | Self(truncatingIfNeeded: byte) }
        }
        self = value
    }

    /// The bytes with the most significant first.
    var networkBytes: [UInt8] {
        (0..<Self.bitWidth / 8).map { UInt8(truncatingIfNeeded: self >> (Self.bitWidth - 8 - 8 * $0)) }
    }

    /// Reads as many bytes as the type has, most significant first; nil if there are fewer.
    init?(networkBytes bytes: ArraySlice<UInt8>) {
        let size = Self.bitWidth / 8
        guard bytes.count >= size else { return nil }
        self = bytes.prefix(size).reduce(0) { $0 << 8 | Self(truncatingIfNeeded: $1) }
    }
}

extension [UInt8] {
    mutating func append<Number: FixedWidthInteger>(hostOrder number: Number) {
        for index in 0..<Number.bitWidth / 8 { append(number.hostByte(index)) }
    }

    /// Overwrites what is there.
    mutating func write<Number: FixedWidthInteger>(hostOrder number: Number, at offset: Int) {
        for index in 0..<Number.bitWidth / 8 { self[offset + index] = number.hostByte(index) }
    }
}
