import Simulation

/// Changes bytes in the ways that decoders fear: numbers at their ends, lengths, pieces that are missing or come twice.
struct Mutator {
    var random: SplitMix64

    private static let extremes: [UInt64] = [
        0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 1 << 31, UInt64(UInt32.max), 1 << 62, 1 << 63, .max - 1, .max,
    ]

    mutating func mutate(_ original: [UInt8]) -> [UInt8] {
        var bytes = original
        for _ in 0...Int.random(in: 0..<3, using: &random) { change(&bytes) }
        return bytes
    }

    private mutating func change(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else {
            bytes = [UInt8.random(in: 0...255, using: &random)]
            return
        }
        let place = Int.random(in: bytes.indices, using: &random)
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<3: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 3, 4: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 5, 6: write(Self.extremes.randomElement(using: &random) ?? 0, at: place, &bytes)
        case 7: bytes.removeLast(bytes.count - place)
        case 8:
            let more = Int.random(in: 1...1300, using: &random)
            let byte = UInt8.random(in: 0...255, using: &random)
            bytes += [UInt8](repeating: byte, count: min(more, max(0, 1300 - bytes.count)))
        default:
            let piece = Array(bytes[place...].prefix(Int.random(in: 1...24, using: &random)))
            let start = Int.random(in: 0...(bytes.count - piece.count), using: &random)
            bytes.replaceSubrange(start..<(start + piece.count), with: piece)
        }
    }

    /// In 1, 2, 4 or 8 bytes, as far as there is room.
    private mutating func write(_ number: UInt64, at place: Int, _ bytes: inout [UInt8]) {
        let length = min([1, 2, 4, 8].randomElement(using: &random) ?? 1, bytes.count - place)
        for index in 0..<length {
            bytes[place + index] = UInt8(truncatingIfNeeded: number >> UInt64(8 * (length - 1 - index)))
        }
    }
}
