import Settings
import SettingsFile
import Testing

@Suite struct FuzzTests {
    /// SplitMix64: the same changes in every run.
    private struct Dice {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }

        mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }
    }

    private static let pieces = [
        "*a", "&a ", "!!int ", "<<: ", "- ", ": ", "[", "]", "{", "}", "\n", "\t", "\r\n", "\0", "\"", "'", "|", ">",
        "%", "#",
        "? ", "---\n", "99999999999999999999", "-1", "::", "::ffff:10.0.0.1", "fwmark://7", "0s", "/0", "é", "\u{FEFF}",
        "include: '*'\n", "null", "~", "*", "\u{1}", "include: [/dev/zero]\n",
    ]

    private static func change(_ bytes: inout [UInt8], _ dice: inout Dice) {
        let place = dice.below(bytes.count)
        let end = min(bytes.count, place + 1 + dice.below(40))
        switch dice.below(7) {
        case 0 where !bytes.isEmpty: bytes[place] = UInt8(truncatingIfNeeded: dice.next())
        case 1: bytes.removeSubrange(place..<end)
        case 2: bytes.insert(contentsOf: bytes[place..<end], at: dice.below(bytes.count))
        case 3: bytes.insert(contentsOf: pieces[dice.below(pieces.count)].utf8, at: place)
        case 4: bytes.replaceSubrange(place..<end, with: pieces[dice.below(pieces.count)].utf8)
        case 5 where !bytes.isEmpty: bytes[place] ^= 1 << UInt8(dice.below(8))
        default: bytes.removeLast(dice.below(min(bytes.count, 200)))
        }
    }

    @Test func `8,000 damaged configurations are all answered`() throws {
        let names = try #require(
            ReferenceTests.contents(ReferenceTests.root + "/Deploy/examples/services.d/names.yaml"))
        let main = try #require(ReferenceTests.contents(ReferenceTests.root + "/Deploy/examples/tandem.yaml"))
        let whole = Array((main + names).utf8)
        var dice = Dice(state: 20_261_121)
        var usable = 0
        let time = ContinuousClock().measure {
            for _ in 0..<8000 {
                var bytes = whole
                for _ in 0...dice.below(3) { Self.change(&bytes, &dice) }
                let loaded = SettingsFile.load(bytes: bytes, name: "tandem.yaml")
                if loaded.settings != nil { usable += 1 }
                if loaded.settings == nil, loaded.problems.isEmpty { Issue.record("refused without a word") }
            }
        }
        print("fuzz: 8,000 damaged configurations in \(time), \(usable) still usable")
        #expect(usable > 0)
    }
}
