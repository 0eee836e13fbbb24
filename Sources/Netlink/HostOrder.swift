/// Integers as netlink carries them: in the byte order of the machine, unless a field says otherwise.
extension FixedWidthInteger where Self: BitwiseCopyable {
    /// The bytes as they lie in memory.
    var hostBytes: [UInt8] { unsafe withUnsafeBytes(of: self) { unsafe Array($0) } }

    /// Reads as many bytes as the type has from the start of `bytes`; nil if there are fewer.
    init?(hostBytes bytes: ArraySlice<UInt8>) {
        self.init(hostBytes: bytes, at: bytes.startIndex)
    }

    /// The same from an index on.
    init?(hostBytes bytes: ArraySlice<UInt8>, at index: Int) {
        let offset = index - bytes.startIndex
        guard offset >= 0, bytes.count - offset >= MemoryLayout<Self>.size else { return nil }
        self = unsafe bytes.withUnsafeBytes { unsafe $0.loadUnaligned(fromByteOffset: offset, as: Self.self) }
    }

    /// The bytes with the most significant first.
    var networkBytes: [UInt8] { bigEndian.hostBytes }

    /// Reads as many bytes as the type has, most significant first; nil if there are fewer.
    init?(networkBytes bytes: ArraySlice<UInt8>) {
        guard let number = Self(hostBytes: bytes) else { return nil }
        self = Self(bigEndian: number)
    }
}

extension [UInt8] {
    mutating func append<Number: FixedWidthInteger & BitwiseCopyable>(hostOrder number: Number) {
        unsafe Swift.withUnsafeBytes(of: number) { unsafe append(contentsOf: $0) }
    }

    /// Overwrites what is there.
    mutating func write<Number: FixedWidthInteger & BitwiseCopyable>(hostOrder number: Number, at offset: Int) {
        let end = offset + MemoryLayout<Number>.size
        precondition(offset >= 0 && end <= count, "bytes \(offset) to \(end) of \(count) are written")
        unsafe withUnsafeMutableBytes { unsafe $0.storeBytes(of: number, toByteOffset: offset, as: Number.self) }
    }
}
