import Settings
import Testing

struct PatternTests {
    @Test(arguments: [
        ("", "everything contains it"), ("a*", "everything contains it"), ("a|", "everything contains it"),
        ("(a", "a ( has no )"), ("a)", "a ) has no (; write \\) for the sign itself"), ("[a", "a [ has no ]"),
        ("[", "a [ has no ]"), ("[]", "a [ has no ]"), ("a{2", "a { has no }; write \\{ for the sign itself"),
        ("*a", "nothing stands before *, +, ? or {"), ("a|+", "nothing stands before *, +, ? or {"),
        ("a++", "nothing stands before *, +, ? or {"), ("(){9}", "nothing stands before *, +, ? or {"),
        ("[z-a]", "a range in [ ] runs backwards"), ("a{3,2}", "a repeat is {2}, {2,} or {2,5} with numbers up to 255"),
        ("a{0}", "a repeat is {2}, {2,} or {2,5} with numbers up to 255"),
        ("a{1,999}", "a repeat is {2}, {2,} or {2,5} with numbers up to 255"),
        ("a{999}", "a repeat is {2}, {2,} or {2,5} with numbers up to 255"),
        ("a{,2}", "a repeat is {2}, {2,} or {2,5} with numbers up to 255"),
        ("\\x4", "\\x is followed by two hexadecimal digits"), ("a\\", "nothing follows the last \\"),
        ("[ä]", "in [ ] stand ASCII characters and \\xHH"),
        (
            "(?=a)",
            "after (? stands :, or i) at the very start; look-around and names are not known here"
        ),
        (
            "\\bOK", "\\b is not known; known are \\d \\w \\s \\D \\W \\S \\t \\n \\r \\f \\v \\0 \\xHH and signs"
        ),
        ("\\ä", "\\ä is not known; known are \\d \\w \\s \\D \\W \\S \\t \\n \\r \\f \\v \\0 \\xHH and signs"),
        ("(((a{255}){255}){255}){255}", "it is too long; repeat less often"),
        (String(repeating: "a", count: 1024), "it is too long; repeat less often"),
        (String(repeating: "(", count: 33), "its groups are nested more than 32 deep"),
    ])
    func `says why a text is no regular expression`(text: String, reason: String) {
        #expect(throws: PatternFault.self) { try Pattern(regex: text) }
        do { _ = try Pattern(regex: text) } catch { #expect("\(error)" == reason) }
    }

    @Test func `takes as long a one as a program may be`() throws {
        #expect(try Pattern(regex: String(repeating: "a", count: 1023)).program.count == Pattern.longest)
        #expect(Pattern(Array(repeating: 0x61, count: 1023)).program.count == Pattern.longest)
    }

    @Test func `equals one that is written alike and no other`() throws {
        #expect(try Pattern(regex: "a+") == Pattern(regex: "a+"))
        #expect(try Pattern(regex: "a+") != Pattern(regex: "a{1,}"))
        #expect(try Pattern(regex: "a") != Pattern([0x61]))
    }

    /// Nothing that somebody types crashes it, and no program is longer than it may be.
    @Test func `reads or refuses whatever is typed`() {
        let signs = Array("ab(()[]{}*+?|^$.\\,-0123456789xdä").map(String.init)
        var state: UInt64 = 20_261_121
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var read = 0
        for _ in 0..<5000 {
            let text = (0...next(14)).map { _ in signs[next(signs.count)] }.joined()
            guard let pattern = try? Pattern(regex: text) else { continue }
            read += 1
            if pattern.program.count > Pattern.longest { Issue.record("\(text)") }
        }
        #expect(read > 500)
    }
}

struct ByteTextTests {
    @Test(arguments: [
        ("PING", "PING"), ("PING\\r\\n", "PING\r\n"), ("\\x41\\t\\0\\\\", "A\t\0\\"), ("ä", "ä"),
        ("hex:50 49:4e47", "PING"), ("\\x68ex:50", "hex:50"), ("hex:", ""),
    ])
    func `reads text with escapes and hexadecimal digits`(text: String, expected: String) throws {
        let bytes = try ByteText.parse(text)
        #expect(bytes == Array(expected.utf8))
        #expect(try ByteText.parse(ByteText.print(bytes)) == bytes)
    }

    @Test(arguments: [
        ("hex:5", ByteText.Fault.badHex), ("hex:5g", .badHex), ("\\x4", .badHex), ("\\xgg", .badHex),
        ("a\\", .trailingBackslash), ("\\q", .unknownEscape("q")), ("\\ä", .unknownEscape("ä")),
    ])
    func `says why it cannot read a text`(text: String, fault: ByteText.Fault) {
        #expect(throws: fault) { try ByteText.parse(text) }
    }
}
