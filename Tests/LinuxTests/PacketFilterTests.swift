import Addresses
import Linux
import Testing

/// The kernel itself runs the program, on a socket of the loopback.
struct PacketFilterTests {
    private static let magic: UInt32 = 0x5444_4D31
    private static let hosts: [IPAddress] = [Wire.loopback] + [IPAddress("::1")].compactMap { $0 }

    private static let strangers: [(String, [UInt8])] = [
        ("another session", frame(session: 8)), ("the upper half alone", frame(session: 7 << 32 | 8)),
        ("the lower half alone", frame(session: 6 << 32 | 7)), ("another magic", frame(magic: 0x5444_4D32)),
        ("nothing", []), ("less than the magic", [0x54, 0x44, 0x4D]),
        ("a session cut off", Array(frame().prefix(11))),
    ]

    @Test(arguments: hosts, [1, 2, 4, 68])
    func `lets the sessions through that it knows`(host: IPAddress, count: Int) throws {
        var wire = try Wire(host)
        let sessions = (0..<count).map { UInt64($0) << 40 | 0xABCD_0000 | UInt64($0) }
        try wire.near.attach(.heartbeats(magic: Self.magic, sessions: sessions))
        for session in sessions {
            let datagram = frame(session: session)
            #expect(wire.say(datagram) == 0)
            #expect(wire.hear() == datagram, "session \(String(session, radix: 16))")
        }
        #expect(wire.near.drops == 0)
    }

    @Test(arguments: strangers)
    func `drops what it does not know, and the kernel counts it`(name: String, datagram: [UInt8]) throws {
        var wire = try Wire()
        try wire.near.attach(.heartbeats(magic: Self.magic, sessions: [7 << 32 | 7, 9]))
        _ = wire.say(datagram)
        #expect(Patience.long.wait { wire.near.drops == 1 ? true : nil } == true, "\(name)")
        #expect(wire.hear(.short) == nil)
        _ = wire.say(Self.frame())
        #expect(wire.hear() == Self.frame())
    }

    @Test func `without sessions drops everything`() throws {
        var wire = try Wire()
        try wire.near.attach(.heartbeats(magic: Self.magic, sessions: []))
        for session: UInt64 in [0, 1, .max] { _ = wire.say(frame(session: session)) }
        #expect(Patience.long.wait { wire.near.drops == 3 ? true : nil } == true)
        #expect(wire.hear(.short) == nil)
    }

    @Test func `a later filter takes the place of an earlier one`() throws {
        var wire = try Wire()
        try wire.near.attach(.heartbeats(magic: Self.magic, sessions: [1]))
        try wire.near.attach(.heartbeats(magic: Self.magic, sessions: [2]))
        _ = wire.say(frame(session: 1))
        _ = wire.say(frame(session: 2))
        #expect(wire.hear() == frame(session: 2) && wire.hear(.short) == nil)
    }

    private static func frame(magic: UInt32 = 0x5444_4D31, session: UInt64 = 7 << 32 | 7) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: magic >> UInt32(24 - 8 * $0)) }
            + (0..<8).map { UInt8(truncatingIfNeeded: session >> UInt64(56 - 8 * $0)) }
            + [UInt8](repeating: 1, count: 40)
    }

    private func frame(session: UInt64) -> [UInt8] { Self.frame(session: session) }
}
