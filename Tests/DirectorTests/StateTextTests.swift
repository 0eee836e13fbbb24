import Addresses
import Director
import Heartbeat
import Testing

struct StateTextTests {
    private static let words = WishesText(first: "lb1", second: "lb2")

    private static let wishes: [KeptWish] = {
        var pause = Wish(.pause)
        pause.stamp = 1_795_000_000_000
        pause.isOn = true
        pause.isFromFirst = true
        pause.uid = 1000
        pause.length = 7200
        pause.reason = ShortText("new fan, end of June")
        var standby = Wish(.secondStandby)
        standby.stamp = 12
        let ending = KeptWish.Ending(
            boot: "3b4c", at: Instant(nanoseconds: 900_000_000_000), wall: 1_795_000_007_200_000)
        return [KeptWish(wish: pause, ending: ending), KeptWish(wish: standby, ending: nil)]
    }()

    private static let page = words.text(wishes).bytes

    private func read(_ bytes: [UInt8]) throws(StateDamage) -> [KeptWish] {
        try Self.words.wishes(StateText(bytes, kind: WishesText.kind, version: WishesText.version))
    }

    @Test func `wishes come back as they went`() throws {
        #expect(try read(Self.page) == Self.wishes)
        let text = String(decoding: Self.page, as: UTF8.self)
        #expect(
            text.hasPrefix("tandem wishes 1\nwish pause on\nstamp 1795000000000\nfrom lb1\nuid 1000\nreason new fan"))
    }

    @Test func `a file that was cut at any length is refused`() {
        for length in 0..<Self.page.count {
            #expect(throws: StateDamage.self) { try read(Array(Self.page[..<length])) }
        }
    }

    @Test func `a file with any bit changed is refused`() {
        for index in Self.page.indices {
            for bit in 0..<8 {
                var bytes = Self.page
                bytes[index] ^= 1 << UInt8(bit)
                #expect(throws: StateDamage.self, "byte \(index), bit \(bit)") { try read(bytes) }
            }
        }
    }

    @Test func `what comes behind the last line, and a file twice, is refused`() {
        #expect(throws: StateDamage.self) { try read(Self.page + [0x0A]) }
        #expect(throws: StateDamage.self) { try read(Self.page + Self.page) }
    }

    @Test(arguments: [
        ("", StateDamage.empty), (String(repeating: "x", count: 600_000), .tooLong), ("hello\n", .noHeading),
        ("tandem terms 1\nend 0 0\n", .noHeading), ("tandem wishes 2\nanything", .laterVersion(2)),
        ("tandem wishes 1\n", .cut), ("tandem wishes 1\nend 0 0\n", .changed),
    ])
    func `says what is wrong`(text: String, damage: StateDamage) {
        #expect(throws: damage) { try read(Array(text.utf8)) }
    }

    @Test(arguments: [
        "stamp 1", "wish pause", "wish siesta on", "wish pause on\nstamp -1",
        "wish pause on\nstamp 9999999999999999999",
        "wish pause on\nseconds 604801", "wish pause on\nends 1 2", "wish pause on\ncolour blue", "wish",
    ])
    func `refuses lines that no tandemd writes`(lines: String) {
        let parts = lines.split(separator: "\n").map { line in
            let words = line.split(separator: " ", maxSplits: 1).map(String.init)
            return StateText.Line(words[0], words.count > 1 ? words[1] : "")
        }
        let bytes = StateText(kind: WishesText.kind, version: WishesText.version, lines: parts).bytes
        #expect(throws: StateDamage.self) { try read(bytes) }
    }

    @Test func `leaves out a director that the pair has no more`() throws {
        let other = WishesText(first: "lb1", second: "lb9")
        let text = try StateText(Self.page, kind: WishesText.kind, version: WishesText.version)
        #expect(try other.wishes(text) == [Self.wishes[0]])
    }

    @Test func `the clock that counted tells what is left of a pause; another one only estimates`() {
        let kept = Self.wishes[0]
        let now = Instant(nanoseconds: 300_000_000_000)
        let counted = kept.wish(boot: "3b4c", now: now, wall: 5)
        #expect(counted.left == 600_000 && !counted.isEstimate)
        let estimated = kept.wish(boot: "other", now: now, wall: 1_795_000_007_100_000)
        #expect(estimated.left == 100_000 && estimated.isEstimate)
    }

    @Test(arguments: [(Int64.min, UInt32(7_200_000)), (Int64(0), UInt32(7_200_000)), (Int64.max, UInt32(0))])
    func `a wall clock that jumped makes no pause longer than it was meant to be`(wall: Int64, left: UInt32) {
        let kept = Self.wishes[0]
        #expect(kept.wish(boot: "other", now: Instant(nanoseconds: 0), wall: wall).left == left)
    }

    @Test func `terms come back as they went, and impossible ones are refused`() throws {
        let terms: [String: UInt64] = ["web": 42, "mail": 0]
        let text = try StateText(TermsText.text(terms).bytes, kind: TermsText.kind, version: TermsText.version)
        #expect(try TermsText.terms(text) == terms)
        let high = TermsText.text(["web": GroupBeat.highestTerm + 1])
        #expect(throws: StateDamage.line(2)) { try TermsText.terms(high) }
    }
}
