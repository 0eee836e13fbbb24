import Addresses
import Agreement
import Testing

/// What the directors tell each other of their verdicts, byte by byte.
struct VerdictMessageTests {
    typealias Entry = VerdictMessage.Entry

    static let sample = VerdictMessage(
        part: [.first, .last],
        entries: [
            Entry(mark: 0x0102_0304_0506_0708, isUp: true, reason: nil, age: 1500),
            Entry(mark: 9, isUp: false, reason: "timeout", age: .max),
            Entry(mark: 10, isUp: false, reason: "timeout", age: 0),
        ])

    static let golden: [UInt8] =
        [1, 3, 0, 1, 7] + Array("timeout".utf8)
        + [1, 2, 3, 4, 5, 6, 7, 8, 1, 0, 0, 0, 0, 0x05, 0xDC]
        + [0, 0, 0, 0, 0, 0, 0, 9, 2, 0, 1, 0xFF, 0xFF, 0xFF, 0xFF]
        + [0, 0, 0, 0, 0, 0, 0, 10, 2, 0, 1, 0, 0, 0, 0]

    @Test func `a message is this, byte by byte`() {
        #expect(Self.sample.bytes == Self.golden)
        #expect(VerdictMessage(Self.golden) == Self.sample)
        #expect(VerdictMessage(part: .asksForAll).bytes == [1, 4, 0, 0])
    }

    @Test func `a word is told as something that is up for a reason`() {
        let message = VerdictMessage(entries: [
            Entry(mark: 9, isUp: false, reason: "timeout", age: 5), Entry(mark: 11, word: 0x8000_0065),
        ])
        let golden: [UInt8] =
            [1, 0, 0, 2, 4] + Array("word".utf8) + [7] + Array("timeout".utf8)
            + [0, 0, 0, 0, 0, 0, 0, 9, 2, 0, 2, 0, 0, 0, 5] + [0, 0, 0, 0, 0, 0, 0, 11, 1, 0, 1, 0x80, 0, 0, 0x65]
        #expect(message.bytes == golden && VerdictMessage(golden) == message && !message.isOfWords)
        #expect(VerdictMessage(entries: [Entry(mark: 11, word: 1)]).isOfWords)
        #expect(!VerdictMessage(part: .first, entries: [Entry(mark: 11, word: 1)]).isOfWords)
        // As many reasons as there can be leave room for it.
        let reasons = (0..<70).map { Entry(mark: $0, isUp: false, reason: "reason \($0)") }
        let read = VerdictMessage(VerdictMessage(entries: reasons + [Entry(mark: 100, word: 7)]).bytes)
        #expect(read?.entries.last == Entry(mark: 100, word: 7) && read?.entries.count == 71)
    }

    @Test func `what is cut short, too long or senseless is none`() {
        for length in Self.golden.indices where length != 12 && length != 27 && length != 42 {
            #expect(VerdictMessage(Array(Self.golden[..<length])) == nil, "\(length)")
        }
        for (place, byte) in [(0, UInt8(2)), (3, 65), (20, 0), (20, 3), (37, 2)] {
            var bytes = Self.golden
            bytes[place] = byte
            #expect(VerdictMessage(bytes) == nil, "\(place)")
        }
    }

    @Test func `words of the peer are plain and short, whatever it sends`() {
        let words = "\u{1B}[31mdown\u{202E}\n" + String(repeating: "x", count: 300)
        let message = VerdictMessage(entries: [Entry(mark: 1, isUp: false, reason: words, age: 0)])
        let reason = VerdictMessage(message.bytes)?.entries.first?.reason
        #expect(reason?.hasPrefix("[31mdownxxx") == true)
        #expect(reason?.utf8.count ?? 0 <= VerdictMessage.longestReason)
    }

    @Test func `ten thousand verdicts are a few messages that fit the stream`() {
        let entries = (0..<10_000).map { Entry(mark: $0, isUp: $0 % 2 == 0, reason: "reason \($0 % 100)", age: 7) }
        let messages = VerdictMessage.messages(entries, isEverything: true)
        #expect(messages.count == 3 && messages.allSatisfy { $0.bytes.count < 100_000 })
        #expect(messages.map(\.part) == [.first, [], .last])
        #expect(messages.flatMap { VerdictMessage($0.bytes)?.entries.map(\.mark) ?? [] } == Array(0..<10_000))
        #expect(VerdictMessage.messages([], isEverything: true).map(\.part) == [[.first, .last]])
    }
}
