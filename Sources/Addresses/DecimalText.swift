/// Numbers put into the room of a string: a load describes tens of thousands of endpoints, and interpolation makes a
/// string of each number first.
struct DecimalText: ~Copyable {
    private let room: UnsafeMutableBufferPointer<UInt8>
    private(set) var count = 0

    /// - Parameter room: enough for everything that will be put.
    init(_ room: UnsafeMutableBufferPointer<UInt8>) {
        unsafe self.room = room
    }

    mutating func put(_ byte: UInt8) {
        unsafe room[count] = byte
        count += 1
    }

    mutating func put(decimal number: UInt32) {
        if number >= 10 { put(decimal: number / 10) }
        put(UInt8(ascii: "0") + UInt8(number % 10))
    }

    /// Four numbers and dots.
    mutating func put(_ address: IPv4Address) {
        for shift in [UInt32(24), 16, 8, 0] {
            if shift < 24 { put(UInt8(ascii: ".")) }
            put(decimal: address.number >> shift & 0xFF)
        }
    }
}
