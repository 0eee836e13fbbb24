import Heartbeat

/// Seals without cryptography: keys that differ, seals that do not fit when a bit has changed, and nothing that
/// would keep an adversary out. It is there so that the very same sessions run a million times cheaper.
package struct SimulatedSealer: Sealer {
    private let without: Protection?

    package init(without: Protection? = nil) {
        self.without = without
    }

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
        return SimulatedKey(value: digest.value, without: without)
    }
}

package struct SimulatedKey: SealingKey {
    fileprivate let value: UInt64
    fileprivate let without: Protection?

    package func seal(_ buffer: inout [UInt8], body: Range<Int>, sequence: UInt64) {
        if without == .repeatUntilAnswered { Muted.rewrite(&buffer, body) }
        let sequence = without == .replayWindow ? 0 : sequence
        cover(&buffer, body, sequence)
        write(tag(buffer, body, sequence), into: &buffer, at: body.upperBound)
    }

    package func open(_ buffer: inout [UInt8], body: Range<Int>, sequence: UInt64) -> Bool {
        guard body.upperBound + Frame.sealLength <= buffer.count else { return false }
        let sequence = without == .replayWindow ? 0 : sequence
        let expected = tag(buffer, body, sequence)
        for index in 0..<8 {
            let byte = UInt8(truncatingIfNeeded: expected >> UInt64(8 * index))
            let place = body.upperBound + index
            guard buffer[place] == byte, buffer[place + 8] == ~byte else { return false }
        }
        cover(&buffer, body, sequence)
        if without == .termCheck { Termless.rewrite(&buffer, body) }
        return true
    }

    /// Makes the first bytes of the body unreadable; doing it again makes them readable.
    private func cover(_ buffer: inout [UInt8], _ body: Range<Int>, _ sequence: UInt64) {
        let mask = UInt8(truncatingIfNeeded: SplitMix64.mix(value ^ sequence) >> 3) | 1
        for index in body.prefix(8) { buffer[index] ^= mask }
    }

    private func tag(_ buffer: [UInt8], _ body: Range<Int>, _ sequence: UInt64) -> UInt64 {
        var digest = Digest(seed: value ^ SplitMix64.mix(sequence))
        if without == .replayWindow {
            digest.add((0..<body.upperBound).filter(Unnumbered.isBound).map { buffer[$0] })
        } else {
            digest.add(buffer, 0..<body.upperBound)
        }
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

/// FNV-1a over words of eight bytes, with a seed, and mixed at its end.
private struct Digest {
    private var state: UInt64

    init(seed: UInt64) {
        state = SplitMix64.mix(seed) ^ 0xCBF2_9CE4_8422_2325
    }

    mutating func add(_ bytes: [UInt8]) { add(bytes, 0..<bytes.count) }

    mutating func add(_ bytes: [UInt8], _ range: Range<Int>) {
        bytes.withUnsafeBytes { bytes in
            var place = range.lowerBound
            while place + 8 <= range.upperBound {
                add(bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
                place += 8
            }
            while place < range.upperBound {
                add(UInt64(bytes[place]))
                place += 1
            }
        }
    }

    private mutating func add(_ word: UInt64) {
        state = (state ^ word) &* 0x0000_0100_0000_01B3
        state ^= state >> 29
    }

    var value: UInt64 { SplitMix64.mix(state) }
}
