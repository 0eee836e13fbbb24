import Pages

/// A handshake and ten heartbeats as Docs/Packet.md shows them.
struct CaptureText {
    static let heading = "## A beginning, captured"

    private let layout: Layout
    private(set) var text = CaptureText.introduction
    /// The datagram before, of the same director and in plain.
    private var before: [Bool: Datagram] = [:]
    private var count = 0

    init(layout: Layout) { self.layout = layout }

    private static let introduction = """
        \(heading)

        The first words between lb1 and lb2 of the pair `edge`, as two machines of this code say them on one path with 100 ms × 5; the
        group `web` prefers lb1. lb1 started at 0 ms, when its clock stood at 1,000 s; lb2 started 30 ms later, and its clock is 995 s
        behind. The shared key is `00 01 02 … 1f`, the random numbers are a test's; the wire takes 1 ms. Each datagram stands here first
        as it is on the wire and then opened, field by field; of a director's later heartbeats only what differs from its last one.

        A test opens the datagrams by the tables above, and compares this text with what it finds. After a change of the format
        `TANDEM_WRITE_PAGES=1 swift test --filter PacketPageTests` writes it anew.
        """

    mutating func add(_ sent: Duo.Sent, opened: Datagram) {
        count += 1
        let names = sent.isFromFirst ? "lb1 to lb2" : "lb2 to lb1"
        let isHello = opened[4..<12].allSatisfy { $0 == 0 }
        let kind = isHello ? opened[57] == 1 ? "Hello" : "Welcome" : "Heartbeat"
        let milliseconds = sent.at.components.attoseconds / 1_000_000_000_000_000 + sent.at.components.seconds * 1000
        text += "\n\n### \(count). \(kind), \(names), at \(milliseconds) ms\n\n```\n"
        text += Self.dump(sent.bytes) + "\n"
        let last = isHello ? nil : before[sent.isFromFirst]
        for field in layout.fields(of: opened) {
            let range = field.at..<(field.at + field.length)
            if let last, last.count == opened.count, last[range] == opened[range] { continue }
            text += "\n" + Self.line(field, opened[range])
        }
        text += "\n```"
        if !isHello { before[sent.isFromFirst] = opened }
    }

    private static func dump(_ bytes: Datagram) -> String {
        stride(from: 0, to: bytes.count, by: 48).map { start in
            stride(from: start, to: min(start + 48, bytes.count), by: 4).map { word in
                hex(bytes[word..<min(word + 4, bytes.count)])
            }.joined(separator: " ")
        }.joined(separator: "\n")
    }

    private static func line(_ field: Layout.Field, _ bytes: ArraySlice<UInt8>) -> String {
        let place = String(repeating: " ", count: max(0, 3 - String(field.at).count)) + String(field.at)
        let isLongAndZero = bytes.count > 32 && bytes.allSatisfy { $0 == 0 }
        let digits = isLongAndZero ? "00 × \(bytes.count)" : hex(bytes)
        let room = String(repeating: " ", count: max(0, 16 - digits.count))
        return "\(place)  \(digits)\(room)  \(field.name)\(value(bytes))"
    }

    /// Numbers that people can read; longer ones are names or digests.
    private static func value(_ bytes: ArraySlice<UInt8>) -> String {
        let number = bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return bytes.count <= 8 && number < 1 << 41 ? " = \(number)" : ""
    }

    private static func hex(_ bytes: ArraySlice<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
