import Glibc
import Heartbeat
import Pages
import Sealing
import Testing

/// Docs/Packet.md and the code say the same, byte by byte.
struct PacketPageTests {
    private static let key: SharedKey = {
        let key = PairKey(name: "page", secret: Array(0..<32))
        return SharedKey(id: key.id, secret: key.secret)
    }()

    /// A hello, its welcome and ten heartbeats.
    private static let capture: [Duo.Sent] = {
        var duo = Duo(key: key)
        duo.run(from: .zero, until: .seconds(1))
        return Array(duo.sent.drop { $0.isFromFirst && $0.at < .milliseconds(30) }.prefix(12))
    }()

    @Test func `the page shows a handshake and ten heartbeats as they are`() throws {
        let page = Page("Docs/Packet.md")
        var text = CaptureText(layout: Layout(page))
        var reader = Opened(secret: Self.key.secret)
        for sent in Self.capture {
            // lb2 said hello: what lb1 sends goes in the callee's direction.
            let plain = reader.open(sent.bytes, fromCaller: !sent.isFromFirst)
            let opened = try #require(plain)
            text.add(sent, opened: opened)
        }
        let shown = page.section(CaptureText.heading)
        if getenv("TANDEM_WRITE_PAGES") != nil { page.replace(shown, with: text.text) }
        #expect(
            shown == text.text,
            "Docs/Packet.md shows other bytes; if the change is meant: TANDEM_WRITE_PAGES=1 swift test --filter PacketPageTests"
        )
    }

    @Test func `what was captured is what the page speaks of`() {
        let kinds = Self.capture.map { $0.bytes.count == Hello.length ? "hello" : "heartbeat" }
        #expect(kinds == ["hello", "hello"] + [String](repeating: "heartbeat", count: 10))
        #expect(Set(Self.capture.dropFirst(2).map(\.isFromFirst)).count == 2)
    }

    @Test func `the page's tables name every byte once`() throws {
        let layout = Layout(Page("Docs/Packet.md"))
        var reader = Opened(secret: Self.key.secret)
        for sent in Self.capture {
            let plain = reader.open(sent.bytes, fromCaller: !sent.isFromFirst)
            let opened = try #require(plain)
            var next = 0
            for field in layout.fields(of: opened) {
                #expect(field.at == next, "\(field.name)")
                next = field.at + field.length
            }
            #expect(next == opened.count)
        }
    }
}
