import Addresses
import Agreement
import DamagedAnswers
import Dialogues
import Settings
import Testing

struct DNSDialogueTests {
    static let name = DNSName("shop.example") ?? .root
    static let address = DNSAnswer.address(.v4(IPv4Address(number: 0xC000_0201)))
    /// `shop.example` at byte 12.
    static let question = [4] + Array("shop".utf8) + [7] + Array("example".utf8) + [0]

    /// An answer with a question about `shop.example`.
    static func message(
        id: UInt16 = 0x1234, flags: UInt16 = 0x8180, type: UInt8 = 1, answers: UInt8 = 1, _ records: [UInt8] = []
    ) -> [UInt8] {
        [UInt8(id >> 8), UInt8(id & 0xFF), UInt8(flags >> 8), UInt8(flags & 0xFF), 0, 1, 0, answers, 0, 0, 0, 0]
            + question + [0, type, 0, 1] + records
    }

    /// A record of the name at byte 12.
    static func record(_ type: UInt8, _ data: [UInt8], name: [UInt8] = [0xC0, 12]) -> [UInt8] {
        name + [0, type, 0, 1, 0, 0, 0, 60, 0, UInt8(data.count)] + data
    }

    static func outcome(_ check: DNSCheck, _ message: [UInt8]) -> Outcome? {
        DNSDialogue(check, id: 0x1234).receive(message)
    }

    @Test func `asks as RFC 1035 has it`() {
        let dialogue = DNSDialogue(DNSCheck(name: Self.name, type: .aaaa), id: 0x1234)
        #expect(dialogue.question == [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0] + Self.question + [0, 28, 0, 1])
        let root = DNSDialogue(DNSCheck(name: .root, type: .ns), id: 1)
        #expect(root.question.suffix(5) == [0, 0, 2, 0, 1])
    }

    static let answers: [(DNSCheck, [UInt8], Outcome?)] = [
        (DNSCheck(name: name), message(answers: 0), .pass),
        (DNSCheck(name: name, answer: address), message(record(1, [192, 0, 2, 1])), .pass),
        (
            DNSCheck(name: name, answer: address),
            message(answers: 2, record(5, [1, 0x61, 0xC0, 17]) + record(1, [192, 0, 2, 1])), .pass
        ),
        (DNSCheck(name: name, answer: address), message(record(1, [192, 0, 2, 2])), .fail(.dns(.otherAnswer))),
        (DNSCheck(name: name, answer: address), message(answers: 0), .fail(.dns(.withoutRecord))),
        (DNSCheck(name: name, answer: address), message(record(5, [0])), .fail(.dns(.withoutRecord))),
        (DNSCheck(name: name, answer: address), message(flags: 0x8380, answers: 0), .fail(.dns(.truncated))),
        (DNSCheck(name: name), message(flags: 0x8183, answers: 0), .fail(.dns(.code(3)))),
        (DNSCheck(name: name, code: .nameError), message(flags: 0x8183, answers: 0), .pass),
        (DNSCheck(name: name, code: .nameError), message(answers: 0), .fail(.dns(.code(0)))),
        (
            DNSCheck(name: name, type: .mx, answer: .name(name)), message(type: 15, record(15, [0, 10, 0xC0, 12])),
            .pass
        ),
        (
            DNSCheck(name: name, type: .srv, answer: .name(name)),
            message(type: 33, record(33, [0, 0, 0, 0, 0, 80] + question)), .pass
        ),
        (
            DNSCheck(name: name, type: .txt, answer: .text(Array("v=1".utf8))),
            message(type: 16, record(16, [2, 0x76, 0x3D, 1, 0x31])), .pass
        ),
        (
            DNSCheck(name: name, type: .aaaa, answer: .address(.v6(IPv6Address(high: 1, low: 2)))),
            message(type: 28, record(28, [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2])), .pass
        ),
        // Servers refuse what they cannot read without repeating it.
        (DNSCheck(name: name), [0x12, 0x34, 0x80, 1, 0, 0, 0, 0, 0, 0, 0, 0], .fail(.dns(.code(1)))),
        // Answers to other questions, and questions.
        (DNSCheck(name: name), message(id: 0x1235), nil),
        (DNSCheck(name: name, type: .ns), message(answers: 0), nil),
        (DNSCheck(name: .root), message(answers: 0), nil),
        (DNSCheck(name: name), message(flags: 0x0100, answers: 0), nil),
        (DNSCheck(name: name), [], nil),
        // What leads in a circle, forwards, out of the message, or is too long.
        (DNSCheck(name: name), [0x12, 0x34], .fail(.dns(.malformed))),
        (DNSCheck(name: name), message(), .fail(.dns(.malformed))),
        (DNSCheck(name: name), message(record(1, [], name: [0xC0, 30])), .fail(.dns(.malformed))),
        (DNSCheck(name: name), message(record(1, [], name: [0xC0, 31])), .fail(.dns(.malformed))),
        (DNSCheck(name: name), message(record(1, [], name: [1, 0x61, 0xC0, 30])), .fail(.dns(.malformed))),
        (DNSCheck(name: name), message(record(1, [], name: [0xFF, 0xFF])), .fail(.dns(.malformed))),
        (DNSCheck(name: name), message(record(1, [], name: [0x80, 12])), .fail(.dns(.malformed))),
        (DNSCheck(name: name), message(record(1, [1, 2, 3])), .fail(.dns(.malformed))),
        (DNSCheck(name: name), message(record(5, [3, 0x61])), .fail(.dns(.malformed))),
        (DNSCheck(name: name), message(record(16, [9, 0x61])), .fail(.dns(.malformed))),
        (DNSCheck(name: name), message(record(1, [], name: Array(repeating: 1, count: 300))), .fail(.dns(.malformed))),
    ]

    @Test(arguments: answers) func `judges an answer`(check: DNSCheck, message: [UInt8], expected: Outcome?) {
        #expect(Self.outcome(check, message) == expected)
    }

    @Test func `follows pointers to pointers backwards and no further`() {
        // Each record's name points to the one before it.
        var records: [UInt8] = []
        var place = 12
        for _ in 0..<100 {
            let here = 12 + Self.question.count + 4 + records.count
            records += Self.record(2, [0], name: [0xC0 | UInt8(place >> 8), UInt8(place & 0xFF)])
            place = here
        }
        #expect(Self.outcome(DNSCheck(name: Self.name), Self.message(answers: 100, records)) == .pass)
    }

    @Test func `survives damaged answers`() {
        let check = DNSCheck(name: Self.name, answer: Self.address)
        DamagedAnswers(Self.answers.map(\.1)).forEach { _, message, _ in
            var message = message
            if message.count > 2 { message.replaceSubrange(0..<2, with: [0x12, 0x34]) }
            _ = Self.outcome(check, message)
        }
    }

    @Test(
        arguments: [
            ("shop.example", "shop.example"), ("Shop.Example.", "shop.example"), (".", "."),
            ("_sip._udp.a", "_sip._udp.a"),
            ("", nil), ("a..b", nil), (".a", nil), ("a b", nil), ("ä.example", nil),
            (String(repeating: "a", count: 64), nil),
            (String(repeating: "a.", count: 127), String(repeating: "a.", count: 126) + "a"),
            (String(repeating: "a.", count: 128), nil),
        ] as [(String, String?)]) func `reads names`(text: String, expected: String?)
    {
        #expect(DNSName(text)?.description == expected)
    }
}
