import Addresses
import Agreement
import DamagedAnswers
import Settings
import Testing

@testable import Dialogues

/// Packets from their IP header on. The server has 192.0.2.21 and 2001:db8::21, the director .2 and ::2.
struct DataPathDialogueTests {
    private static let sequence: UInt32 = 0xABC1_2345
    private static let previous: UInt32 = 0xABC1_1111

    private static func ends(
        _ target: String, through tunnel: TunnelSettings? = nil, to server: String = "192.0.2.21"
    ) throws -> DataPathDialogue.Ends {
        let target = try #require(Endpoint(target))
        let server = try #require(IPAddress(server))
        func own(_ family: AddressFamily) throws -> IPAddress {
            try #require(IPAddress(family == .v4 ? "192.0.2.2" : "2001:db8::2"))
        }
        return DataPathDialogue.Ends(
            source: Endpoint(address: try own(target.address.family), port: 40000), target: target, server: server,
            tunnel: try tunnel.map { .init($0, from: try own(server.family)) })
    }

    private static func dialogue(
        _ target: String = "192.0.2.10:80", through tunnel: TunnelSettings? = nil, to server: String = "192.0.2.21",
        previous: UInt32? = nil
    ) throws -> DataPathDialogue {
        DataPathDialogue(try ends(target, through: tunnel, to: server), sequence: sequence, previous: previous)
    }

    // MARK: What is said

    static let syn4 = hex(
        "45 00 00 2c 00 00 40 00 02 06 f4 bf",  // IPv4, 44 bytes, whole, 2 hops, TCP, checksum
        "c0 00 02 02 c0 00 02 0a",  // 192.0.2.2 to 192.0.2.10
        "9c 40 00 50 ab c1 23 45 00 00 00 00",  // 40000 to 80, sequence, nothing acknowledged
        "60 02 fa f0 ad 91 00 00",  // 24 bytes, SYN, window, checksum
        "02 04 05 b4")  // segments of up to 1,460 bytes
    static let reset4 = hex(
        "45 00 00 28 00 00 40 00 02 06 f4 c3", "c0 00 02 02 c0 00 02 0a",
        "9c 40 00 50 ab c1 23 46 00 00 00 00",  // the sequence that was acknowledged
        "50 04 00 00 c0 3b 00 00")  // RST
    static let syn6 = hex(
        "60 00 00 00 00 18 06 02",  // IPv6, 24 bytes of TCP, 2 hops
        "20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 02", "20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 10",
        "9c 40 00 50 ab c1 23 45 00 00 00 00", "60 02 fa f0 d6 2e 00 00", "02 04 05 a0")

    @Test func `a connection is asked for from an own address to the virtual one`() throws {
        #expect(try Self.dialogue().opening == Self.syn4)
        #expect(try Self.dialogue("[2001:db8::10]:80").opening == Self.syn6)
    }

    struct Wrapping: Sendable {
        var name: String
        var tunnel: TunnelSettings
        var target = "192.0.2.10:80"
        var server = "192.0.2.21"
        var header: [UInt8]
        var inner: [UInt8] = DataPathDialogueTests.syn4
    }

    static let wrappings = [
        Wrapping(
            name: "IPv4 in IPv4", tunnel: TunnelSettings(),
            header: hex("45 00 00 40 00 00 40 00 40 04 b6 a2", "c0 00 02 02 c0 00 02 15")),  // 64 hops, protocol 4
        Wrapping(
            name: "IPv6 in IPv4", tunnel: TunnelSettings(), target: "[2001:db8::10]:80",
            header: hex("45 00 00 54 00 00 40 00 40 29 b6 69", "c0 00 02 02 c0 00 02 15"),  // protocol 41
            inner: syn6),
        Wrapping(
            name: "IPv4 in IPv6", tunnel: TunnelSettings(), server: "2001:db8::21",
            header: hex(
                "60 00 00 00 00 2c 04 40", "20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 02",
                "20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 21")),
        Wrapping(
            name: "GRE", tunnel: TunnelSettings(.gre),
            header: hex(
                "45 00 00 44 00 00 40 00 40 2f b6 73", "c0 00 02 02 c0 00 02 15",
                "00 00 08 00")),  // no options, IPv4 inside
        Wrapping(
            name: "GRE with a checksum", tunnel: TunnelSettings(.gre, checksum: .full), target: "[2001:db8::10]:80",
            header: hex(
                "45 00 00 5c 00 00 40 00 40 2f b6 5b", "c0 00 02 02 c0 00 02 15",
                "80 00 86 dd 93 25 00 00"),  // a checksum, IPv6 inside
            inner: syn6),
        Wrapping(
            name: "GUE", tunnel: TunnelSettings(.gue, port: 6080),
            header: hex(
                "45 00 00 4c 00 00 40 00 40 11 b6 89", "c0 00 02 02 c0 00 02 15",
                "9c 40 17 c0 00 38 00 00",  // UDP from 40000 to 6080, no checksum
                "00 04 00 00")),  // version 0, no options, IPv4 inside
        Wrapping(
            name: "GUE with a checksum", tunnel: TunnelSettings(.gue, port: 6080, checksum: .full),
            header: hex(
                "45 00 00 4c 00 00 40 00 40 11 b6 89", "c0 00 02 02 c0 00 02 15", "9c 40 17 c0 00 38 4b 8d",
                "00 04 00 00")),
    ]

    @Test(arguments: wrappings) func `a tunnel's packet has the same inside`(_ one: Wrapping) throws {
        let dialogue = try Self.dialogue(one.target, through: one.tunnel, to: one.server)
        #expect(dialogue.opening == one.header + one.inner, "\(one.name)")
    }

    // MARK: What is heard

    /// A segment from 192.0.2.10:80, or elsewhere, to 192.0.2.2:40000.
    private static func segment(
        flags: UInt8, acknowledging: UInt32, from source: [UInt8] = [192, 0, 2, 10], port: UInt16 = 40000
    ) -> [UInt8] {
        hex("45 00 00 28 00 00 40 00 40 06 00 00") + source + [192, 0, 2, 2, 0, 80] + port.wire
            + hex("11 22 33 44") + acknowledging.wire + [0x50, flags, 0, 0, 0, 0, 0, 0]
    }

    private static func hear(_ packet: [UInt8], previous: UInt32? = nil) throws -> DataPathDialogue.Turn {
        guard let answer = DataPathAnswer(packet: packet[...]) else { return .ignore }
        return try dialogue(previous: previous).hear(answer)
    }

    @Test func `an answer that acknowledges is up, and is reset`() throws {
        #expect(
            try Self.hear(Self.segment(flags: 0x12, acknowledging: Self.sequence + 1)) == .end(.pass, [Self.reset4]))
    }

    @Test func `a reset says that nobody listens, and is not answered`() throws {
        #expect(
            try Self.hear(Self.segment(flags: 0x14, acknowledging: Self.sequence + 1))
                == .end(.fail(.dataPath(.refused)), []))
    }

    @Test(
        arguments: [
            ("another number", segment(flags: 0x12, acknowledging: sequence)),
            ("the number before", segment(flags: 0x12, acknowledging: sequence + 2)),
            ("a reset that acknowledges nothing", segment(flags: 0x04, acknowledging: sequence + 1)),
            ("a SYN alone", segment(flags: 0x02, acknowledging: sequence + 1)),
            ("an acknowledgement alone", segment(flags: 0x10, acknowledging: sequence + 1)),
            ("another address", segment(flags: 0x12, acknowledging: sequence + 1, from: [192, 0, 2, 21])),
            ("another port", segment(flags: 0x12, acknowledging: sequence + 1, port: 40001)),
            ("a header cut off", Array(segment(flags: 0x12, acknowledging: sequence + 1).prefix(33))),
            ("nothing", []),
        ]) func `anything else is no answer`(name: String, packet: [UInt8]) throws
    {
        #expect(try Self.hear(packet, previous: Self.previous) == .ignore, "\(name)")
    }

    @Test func `a server that waits for the end of an older handshake is told, and asked again`() throws {
        let turn = try Self.hear(Self.segment(flags: 0x10, acknowledging: Self.previous + 1), previous: Self.previous)
        guard case .say(let packets) = turn else {
            Issue.record("\(turn)")
            return
        }
        #expect(packets.count == 2 && packets[1] == Self.syn4)
        #expect(Array(packets[0][24..<28]) == (Self.previous + 1).wire && packets[0][33] == 0x04)
        let reset = Self.segment(flags: 0x14, acknowledging: Self.previous + 1)
        #expect(try Self.hear(reset, previous: Self.previous) == .ignore)
    }

    @Test func `an answer that comes when all is over is reset as well`() throws {
        let late = DataPathAnswer(packet: Self.segment(flags: 0x12, acknowledging: Self.sequence + 1)[...])
        #expect(try Self.dialogue().goodbye(to: try #require(late)) == Self.reset4)
        let reset = DataPathAnswer(packet: Self.segment(flags: 0x14, acknowledging: Self.sequence + 1)[...])
        #expect(try Self.dialogue().goodbye(to: try #require(reset)) == nil)
    }

    // MARK: ICMP

    /// From 192.0.2.1, or 2001:db8::1, about a packet of ours.
    private static func complaint(_ type: UInt8, _ code: UInt8, about packet: [UInt8], _ family: AddressFamily = .v4)
        -> [UInt8]
    {
        let message = [type, code, 0, 0, 0, 0, 0, 0] + packet
        let from = IPAddress(family == .v4 ? "192.0.2.1" : "2001:db8::1") ?? .v4(IPv4Address(number: 0))
        let to = IPAddress(family == .v4 ? "192.0.2.2" : "2001:db8::2") ?? from
        return InternetPacket.wrap(message, family == .v4 ? 1 : 58, from: from, to: to, hopLimit: 64)
    }

    @Test(
        arguments: [
            (3, 0, .unreachable), (3, 1, .unreachable), (3, 2, .noProtocol), (3, 3, .prohibited), (3, 13, .prohibited),
            (11, 0, .forwarded), (11, 1, nil), (5, 1, nil), (0, 0, nil),
        ] as [(UInt8, UInt8, DataPathFailure?)])
    func `what ICMP says of a packet of ours is the reason`(type: UInt8, code: UInt8, failure: DataPathFailure?) throws
    {
        let expected = failure.map { DataPathDialogue.Turn.end(.fail(.dataPath($0)), []) } ?? .ignore
        #expect(try Self.hear(Self.complaint(type, code, about: Self.syn4)) == expected)
        #expect(try Self.hear(Self.complaint(type, code, about: Array(Self.syn4.prefix(28)))) == expected)
        var other = Self.syn4
        other[27] ^= 1
        #expect(try Self.hear(Self.complaint(type, code, about: other)) == .ignore)
    }

    @Test(
        arguments: [
            (1, 0, .unreachable), (1, 1, .prohibited), (1, 4, .prohibited), (3, 0, .forwarded), (4, 1, .noProtocol),
            (2, 0, nil), (135, 0, nil),
        ] as [(UInt8, UInt8, DataPathFailure?)])
    func `so is what ICMPv6 says`(type: UInt8, code: UInt8, failure: DataPathFailure?) throws {
        let answer = DataPathAnswer(packet: Self.complaint(type, code, about: Self.syn6, .v6)[...])
        let turn = try answer.map { try Self.dialogue("[2001:db8::10]:80").hear($0) } ?? .ignore
        #expect(turn == failure.map { .end(.fail(.dataPath($0)), []) } ?? .ignore)
    }

    @Test(arguments: wrappings) func `ICMP about a tunnel's packet is understood`(_ one: Wrapping) throws {
        let dialogue = try Self.dialogue(one.target, through: one.tunnel, to: one.server)
        let isV4 = dialogue.ends.server.family == .v4
        let packet = Self.complaint(isV4 ? 3 : 1, isV4 ? 3 : 4, about: dialogue.opening, isV4 ? .v4 : .v6)
        let answer = try #require(DataPathAnswer(packet: packet[...]))
        let failure: DataPathFailure = one.tunnel.kind == .gue ? .noPort : .noProtocol
        #expect(dialogue.hear(answer) == .end(.fail(.dataPath(failure)), []))
    }

    // MARK: Anybody's packets

    /// Only the one that acknowledges the number of the question counts for it.
    @Test func `damaged packets are read within bounds, and none is good without the number`() throws {
        var kinds = [
            Self.segment(flags: 0x12, acknowledging: Self.sequence + 1),
            Self.segment(flags: 0x14, acknowledging: Self.sequence + 1), Self.complaint(3, 3, about: Self.syn4),
        ]
        for one in Self.wrappings {
            kinds.append(Self.complaint(3, 2, about: one.header + one.inner))
            kinds.append(Self.complaint(1, 4, about: one.header + one.inner, .v6))
        }
        let dialogue = try Self.dialogue(previous: Self.previous)
        let number = (Self.sequence + 1).wire
        DamagedAnswers(kinds).forEach { seed, packet, _ in
            guard let answer = DataPathAnswer(packet: packet[...]) else { return }
            guard case .end(.pass, _) = dialogue.hear(answer) else { return }
            let place = Int(packet[0] & 0xF) * 4 + 8
            if Array(packet[place..<(place + 4)]) != number { Issue.record("seed \(seed): \(packet)") }
        }
    }
}

/// Bytes as they are written.
private func hex(_ parts: String...) -> [UInt8] {
    parts.flatMap { $0.split(separator: " ").compactMap { UInt8($0, radix: 16) } }
}
