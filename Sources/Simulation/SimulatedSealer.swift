import Heartbeat

/// Seals without cryptography: keys that differ, seals that do not fit when a bit has changed, and nothing that
/// would keep an adversary out. It is there so that the very same sessions run a million times cheaper.
package struct SimulatedSealer: Sealer {
    package init() {}

    package func derive(secret: [UInt8], salt: [UInt8], info: [UInt8], count: Int) -> [UInt8] {
        var digest = Digest(seed: UInt64(secret.count) << 32 | UInt64(salt.count))
        for part in [secret, salt, info] {
            digest.add(part, 0..<part.count)
        }
        var stream = SplitMix64(seed: digest.value)
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: stream.next()) }
    }

    package func makeKey(_ bytes: [UInt8]) -> SimulatedKey {
        var digest = Digest(seed: 0)
        digest.add(bytes, 0..<bytes.count)
        return SimulatedKey(value: digest.value)
    }
}

package struct SimulatedKey: SealingKey {
    fileprivate let value: UInt64

    package func seal(_ buffer: inout [UInt8], body: Range<Int>, sequence: UInt64) {
        cover(&buffer, body, sequence)
        write(tag(buffer, body, sequence), into: &buffer, at: body.upperBound)
    }

    package func open(_ buffer: inout [UInt8], body: Range<Int>, sequence: UInt64) -> Bool {
        guard body.upperBound + Frame.sealLength <= buffer.count else { return false }
        let expected = tag(buffer, body, sequence)
        let fits = (0..<8).allSatisfy { index in
            let byte = UInt8(truncatingIfNeeded: expected >> UInt64(8 * index))
            return buffer[body.upperBound + index] == byte && buffer[body.upperBound + 8 + index] == ~byte
        }
        if fits { cover(&buffer, body, sequence) }
        return fits
    }

    /// Makes the body unreadable; doing it again makes it readable. Eight bytes in a row get the same mask.
    private func cover(_ buffer: inout [UInt8], _ body: Range<Int>, _ sequence: UInt64) {
        let mask = UInt8(truncatingIfNeeded: SplitMix64.mix(value ^ sequence) >> 3) | 1
        for index in body { buffer[index] ^= mask }
    }

    private func tag(_ buffer: [UInt8], _ body: Range<Int>, _ sequence: UInt64) -> UInt64 {
        var digest = Digest(seed: value ^ SplitMix64.mix(sequence))
        digest.add(buffer, 0..<body.upperBound)
        return digest.value
    }

    private func write(_ tag: UInt64, into buffer: inout [UInt8], at start: Int) {
        for index in 0..<8 {
            let byte = UInt8(truncatingIfNeeded: tag >> UInt64(8 * index))
            buffer[start + index] = byte
            buffer[start + 8 + index] = ~byte
        }
    }
}

/// FNV-1a with a seed, and mixed at its end.
private struct Digest {
    private var state: UInt64

    init(seed: UInt64) {
        state = SplitMix64.mix(seed) ^ 0xCBF2_9CE4_8422_2325
    }

    mutating func add(_ bytes: [UInt8], _ range: Range<Int>) {
        bytes.withUnsafeBufferPointer { bytes in
            for index in range { state = (state ^ UInt64(bytes[index])) &* 0x0000_0100_0000_01B3 }
        }
    }

    var value: UInt64 { SplitMix64.mix(state) }
}
