import Agreement
import Dialogues
import Settings
import Testing

struct LDAPScriptTests {
    static func dialogue(_ check: LDAPCheck = LDAPCheck(), _ password: String? = nil) -> FrameDialogue<LDAPScript> {
        FrameDialogue(LDAPScript(check, password: password.map { Secret(Array($0.utf8)) }))
    }

    static let base = LDAPCheck(base: "dc=example")
    static let anonymous = Recorded.client([0x30, 12, 2, 1, 1, 0x60, 7, 2, 1, 3, 4, 0, 0x80, 0])

    static func message(_ number: UInt8, _ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        [0x30, UInt8(content.count + 5), 2, 1, number, tag, UInt8(content.count)] + content
    }

    /// As slapd 2.5 of Debian 12 answers: the code, no name and no text.
    static func bound(_ code: UInt8) -> [UInt8] { message(1, 0x61, [0x0A, 1, code, 4, 0, 4, 0]) }
    static func done(_ code: UInt8) -> [UInt8] { message(2, 0x65, [0x0A, 1, code, 4, 0, 4, 0]) }

    static let entry = message(2, 0x64, [4, 10] + Array("dc=example".utf8) + [0x30, 0])
    static let reference = message(2, 0x73, [4, 7] + Array("ldap://".utf8))

    @Test func `binds as nobody`() {
        #expect(Self.dialogue().play([Self.anonymous, .server(Self.bound(0))]) == .pass)
    }

    @Test func `binds with a name and looks for an entry`() {
        let check = LDAPCheck(user: "cn=probe", password: SecretFile("/s"), base: "dc=example")
        let bind: [UInt8] =
            [0x30, 26, 2, 1, 1, 0x60, 21, 2, 1, 3, 4, 8] + Array("cn=probe".utf8) + [0x80, 6] + Array("secret".utf8)
        let search: [UInt8] =
            [0x30, 52, 2, 1, 2, 0x63, 47, 4, 10] + Array("dc=example".utf8)
            + [0x0A, 1, 0, 0x0A, 1, 0, 2, 1, 1, 2, 1, 0, 1, 1, 0, 0x87, 11] + Array("objectClass".utf8)
            + [0x30, 5, 4, 3] + Array("1.1".utf8)
        let recording: [Recorded] = [
            .client(bind), .server(Self.bound(0)), .client(search), .server(Self.entry), .server(Self.done(0)),
        ]
        #expect(Self.dialogue(check, "secret").play(recording) == .pass)
    }

    static let answers: [(LDAPCheck, [UInt8], Outcome)] = [
        (LDAPCheck(), bound(0), .pass),
        // Lengths in more bytes than they need, as Active Directory writes them.
        (
            LDAPCheck(), [0x30, 0x84, 0, 0, 0, 16, 2, 1, 1, 0x61, 0x84, 0, 0, 0, 7, 0x0A, 1, 0, 4, 0, 4, 0], .pass
        ),
        (LDAPCheck(), bound(48), .fail(.ldap(.bind(48)))),
        (LDAPCheck(), bound(49), .fail(.ldap(.bind(49)))),
        (LDAPCheck(), bound(51), .fail(.ldap(.bind(51)))),
        (base, bound(0) + entry + done(0), .pass),
        (base, bound(0) + reference + entry + done(0), .pass),
        (base, bound(0) + done(0), .fail(.ldap(.withoutEntry))),
        (base, bound(0) + done(32), .fail(.ldap(.search(32)))),
        (base, bound(0) + entry + done(3), .fail(.ldap(.search(3)))),
        (base, bound(0) + message(0, 0x78, [0x0A, 1, 52, 4, 0, 4, 0]), .fail(.ldap(.disconnected(52)))),
        (LDAPCheck(), message(0, 0x78, [0x0A, 1, 2, 4, 0, 4, 0]), .fail(.ldap(.disconnected(2)))),
        (LDAPCheck(), message(2, 0x61, [0x0A, 1, 0, 4, 0, 4, 0]), .fail(.ldap(.malformed))),
        (LDAPCheck(), message(1, 0x65, [0x0A, 1, 0, 4, 0, 4, 0]), .fail(.ldap(.malformed))),
        (LDAPCheck(), message(1, 0x61, [0x0A, 1, 0]), .fail(.ldap(.malformed))),
        (LDAPCheck(), message(1, 0x61, [0x0A, 0, 4, 0, 4, 0]), .fail(.ldap(.malformed))),
        (LDAPCheck(), message(1, 0x61, [0x0A, 1, 0x80, 4, 0, 4, 0]), .fail(.ldap(.malformed))),
        (LDAPCheck(), message(1, 0x61, [0x0A, 9, 0, 4, 0, 4, 0]), .fail(.ldap(.malformed))),
        (LDAPCheck(), [0x30, 0], .fail(.ldap(.malformed))),
        (LDAPCheck(), [0x30, 0x80, 2, 1, 1], .fail(.ldap(.malformed))),
        (LDAPCheck(), [0x30, 0x85, 0, 0, 0, 0, 0], .fail(.ldap(.malformed))),
        (LDAPCheck(), [0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF], .fail(.overlong(16_384))),
        (LDAPCheck(), Array("HTTP/1.1 400 Bad Request\r\n".utf8), .fail(.ldap(.malformed))),
        (base, bound(0) + entry, .fail(.closed)),
        (LDAPCheck(), Array(bound(0).dropLast()), .fail(.closed)),
        (LDAPCheck(), [], .fail(.closed)),
    ]

    @Test(arguments: answers) func `judges a server`(check: LDAPCheck, answer: [UInt8], expected: Outcome) {
        #expect(Self.dialogue(check).outcome(of: [answer]) == expected)
        #expect(Self.dialogue(check).outcome(of: answer.map { [$0] }) == expected)
    }

    @Test func `survives damaged answers`() {
        MutationTests.expectSameOutcomeOfPieces(Self.dialogue(), Self.answers.map(\.1))
        MutationTests.expectSameOutcomeOfPieces(Self.dialogue(Self.base), Self.answers.map(\.1))
    }
}
