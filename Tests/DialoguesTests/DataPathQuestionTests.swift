import Addresses
import Agreement
import DamagedAnswers
import Settings
import Testing

@testable import Dialogues

/// Datagrams from their IP header on. The server has 192.0.2.21 and 2001:db8::21, the director .2 and ::2.
struct DataPathQuestionTests {
    private static let exchange = Exchange(send: Array("ping\n".utf8), expect: Pattern(Array("pong".utf8)))

    private static func question(
        _ target: String = "192.0.2.10:53", through tunnel: TunnelSettings? = nil,
        _ dialogue: any DatagramDialogue & Sendable = UDPDialogue(exchange)
    ) throws -> DataPathQuestion {
        let target = try #require(Endpoint(target))
        let own = try #require(IPAddress(target.address.family == .v4 ? "192.0.2.2" : "2001:db8::2"))
        let outer = try #require(IPAddress("192.0.2.2"))
        return DataPathQuestion(
            DataPathDialogue.Ends(
                source: Endpoint(address: own, port: 40000), target: target,
                server: try #require(IPAddress("192.0.2.21")), tunnel: tunnel.map { .init($0, from: outer) }),
            dialogue)
    }

    // MARK: What is said

    static let packet4 = hex(
        "45 00 00 21 00 00 40 00 02 11 f4 bf",  // IPv4, 33 bytes, whole, 2 hops, UDP, checksum
        "c0 00 02 02 c0 00 02 0a",  // 192.0.2.2 to 192.0.2.10
        "9c 40 00 35 00 0d f6 80",  // 40000 to 53, 13 bytes, checksum
        "70 69 6e 67 0a")  // "ping\n"
    static let packet6 = hex(
        "60 00 00 00 00 0d 11 02",  // IPv6, 13 bytes of UDP, 2 hops
        "20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 02", "20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 10",
        "9c 40 00 35 00 0d 1f 0a", "70 69 6e 67 0a")
    static let tunnels = [
        TunnelSettings(), TunnelSettings(.gre), TunnelSettings(.gre, checksum: .full), TunnelSettings(.gue, port: 6080),
        TunnelSettings(.gue, port: 6080, checksum: .full),
    ]

    @Test func `a question goes from an own address to the virtual one`() throws {
        #expect(try Self.question().packet == Self.packet4)
        #expect(try Self.question("[2001:db8::10]:53").packet == Self.packet6)
    }

    @Test(arguments: tunnels) func `a tunnel's packet has the same inside`(_ tunnel: TunnelSettings) throws {
        for (target, inner) in [("192.0.2.10:53", Self.packet4), ("[2001:db8::10]:53", Self.packet6)] {
            let packet = try Self.question(target, through: tunnel).packet
            #expect(packet.count > inner.count && packet.suffix(inner.count).elementsEqual(inner))
            #expect(Array(packet[12..<20]) == [192, 0, 2, 2, 192, 0, 2, 21])
        }
        let header = hex("45 00 00 35 00 00 40 00 40 04 b6 ad", "c0 00 02 02 c0 00 02 15")  // 64 hops, protocol 4
        if tunnel.kind == .ipip {
            #expect(try Self.question(through: tunnel).packet == header + Self.packet4)
        }
    }

    // MARK: What is heard

    /// From 192.0.2.10:53, or elsewhere, to 192.0.2.2:40000. No checksum is looked at.
    private static func datagram(
        _ text: String = "pong\n", from source: [UInt8] = [192, 0, 2, 10], _ ports: (UInt16, UInt16) = (53, 40000),
        longer: Int = 0
    ) -> [UInt8] {
        let payload = Array(text.utf8)
        return hex("45 00 00 00 00 00 40 00 40 11 00 00") + source + [192, 0, 2, 2] + ports.0.wire + ports.1.wire
            + UInt16(8 + payload.count + longer).wire + [0, 0] + payload
    }

    private static func hear(_ packet: [UInt8]) throws -> Outcome? {
        guard let answer = DataPathAnswer(packet: packet[...]) else { return nil }
        var question = try question()
        return question.hear(answer)
    }

    @Test func `the expected answer from the virtual address is good`() throws {
        #expect(try Self.hear(Self.datagram()) == .pass)
        // What is behind the datagram fills the frame.
        #expect(try Self.hear(Self.datagram() + [0, 0, 0]) == .pass)
    }

    @Test func `what decides nothing is waited behind`() throws {
        let fragment = Self.datagram().enumerated().map { $0 == 7 ? 1 : $1 }
        for packet in [
            Self.datagram("nope"), Self.datagram(from: [192, 0, 2, 21]), Self.datagram("pong", (54, 40000)),
            Self.datagram("pong", (53, 40001)), Self.datagram(longer: 1), Array(Self.datagram().prefix(27)), fragment,
            [],
        ] { #expect(try Self.hear(packet) == nil, "\(packet)") }
    }

    @Test func `silence and other answers are told apart when the time is over`() throws {
        #expect(try Self.question().late == .silent)
        #expect(try Self.question(through: TunnelSettings()).late == .silentInTunnel)
        var question = try Self.question()
        _ = question.hear(try #require(DataPathAnswer(packet: Self.datagram("nope")[...])))
        #expect(question.late == .unexpected)
    }

    @Test func `an answer of DNS has to be the question's own and right`() throws {
        let check = DNSCheck(name: try #require(DNSName("a.example")), answer: nil)
        for (id, flags, outcome) in [
            (7, 0x8180, Outcome.pass), (7, 0x8183, .fail(.dataPath(.unexpected))), (8, 0x8180, nil),
        ] as [(UInt16, UInt16, Outcome?)] {
            var question = try Self.question("192.0.2.10:53", DNSDialogue(check, id: 7))
            var answer = Array(question.packet.dropFirst(28))
            answer.replaceSubrange(0..<4, with: id.wire + flags.wire)
            let packet = Self.datagram(String(decoding: [], as: UTF8.self), longer: answer.count) + answer
            #expect(question.hear(try #require(DataPathAnswer(packet: packet[...]))) == outcome)
        }
    }

    // MARK: Other checks' conversations

    /// What a dialogue makes of an answer from the virtual address, and how it ends when nothing better comes.
    private static func judged(
        _ dialogue: any DatagramDialogue & Sendable, _ answer: [UInt8]
    ) throws -> (outcome: Outcome?, late: DataPathFailure) {
        var question = try question("192.0.2.10:53", dialogue)
        #expect(Array(question.packet.dropFirst(28)) == dialogue.question)
        let packet = datagram("", longer: answer.count) + answer
        return (question.hear(try #require(DataPathAnswer(packet: packet[...]))), question.late)
    }

    @Test func `an answer of RADIUS has to be sealed and right`() throws {
        let accepted = RADIUSDialogueTests.accepted
        for (answer, outcome, late) in [
            (accepted, .pass, .silent), (RADIUSDialogueTests.rejected, .fail(.dataPath(.unexpected)), .silent),
            (RADIUSDialogueTests.answer(2, secret: [1]), nil, .unexpected), ([2, 1] + accepted[2...], nil, .silent),
        ] as [([UInt8], Outcome?, DataPathFailure)] {
            let judged = try Self.judged(try RADIUSDialogueTests.dialogue(), answer)
            #expect(judged.outcome == outcome && judged.late == late, "\(answer)")
        }
    }

    @Test func `an answer of SIP has to be the question's own and right`() throws {
        for (answer, outcome, late) in [
            (SIPDialogueTests.answer(), .pass, .silent), (SIPDialogueTests.answer("100 Trying"), nil, .silent),
            (SIPDialogueTests.answer("503 Service Unavailable"), .fail(.dataPath(.unexpected)), .silent),
            (SIPDialogueTests.answer(callID: "b3@tandem.invalid"), nil, .unexpected), ("what?", nil, .unexpected),
        ] as [(String, Outcome?, DataPathFailure)] {
            let judged = try Self.judged(SIPDatagrams(SIPDialogueTests.question()), Array(answer.utf8))
            #expect(judged.outcome == outcome && judged.late == late, "\(answer)")
        }
    }

    // MARK: ICMP

    /// From 192.0.2.10, or 2001:db8::10, about a packet of ours.
    private static func complaint(
        _ type: UInt8, _ code: UInt8, about packet: [UInt8], _ family: AddressFamily = .v4
    ) -> [UInt8] {
        let message = [type, code, 0, 0, 0, 0, 0, 0] + packet
        let from = IPAddress(family == .v4 ? "192.0.2.10" : "2001:db8::10") ?? .v4(IPv4Address(number: 0))
        let to = IPAddress(family == .v4 ? "192.0.2.2" : "2001:db8::2") ?? from
        return InternetPacket.wrap(message, family == .v4 ? 1 : 58, from: from, to: to, hopLimit: 64)
    }

    @Test(
        arguments: [
            (3, 0, .unreachable), (3, 3, .noListener), (3, 13, .prohibited), (11, 0, .forwarded), (5, 1, nil),
        ] as [(UInt8, UInt8, DataPathFailure?)])
    func `what ICMP says of a question is the reason`(type: UInt8, code: UInt8, failure: DataPathFailure?) throws {
        let expected = failure.map { Outcome.fail(.dataPath($0)) }
        #expect(try Self.hear(Self.complaint(type, code, about: Self.packet4)) == expected)
        // As much as has to be quoted (RFC 792).
        #expect(try Self.hear(Self.complaint(type, code, about: Array(Self.packet4.prefix(28)))) == expected)
        for place in [19, 21, 23] {
            var other = Self.packet4
            other[place] ^= 1
            #expect(try Self.hear(Self.complaint(type, code, about: other)) == nil, "byte \(place)")
        }
    }

    @Test func `so is what ICMPv6 says`() throws {
        var question = try Self.question("[2001:db8::10]:53")
        let answer = DataPathAnswer(packet: Self.complaint(1, 4, about: Self.packet6, .v6)[...])
        #expect(question.hear(try #require(answer)) == .fail(.dataPath(.noListener)))
    }

    @Test(arguments: tunnels) func `ICMP about a tunnel's packet is understood`(_ tunnel: TunnelSettings) throws {
        var question = try Self.question(through: tunnel)
        let packet = Self.complaint(3, 3, about: question.packet)
        let failure: DataPathFailure = tunnel.kind == .gue ? .noPort : .noProtocol
        #expect(question.hear(try #require(DataPathAnswer(packet: packet[...]))) == .fail(.dataPath(failure)))
        // The tunnel ended where it should, and nobody took what was in it.
        let inner = Self.complaint(3, 3, about: Self.packet4)
        #expect(question.hear(try #require(DataPathAnswer(packet: inner[...]))) == .fail(.dataPath(.noListener)))
    }

    // MARK: Anybody's packets

    @Test func `damaged packets are read within bounds, and none is good but from the virtual address to the port`()
        throws
    {
        var kinds = [Self.datagram(), Self.datagram("nope"), Self.complaint(3, 3, about: Self.packet4)]
        for tunnel in Self.tunnels {
            kinds.append(Self.complaint(3, 3, about: try Self.question(through: tunnel).packet))
        }
        let fresh = try Self.question()
        DamagedAnswers(kinds).forEach { seed, packet, _ in
            guard let answer = DataPathAnswer(packet: packet[...]) else { return }
            var question = fresh
            guard question.hear(answer) == .pass else { return }
            guard case .datagram(let datagram) = answer, datagram.source == fresh.ends.target,
                datagram.target == fresh.ends.source, datagram.payload.count <= packet.count - 28
            else {
                Issue.record("seed \(seed): \(packet)")
                return
            }
        }
    }

    // MARK: What is asked where

    @Test func `a service is asked over what it listens on, each address once`() throws {
        func targets(_ kind: CheckSettings.Kind, _ listens: [(TransportProtocol, String)]) throws -> [String] {
            let server = ServerSettings(endpoint: try #require(Endpoint("192.0.2.21:53")), forwarding: .dr)
            let service = ServiceSettings(
                name: "dns", listens: try listens.map { .endpoint($0.0, try #require(Endpoint($0.1))) },
                check: CheckSettings(kind: kind, usesDataPath: true), servers: [server])
            return DataPath(service, server)?.targets.map { "\($0.transport.rawValue) \($0.endpoint)" } ?? []
        }
        let both: [(TransportProtocol, String)] = [
            (.tcp, "192.0.2.10:53"), (.udp, "192.0.2.10:53"), (.udp, "192.0.2.10:54"), (.udp, "192.0.2.11:0"),
            (.udp, "[2001:db8::10]:53"),
        ]
        #expect(try targets(.ntp, both) == ["tcp 192.0.2.10:53", "udp 192.0.2.10:53", "udp 192.0.2.11:53"])
        let all = try targets(.ntp, both)
        #expect(try targets(.radius(RADIUSCheck()), both) == all && targets(.sip(SIPCheck()), both) == all)
        for kind in [CheckSettings.Kind.tcp, .sip(SIPCheck(transport: .tcp))] {
            #expect(try targets(kind, both) == ["tcp 192.0.2.10:53"])
        }
        #expect(try targets(.udp(Exchange(send: [1])), Array(both.dropFirst())) == [])
    }
}

/// Bytes as they are written.
private func hex(_ parts: String...) -> [UInt8] {
    parts.flatMap { $0.split(separator: " ").compactMap { UInt8($0, radix: 16) } }
}
