import Addresses
import Agreement
import Dialogues
import Settings
import Testing

@testable import Checks

/// Which ports questions in datagrams come from, and whose an answer is.
struct DataPathQuestionsTests {
    private static let ports: [UInt16] = [40000, 40001, 40002]
    private let target: Endpoint
    private var questions = DataPathQuestions()

    init() throws {
        target = try #require(Endpoint("192.0.2.10:53"))
    }

    private static func at(_ seconds: UInt64) -> Instant { Instant(nanoseconds: seconds * 1_000_000_000) }

    private func source(_ port: UInt16) -> Endpoint {
        Endpoint(address: .v4(IPv4Address(number: 0xC000_0202)), port: port)
    }

    /// Puts a question of a run to a server.
    private mutating func ask(_ run: UInt64, _ server: String, from port: UInt16) throws -> DataPathQuestions.Key {
        let server = try #require(IPAddress(server))
        let ends = DataPathDialogue.Ends(source: source(port), target: target, server: server, tunnel: nil)
        let exchange = Exchange(send: [1], expect: Pattern([2]))
        return questions.begin(
            DataPathQuestion(ends, UDPDialogue(exchange)), of: run,
            DataPathLeg.Place(server: server, tunnel: nil, target: target))
    }

    private func answer(_ byte: UInt8 = 2, to port: UInt16) -> DataPathAnswer {
        .datagram(DataPathAnswer.Datagram(source: target, target: source(port), payload: [byte]))
    }

    @Test mutating func `an answer is that of the question from its port`() throws {
        let first = try ask(1, "192.0.2.21", from: 40000)
        let second = try ask(2, "192.0.2.22", from: 40001)
        let heard = questions.hear(answer(to: 40001))
        #expect(heard?.key == second && heard?.question.run == 2 && heard?.outcome == .pass)
        #expect(questions.hear(answer(to: 40002)) == nil)
        #expect(questions.hear(answer(1, to: 40000)) == nil)
        #expect(questions.late(first) == .unexpected)
        questions.end(second, Self.at(1))
        #expect(questions.hear(answer(to: 40001)) == nil)
    }

    @Test mutating func `ICMP about a question is its end, about others it is nothing`() throws {
        let key = try ask(1, "192.0.2.21", from: 40000)
        func complaint(_ subject: DataPathAnswer.Complaint.Subject) -> DataPathAnswer {
            .complaint(DataPathAnswer.Complaint(failure: .noListener, target: target, subject: subject))
        }
        let (segment, other, own) = (
            complaint(.segment(40000)), complaint(.datagram(40001)), complaint(.datagram(40000))
        )
        for stray in [segment, other] { #expect(questions.hear(stray) == nil) }
        let heard = questions.hear(own)
        #expect(heard?.key == key && heard?.outcome == .fail(.dataPath(.noListener)))
    }

    @Test mutating func `no two questions at one address come from one port, and no late answer counts for another`()
        throws
    {
        var keys: [DataPathQuestions.Key] = []
        for run in 1...3 {
            let port = try #require(questions.port(to: target, among: Self.ports, Self.at(1)))
            keys.append(try ask(UInt64(run), "192.0.2.21", from: port))
        }
        #expect(Set(keys.map(\.port)) == Set(Self.ports))
        #expect(questions.port(to: target, among: Self.ports, Self.at(1)) == nil)
        #expect(questions.restedPort(to: target, among: Self.ports) == nil)
        // Another virtual address has them all.
        let other = try #require(Endpoint("192.0.2.11:53"))
        #expect(questions.port(to: other, among: Self.ports, Self.at(1)) != nil)
        questions.end(keys[1], Self.at(2))
        questions.end(keys[0], Self.at(3))
        #expect(questions.port(to: target, among: Self.ports, Self.at(6)) == nil)
        #expect(questions.restedPort(to: target, among: Self.ports) == keys[1].port)
        #expect(questions.port(to: target, among: Self.ports, Self.at(7)) == keys[1].port)
        questions.forgetIdle(Self.at(9))
        let free = (0..<100).compactMap { _ in questions.port(to: target, among: Self.ports, Self.at(9)) }
        #expect(Set(free) == [keys[0].port, keys[1].port])
        #expect(questions.port(to: target, among: [], Self.at(9)) == nil)
    }

    @Test mutating func `a server that does not stop talking is no longer heard`() throws {
        _ = try ask(1, "192.0.2.21", from: 40000)
        for _ in 0..<16 { #expect(questions.hear(answer(1, to: 40000)) == nil) }
        #expect(questions.hear(answer(to: 40000)) == nil)
    }
}
