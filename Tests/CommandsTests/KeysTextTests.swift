import Commands
import Control
import Testing

struct KeysTextTests {
    private let active = KeyUse(isSending: true, isInUse: true, lastSeen: 0.2)
    private let old = KeyUse(isSending: false, isInUse: false, lastSeen: 74)

    @Test func `a row for each key and a column for each director`() {
        let report = KeysReport(
            path: "/etc/tandem/keys.d", canRotate: true, director: "lb1", peer: "lb2", peerAnswered: true,
            keys: [
                KeyStatus(id: "00c0ffee", name: "1", here: old, there: old),
                KeyStatus(id: "0badcafe", name: "2", here: active, there: active),
                KeyStatus(
                    id: "12345678", name: "3", here: nil, there: KeyUse(isSending: false, isInUse: false, lastSeen: nil)
                ),
            ])
        let expected = """
            NAME  ID        LB1           LB2      SEEN
            1     00c0ffee  accepts       accepts  1 min ago
            2     0badcafe  sends         sends    now
            3     12345678  not accepted  accepts  never

            """
        #expect(KeysText(report).text(.plain) == expected)
    }

    @Test func `says what it does not know and what is in the way`() {
        let report = KeysReport(
            path: "/etc/tandem/key", canRotate: false, director: "lb1", peer: "lb2", peerAnswered: false,
            keys: [KeyStatus(id: "0badcafe", name: "key", here: active, there: nil)],
            problems: ["lb2 does not say what it has: it is not heard"])
        let text = KeysText(report).text(.plain)
        #expect(text.contains("unknown"))
        #expect(text.contains("/etc/tandem/key is a single file: changing keys needs a directory."))
        #expect(text.hasSuffix("lb2 does not say what it has: it is not heard\n"))
    }
}
