import Addresses
import Agreement
import DamagedAnswers
import Dialogues
import Testing

struct EchoDialogueTests {
    static let target4 = IPAddress.v4(IPv4Address(number: 0xC000_0215))
    static let target6 = IPAddress.v6(IPv6Address(high: 0x2001_0db8_0000_0000, low: 0x21))

    static func dialogue(to target: IPAddress) -> EchoDialogue {
        EchoDialogue(to: target, identifier: 0x1234, sequence: 7, payload: payload)
    }

    // MARK: Golden bytes

    static let payload: [UInt8] = Array(0xA0...0xAF)
    /// Identifier 0x1234, number 7.
    static let number: [UInt8] = [0x12, 0x34, 0x00, 0x07]
    /// Type 8, code 0, and a checksum that was computed elsewhere (RFC 792).
    static let request4: [UInt8] = [8, 0, 0xA8, 0x7F] + number + payload
    static let reply4: [UInt8] = [0, 0, 0xB0, 0x7F] + number + payload
    /// Type 128, code 0 (RFC 4443 4.1); the checksum is for the kernel to fill.
    static let request6: [UInt8] = [128, 0, 0, 0] + number + payload
    static let reply6: [UInt8] = [129, 0, 0xD3, 0x97] + number + payload

    /// 20 bytes, 44 in all, not to be fragmented, time to live 1, ICMP, 192.0.2.2 to 192.0.2.21 (RFC 791 3.1).
    static let header4: [UInt8] = [
        0x45, 0, 0, 44, 0xBE, 0xEF, 0x40, 0, 1, 1, 0x36, 0xCA, 192, 0, 2, 2, 192, 0, 2, 21,
    ]
    /// 24 bytes behind it, ICMPv6, hop limit 1, 2001:db8::2 to 2001:db8::21 (RFC 8200 3).
    static let header6: [UInt8] =
        [0x60, 0, 0, 0, 0, 24, 58, 1] + [0x20, 1, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [2]
        + [0x20, 1, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [0x21]

    /// An error of ICMP about `packet`; four bytes lie between (RFC 792).
    static func error4(_ type: UInt8, _ code: UInt8, _ packet: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = [type, code, 0, 0, 0, 0, 0, 0] + packet
        let words = stride(from: 0, to: bytes.count, by: 2).map { place in
            Int(bytes[place]) << 8 + (place + 1 < bytes.count ? Int(bytes[place + 1]) : 0)
        }
        var sum = words.reduce(0, +)
        while sum > 0xFFFF { sum = sum & 0xFFFF + sum >> 16 }
        (bytes[2], bytes[3]) = (UInt8(~sum >> 8 & 0xFF), UInt8(~sum & 0xFF))
        return bytes
    }

    static func error6(_ type: UInt8, _ code: UInt8, _ packet: [UInt8]) -> [UInt8] {
        [type, code, 0xBE, 0xEF, 0, 0, 5, 0] + packet
    }

    @Test func `asks over both families`() {
        #expect(Self.dialogue(to: Self.target4).question == Self.request4)
        #expect(Self.dialogue(to: Self.target6).question == Self.request6)
    }

    @Test func `sums an odd number of bytes up as if one more were zero`() {
        let odd = EchoMessage(.reply, identifier: 0x1234, sequence: 7, payload: [0xA0]).bytes(.v4)
        #expect(odd == [0, 0, 0x4D, 0xC4, 0x12, 0x34, 0, 7, 0xA0])
        #expect(EchoMessage(odd, .v4)?.payload == [0xA0])
    }

    @Test func `reads errors as they go over the wire`() {
        let unreachable: [UInt8] = [3, 1, 0xFC, 0xFE, 0, 0, 0, 0] + Self.header4 + Self.request4
        let exceeded: [UInt8] = [11, 0, 0xF4, 0xFF, 0, 0, 0, 0] + Self.header4 + Self.request4
        #expect(Self.error4(3, 1, Self.header4 + Self.request4) == unreachable)
        #expect(Self.error4(11, 0, Self.header4 + Self.request4) == exceeded)
        let error = EchoMessage.Content.error(type: 3, code: 1, destination: Self.target4)
        let message = EchoMessage(error, identifier: 0x1234, sequence: 7, payload: Self.payload)
        #expect(EchoMessage(unreachable, .v4) == message)
    }

    // MARK: Judging

    private static let quoted4 = header4 + request4
    private static let quoted6 = header6 + request6

    private static func refused(_ family: AddressFamily, _ type: UInt8, _ code: UInt8) -> Outcome {
        .fail(.ping(.refused(family, type: type, code: code)))
    }

    /// What comes, what it decides, and how it ends when nothing better comes.
    static let answers4: [([UInt8], Outcome?, late: Outcome)] = [
        (reply4, .pass, .fail(.answerTimeout)),
        (error4(3, 1, quoted4), refused(.v4, 3, 1), .fail(.answerTimeout)),
        (error4(11, 0, quoted4), refused(.v4, 11, 0), .fail(.answerTimeout)),
        (error4(12, 0, quoted4), refused(.v4, 12, 0), .fail(.answerTimeout)),
        // Padded, for extensions to follow (RFC 4884 5).
        (error4(3, 13, quoted4 + [UInt8](repeating: 0, count: 84)), refused(.v4, 3, 13), .fail(.answerTimeout)),
        // 8 bytes of the request, as old routers quote it: anybody could know them.
        (error4(3, 1, Array(quoted4.prefix(28))), nil, late: refused(.v4, 3, 1)),
        (error4(3, 1, Array(quoted4.prefix(30))), nil, late: refused(.v4, 3, 1)),
        (error4(3, 1, Array(quoted4.prefix(27))), nil, .fail(.answerTimeout)),
        (error4(3, 1, Array(quoted4.prefix(28)) + [9, 9]), nil, .fail(.answerTimeout)),
        // Source quench and redirect are no reason why a reply would not come.
        (error4(4, 0, quoted4), nil, .fail(.answerTimeout)),
        (error4(5, 1, quoted4), nil, .fail(.answerTimeout)),
        // About a packet to somebody else, about no echo request, about a later fragment, and with a wrong checksum.
        (error4(3, 1, header4.dropLast() + [22] + request4), nil, .fail(.answerTimeout)),
        (error4(3, 1, header4 + reply4), nil, .fail(.answerTimeout)),
        (error4(3, 1, header4[..<7] + [1] + header4[8...] + request4), nil, .fail(.answerTimeout)),
        (error4(3, 1, header4[..<9] + [17] + header4[10...] + request4), nil, .fail(.answerTimeout)),
        ([3, 1, 0xFC, 0xFF, 0, 0, 0, 0] + quoted4, nil, .fail(.answerTimeout)),
        // Our own request, which comes by on the loopback interface; other numbers; other payloads.
        (request4, nil, .fail(.answerTimeout)),
        ([0, 0, 0xB0, 0x7E] + reply4[4...], nil, .fail(.answerTimeout)),
        ([0, 0, 0xB0, 0x80, 0x12, 0x33] + reply4[6...], nil, .fail(.answerTimeout)),
        ([0, 0, 0xB0, 0x7E, 0x12, 0x34, 0, 8] + reply4[8...], nil, .fail(.answerTimeout)),
        ([0, 0, 0xB0, 0x7E] + reply4[4..<23] + [0xB0], nil, late: .fail(.ping(.otherData))),
        ([0, 0, 0xED, 0xC4] + number, nil, late: .fail(.ping(.otherData))),
        ([0, 1, 0xB0, 0x7E] + reply4[4...], nil, .fail(.answerTimeout)),
        (reply6, nil, .fail(.answerTimeout)),
        ([0, 0, 0xED, 0xC4, 0x12, 0x34, 0], nil, .fail(.answerTimeout)),
        ([], nil, .fail(.answerTimeout)),
    ]

    static let answers6: [([UInt8], Outcome?, late: Outcome)] = [
        (reply6, .pass, .fail(.answerTimeout)),
        (error6(1, 3, quoted6), refused(.v6, 1, 3), .fail(.answerTimeout)),
        (error6(2, 0, quoted6), refused(.v6, 2, 0), .fail(.answerTimeout)),
        (error6(3, 0, quoted6), refused(.v6, 3, 0), .fail(.answerTimeout)),
        (error6(4, 1, quoted6), refused(.v6, 4, 1), .fail(.answerTimeout)),
        (error6(1, 3, Array(quoted6.prefix(48))), nil, late: refused(.v6, 1, 3)),
        (error6(1, 3, Array(quoted6.prefix(47))), nil, .fail(.answerTimeout)),
        (error6(1, 3, Array(quoted6.prefix(39))), nil, .fail(.answerTimeout)),
        (error6(5, 0, quoted6), nil, .fail(.answerTimeout)),
        (error6(1, 3, header6.dropLast() + [0x22] + request6), nil, .fail(.answerTimeout)),
        (error6(1, 3, header6[..<6] + [17] + header6[7...] + request6), nil, .fail(.answerTimeout)),
        (error6(1, 3, header6 + reply6), nil, .fail(.answerTimeout)),
        (request6, nil, .fail(.answerTimeout)),
        (reply6.dropLast() + [0], nil, late: .fail(.ping(.otherData))),
        (reply4, nil, .fail(.answerTimeout)),
        ([], nil, .fail(.answerTimeout)),
    ]

    @Test(arguments: [(target4, answers4), (target6, answers6)])
    func `judges what comes`(target: IPAddress, answers: [([UInt8], Outcome?, late: Outcome)]) {
        for (message, expected, late) in answers {
            var dialogue = Self.dialogue(to: target)
            #expect(dialogue.late == .fail(.answerTimeout))
            #expect(dialogue.receive(message) == expected, "\(message)")
            if expected == nil { #expect(dialogue.late == late, "\(message)") }
        }
    }

    @Test func `a right reply counts, whatever came before it`() {
        var dialogue = Self.dialogue(to: Self.target4)
        for (message, expected, _) in Self.answers4 where expected == nil {
            #expect(dialogue.receive(message) == nil)
        }
        #expect(dialogue.receive(Self.reply4) == .pass)
    }

    @Test(arguments: [target4, target6]) func `takes no damaged answer for another one`(target: IPAddress) {
        let answers = (target == Self.target4 ? Self.answers4 : Self.answers6).map(\.0)
        DamagedAnswers(answers).forEach { seed, message, _ in
            var dialogue = Self.dialogue(to: target)
            let outcome = dialogue.receive(message)
            let wants = Self.number + Self.payload
            // Who passes says all of it, and who refuses quotes all of it.
            if outcome == .pass, !message.dropFirst(4).elementsEqual(wants) {
                Issue.record("seed \(seed): \(message) passed")
            }
            let quote = message.dropFirst(target == Self.target4 ? 32 : 52)
            if outcome != nil, outcome != .pass, !quote.starts(with: wants) {
                Issue.record("seed \(seed): \(message) gave \(outcome as Any)")
            }
        }
    }

    // MARK: Words

    static let words: [(AddressFamily, UInt8, UInt8, String)] = [
        (.v4, 3, 0, "net unreachable (ICMP type 3 code 0)"),
        (.v4, 3, 1, "host unreachable (ICMP type 3 code 1)"),
        (.v4, 3, 4, "fragmentation needed and DF set (ICMP type 3 code 4)"),
        (.v4, 3, 13, "communication administratively prohibited (ICMP type 3 code 13)"),
        (.v4, 3, 15, "precedence cutoff in effect (ICMP type 3 code 15)"),
        (.v4, 3, 16, "destination unreachable (ICMP type 3 code 16)"),
        (.v4, 11, 0, "time to live exceeded in transit (ICMP type 11 code 0)"),
        (.v4, 11, 2, "time exceeded (ICMP type 11 code 2)"),
        (.v4, 12, 0, "parameter problem (ICMP type 12 code 0)"),
        (.v6, 1, 0, "no route to destination (ICMPv6 type 1 code 0)"),
        (.v6, 1, 3, "address unreachable (ICMPv6 type 1 code 3)"),
        (.v6, 1, 7, "destination unreachable (ICMPv6 type 1 code 7)"),
        (.v6, 2, 0, "packet too big (ICMPv6 type 2 code 0)"),
        (.v6, 3, 0, "hop limit exceeded in transit (ICMPv6 type 3 code 0)"),
        (.v6, 4, 2, "unrecognized IPv6 option encountered (ICMPv6 type 4 code 2)"),
        (.v6, 99, 0, "an error (ICMPv6 type 99 code 0)"),
    ]

    @Test(arguments: words)
    func `says an error in the words of its RFC`(family: AddressFamily, type: UInt8, code: UInt8, words: String) {
        #expect("\(CheckFailure.ping(.refused(family, type: type, code: code)))" == words)
    }
}
