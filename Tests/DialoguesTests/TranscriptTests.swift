import Addresses
import Dialogues
import Testing

struct TranscriptTests {
    private static func transcript(_ secrets: [String] = [], hidesOwnWords: Bool = false) -> Transcript {
        let transcript = Transcript(hidesOwnWords: hidesOwnWords, now: { Instant(nanoseconds: 0) })
        transcript.blot(secrets.map { Secret(Array($0.utf8)) })
        return transcript
    }

    private static func text(_ lines: [Transcript.Line]) -> [String] {
        lines.map { line in line.bytes.map { String(decoding: $0, as: UTF8.self) } ?? "(\(line.count))" }
    }

    static let sayings: [(secrets: [String], said: [String], written: [String])] = [
        ([], ["hunter2"], ["hunter2"]),
        (["hunter2"], ["you said hunter2."], ["you said *******."]),
        (["hunter2"], ["hunter2hunter2 hunter"], ["************** ******"]),
        // In pieces, and with the end missing.
        (["hunter2"], ["a hun", "t", "er2 hunte"], ["a ***", "*", "*** *****"]),
        // Too short an end to be suspected, and one that turned out to be something else.
        (["hunter2"], ["hun"], ["hun"]),
        (["hunter2"], ["hunte", "d"], ["hunte", "d"]),
        // Without the word before it, and another one.
        (["Bearer abcdef"], ["token abcdef", " of Bearer abcdef"], ["token ******", " of *************"]),
        (["abcd", "cdef"], ["abcdef", "cdefabcd"], ["******", "********"]),
        // What begins again within itself.
        (["ababac"], ["abababac"], ["ab******"]),
        (["aa"], ["aaaab"], ["****b"]), (["a"], ["banana"], ["b*n*n*"]),
    ]

    @Test(arguments: sayings)
    func `blots out what the server repeats of a secret`(secrets: [String], said: [String], written: [String]) {
        let transcript = Self.transcript(secrets)
        for piece in said { transcript.note(.server, Array(piece.utf8)) }
        #expect(Self.text(transcript.lines) == written)
        let bytes = Self.transcript(secrets)
        for byte in said.joined().utf8 { bytes.note(.server, [byte]) }
        #expect(Self.text(bytes.lines).joined() == written.joined())
    }

    @Test func `blots out what lies across the ends of what is kept`() {
        let transcript = Self.transcript(["hunter2"])
        transcript.note(.server, Array((String(repeating: "x", count: 1020) + "hunter2").utf8))
        transcript.note(.server, Array("hunter2".utf8))
        #expect(Self.text(transcript.lines) == [String(repeating: "x", count: 1020) + "****", "*******"])
        let full = Self.transcript(["hunter2"])
        for _ in 0..<63 { full.note(.server, [0x78]) }
        for piece in ["hun", "ter2"] { full.note(.server, Array(piece.utf8)) }
        #expect(full.lines.count == 64 && Self.text(full.lines).last == "***")
    }

    @Test func `keeps the director's own words, or how long they are`() {
        for (hides, words) in [(false, ["hunter2", "*******"]), (true, ["(7)", "*******"])] {
            let transcript = Self.transcript(["hunter2"], hidesOwnWords: hides)
            for speaker in [Transcript.Line.Speaker.director, .server] {
                transcript.note(speaker, Array("hunter2".utf8))
            }
            #expect(Self.text(transcript.lines) == words)
        }
    }
}
