import Agreement
import Dialogues
import Settings
import Testing

struct ProxiedDialogueTests {
    static let expect = Pattern(Array("ok".utf8))
    static let headers: [(ProxyHeader, [UInt8])] = [
        (.none, []), (.v1, Array("PROXY UNKNOWN\r\n".utf8)),
        (.v2, Array("\r\n\r\n\0\r\nQUIT\n".utf8) + [0x20, 0, 0, 0]),
    ]

    @Test(arguments: headers) func `says the header before anything else, once`(header: ProxyHeader, bytes: [UInt8]) {
        let talk = ExchangeDialogue(Exchange(send: [1, 2], expect: Self.expect))
        var dialogue = ProxiedDialogue(talk, header)
        #expect(dialogue.begin() == .say(bytes + [1, 2]))
        #expect(dialogue.receive([0x6F]) == .listen)
        #expect(dialogue.receive([0x6B]) == .end(.pass))
    }

    @Test(arguments: headers) func `says the header to a server that speaks first`(header: ProxyHeader, bytes: [UInt8])
    {
        var dialogue = ProxiedDialogue(ExchangeDialogue(Exchange(expect: Self.expect)), header)
        #expect(dialogue.begin() == (bytes.isEmpty ? .listen : .say(bytes)))
        #expect(dialogue.end() == .fail(.closed))
    }
}
