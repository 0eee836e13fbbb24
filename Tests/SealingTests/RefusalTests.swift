import Addresses
import Election
import Heartbeat
import Pages
import Sealing
import Testing

/// Each reason to refuse a datagram, reached through the sockets' entrances of a director that holds its group.
struct RefusalTests {
    /// How to come to a refusal: an attack on `right`, whose peer is `left`.
    struct Attack: CustomTestStringConvertible, Sendable {
        let refusal: Refusal
        let name: String
        let run: @Sendable (inout Talk) throws -> Void

        var testDescription: String { "\(refusal.description): \(name)" }

        init(_ refusal: Refusal, _ name: String, _ run: @escaping @Sendable (inout Talk) throws -> Void) {
            self.refusal = refusal
            self.name = name
            self.run = run
        }
    }

    private static let atDoor: [Attack] = [
        Attack(.tooShort, "a hello that lacks a byte") { $0.knock(Array($0.hello().dropLast())) },
        Attack(.tooLong, "a hello of 1,233 bytes") { $0.knock($0.hello() + zeros(1033)) },
        Attack(.notOurs, "a hello with another magic") { $0.knock(altered($0.hello(), at: 3)) },
        Attack(.unknownSession, "data at the door") { $0.knock($0.data() + zeros(120)) },
        Attack(.unknownKey, "a key that is not configured") { $0.knock($0.hello(keys: [End.key(7)])) },
        Attack(.badSeal, "the same id and another secret") { talk in
            talk.knock(talk.hello(keys: [SharedKey(id: 1, secret: [UInt8](repeating: 9, count: 32))]))
        },
        Attack(.badSeal, "a hello with an altered salt") { $0.knock(altered($0.hello(), at: 24)) },
        Attack(.wrongPair, "another pair under the same key") { $0.knock($0.hello(pair: "production")) },
        Attack(.wrongDirector, "a third director") { $0.knock($0.hello("third")) },
        Attack(.wrongDirector, "the director's own hello") { $0.knock($0.hello("right", peer: "left")) },
        Attack(.unasked, "a welcome to nobody's hello") { $0.knock(try $0.welcome()) },
        Attack(.malformed, "a hello of version 0") { $0.knock($0.forgedHello(at: 0, byte: 0)) },
        Attack(.malformed, "a hello of no kind") { $0.knock($0.forgedHello(at: 1, byte: 3)) },
        Attack(.malformed, "a hello shorter than it must be") { $0.knock($0.forgedHello(at: 3, byte: 127)) },
        Attack(.overBudget, "33 hellos in an interval") { talk in
            // One has been answered already.
            for _ in 0..<32 { talk.knock(talk.hello()) }
        },
    ]

    private static let atData: [Attack] = [
        Attack(.tooShort, "35 bytes") { $0.send(Array($0.data().prefix(35))) },
        Attack(.tooLong, "1,233 bytes") { $0.send($0.data() + zeros(1133)) },
        Attack(.notOurs, "another magic") { $0.send(altered($0.data(), at: 0)) },
        Attack(.unknownSession, "a session that is none") { $0.send(altered($0.data(), at: 11)) },
        Attack(.unknownSession, "a hello among the data") { $0.send($0.hello()) },
        Attack(.badSeal, "an altered body") { $0.send(altered($0.data(), at: 30)) },
        Attack(.badSeal, "an altered sequence") { $0.send(altered($0.data(), at: 18)) },
        Attack(.badSeal, "a seal cut off") { $0.send(Array($0.data().dropLast())) },
        Attack(.replayed, "the same twice") { talk in
            let datagram = talk.data()
            talk.send(datagram)
            talk.send(datagram)
        },
        Attack(.tooOld, "what the window has passed") { talk in
            let old = talk.data()
            for _ in 0...ReplayWindow.size { talk.send(talk.data()) }
            talk.send(old)
        },
        Attack(.malformed, "a counter of zero") { talk in
            var datagram = talk.data()
            datagram.replaceSubrange(12..<20, with: zeros(8))
            talk.send(datagram)
        },
        Attack(.malformed, "a path that no pair has") { $0.send($0.data(path: 8)) },
        Attack(.malformed, "a body that is no heartbeat") { $0.send($0.sealed(zeros(80))) },
        Attack(.malformed, "a body that is empty") { $0.send($0.sealed([])) },
    ]

    @Test(arguments: atDoor + atData)
    func `a refusal is counted and changes nothing`(attack: Attack) throws {
        var talk = try Talk()
        let before = talk.situation
        let counted = talk.right.refusals[attack.refusal]
        try attack.run(&talk)
        #expect(talk.right.refusals[attack.refusal] == counted + 1)
        #expect(talk.right.refusals.total == counted + 1, "something else was refused, too")
        #expect(talk.situation == before)
        talk.expectPeace()
    }

    @Test func `every refusal has an attack`() {
        #expect(Set((Self.atDoor + Self.atData).map(\.refusal)) == Set(Refusal.allCases))
    }

    @Test func `every refusal has words of its own in the page`() {
        #expect(Set(Refusal.allCases.map(\.description)).count == Refusal.allCases.count)
        let names = Set(
            Page.rows(of: Page("Docs/Packet.md").text).flatMap {
                $0[0].replacing(", ", with: ",").split(separator: ",").map(String.init)
            })
        for refusal in Refusal.allCases { #expect(names.contains(refusal.description), "\(refusal.description)") }
    }

    @Test func `data of an earlier life counts as too old`() throws {
        var talk = try Talk()
        let old = talk.data()
        try talk.restartLeft()
        let before = talk.situation
        talk.send(old)
        #expect(talk.right.refusals[.tooOld] == 1 && talk.right.refusals.total == 1)
        #expect(talk.situation == before)
    }
}

private func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

private func altered(_ datagram: Datagram, at index: Int) -> Datagram {
    var datagram = datagram
    datagram[index] ^= 1
    return datagram
}
