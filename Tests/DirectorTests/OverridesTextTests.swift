import Balancing
import Director
import Testing

struct OverridesTextTests {
    private static let overrides: Overrides = {
        var overrides = Overrides([], clock: 14)
        let words: [(Override.Word, String, String?, String)] = [
            (.drain, "10.1.0.21:80", "web", "new disk"), (.weight(5), "2001:db8::21", nil, ""),
            (.ready, "[2001:db8::22]:443", nil, ""), (.original, "10.1.0.22", "web two", "back"),
        ]
        for (word, server, service, reason) in words {
            guard let scope = Override.Scope(server: server, service: service) else { continue }
            _ = overrides.say(
                Override(word, scope, director: "lb1", uid: 1000, time: 1_795_000_000, reason: reason))
        }
        return overrides
    }()

    private static let page = OverridesText.text(overrides).bytes

    private func read(_ bytes: [UInt8]) throws(StateDamage) -> Overrides {
        try OverridesText.overrides(
            StateText(bytes, kind: OverridesText.kind, version: OverridesText.version))
    }

    @Test func `what was said comes back as it was`() throws {
        #expect(try read(Self.page) == Self.overrides && Self.overrides.count == 4)
        #expect(
            String(decoding: Self.page, as: UTF8.self).hasPrefix(
                "tandem overrides 1\nclock 18\ndrain 10.1.0.21:80\nservice web\nstamp 15\nfrom lb1\nuid 1000\n"
                    + "time 1795000000\nreason new disk\nweight 2001:db8::21 5\nstamp 16\n"))
        #expect(try read(OverridesText.text(Overrides()).bytes) == Overrides())
    }

    @Test func `as much as is kept fits into a file`() throws {
        var overrides = Overrides()
        for number in 0..<Overrides.limit {
            let address = "2001:db8:ffff:ffff:ffff:ffff:ffff:\(String(number + 4096, radix: 16))"
            guard let scope = Override.Scope(server: "[\(address)]:65535", service: String(repeating: "s", count: 64))
            else { continue }
            _ = overrides.say(
                Override(
                    .weight(.max / 2), scope, director: String(repeating: "d", count: 64), uid: .max, time: .max,
                    reason: String(repeating: "r", count: 64)))
        }
        let bytes = OverridesText.text(overrides).bytes
        #expect(overrides.count == Overrides.limit && bytes.count <= StateText.limit)
        #expect(try read(bytes) == overrides)
    }

    @Test func `a file that was cut at any length is refused`() {
        for length in 0..<Self.page.count {
            #expect(throws: StateDamage.self) { try read(Array(Self.page[..<length])) }
        }
    }

    @Test(arguments: [
        "drain 10.1.0.21", "drain 10.1.0.21\nstamp 0", "drain 10.1.0.21\nstamp x", "stamp 1", "service web",
        "drain 10.1\nstamp 1", "drain 10.1.0.21 5\nstamp 1", "weight 10.1.0.21\nstamp 1",
        "weight 10.1.0.21 2147483648\nstamp 1", "drain 10.1.0.21\nstamp 1\ncolour blue", "clock 99999999999999999999",
        "drain 10.1.0.21\nstamp 4611686018427387905", "drain 10.1.0.21\nstamp 1\nuid -1",
    ])
    func `refuses lines that no tandemd writes`(lines: String) {
        let parts = lines.split(separator: "\n").map { line in
            let words = line.split(separator: " ", maxSplits: 1).map(String.init)
            return StateText.Line(words[0], words.count > 1 ? words[1] : "")
        }
        let bytes = StateText(kind: OverridesText.kind, version: OverridesText.version, lines: parts).bytes
        #expect(throws: StateDamage.self) { try read(bytes) }
    }
}
