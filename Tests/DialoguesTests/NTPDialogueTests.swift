import Agreement
import DamagedAnswers
import Dialogues
import Testing

struct NTPDialogueTests {
    static let dialogue = NTPDialogue(stamp: 0x0102_0304_0506_0708)
    static let stamp: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]

    /// In chrony's manner: no leap second, stratum 2, poll 6, precision -25, root delay and dispersion, the address
    /// of its own server, then four timestamps.
    static func packet(
        flags: UInt8 = 0x24, stratum: UInt8 = 2, reference: [UInt8] = [192, 0, 2, 123], origin: [UInt8] = stamp,
        transmit: [UInt8] = [0xE9, 0x4A, 0x1C, 0x36, 0x80, 0, 0, 0]
    ) -> [UInt8] {
        let head: [UInt8] = [flags, stratum, 6, 0xE7, 0, 0, 1, 0x0A, 0, 0, 0, 0x2C]
        let times: [UInt8] = [0xE9, 0x4A, 0x1C, 0x30, 1, 2, 3, 4]
        return head + reference + times + origin + times + transmit
    }

    @Test func `asks as a client of version 4`() {
        #expect(Self.dialogue.question == [0x23] + [UInt8](repeating: 0, count: 39) + Self.stamp)
        #expect(Self.dialogue.late == .fail(.answerTimeout))
    }

    static func kiss(_ code: String) -> Outcome? {
        ShortCode(Array(code.utf8)).map { .fail(.ntp(.kiss($0))) }
    }

    static let answers: [([UInt8], Outcome?)] = [
        (packet(), .pass),
        (packet(flags: 0x1C, stratum: 1, reference: Array("GPS\0".utf8)), .pass),
        (packet(flags: 0x64, stratum: 15), .pass),
        // With a key's digest behind it (RFC 5905 7.3).
        (packet() + [UInt8](repeating: 7, count: 20), .pass),
        (packet(flags: 0xE4, stratum: 2), .fail(.ntp(.unsynchronised))),
        // chrony before it has found the time, and ntpd.
        (packet(flags: 0xE4, stratum: 0, reference: [0, 0, 0, 0]), .fail(.ntp(.unsynchronised))),
        (packet(flags: 0xE4, stratum: 16, reference: Array("INIT".utf8)), .fail(.ntp(.unsynchronised))),
        (packet(stratum: 0, reference: [0, 0, 0, 0]), .fail(.ntp(.unsynchronised))),
        (packet(flags: 0xE4, stratum: 0, reference: Array("RATE".utf8)), kiss("RATE")),
        (packet(flags: 0xE4, stratum: 0, reference: Array("DENY".utf8)), kiss("DENY")),
        (packet(stratum: 17), .fail(.ntp(.malformed))),
        (packet(transmit: [0, 0, 0, 0, 0, 0, 0, 0]), .fail(.ntp(.malformed))),
        // A client's packet, a broadcast, and a version that is none.
        (packet(flags: 0x23), .fail(.ntp(.malformed))),
        (packet(flags: 0x25), .fail(.ntp(.malformed))),
        (packet(flags: 0x04), .fail(.ntp(.malformed))),
        (packet(flags: 0x3C), .fail(.ntp(.malformed))),
        // Answers to other questions, or to none.
        (Array(packet().dropLast()), nil),
        ([], nil),
        (packet(origin: [1, 2, 3, 4, 5, 6, 7, 9]), nil),
        (packet(origin: [0, 0, 0, 0, 0, 0, 0, 0]), nil),
    ]

    @Test(arguments: answers) func `judges an answer`(packet: [UInt8], expected: Outcome?) {
        #expect(Self.dialogue.receive(packet) == expected)
    }

    @Test func `takes no damaged packet for another answer`() {
        DamagedAnswers(Self.answers.map(\.0)).forEach { seed, packet, _ in
            let isRight = packet.count >= 48 && Array(packet[24..<32]) == Self.stamp
            if Self.dialogue.receive(packet) == .pass, !isRight { Issue.record("seed \(seed): \(packet) passed") }
        }
    }

    @Test func `says a kiss code in letters alone`() {
        #expect(Self.kiss("RATE").map { "\($0)" }?.contains("RATE") == true)
        #expect(ShortCode([0x1B, 0x5B, 0x32, 0x4A]) == nil && ShortCode([]) == nil)
    }
}
