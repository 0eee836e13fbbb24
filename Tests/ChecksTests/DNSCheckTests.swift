import Addresses
import Agreement
import Checks
import Settings
import Testing

/// DNS checks against a server on 127.0.0.1 that is made for the test.
@Suite(.serialized) struct DNSCheckTests {
    /// What the server sends for each question.
    enum Behaviour: Sendable {
        case answers(code: UInt8, address: [UInt8])
        /// First with another id, then rightly.
        case stutters
        case silent
        case garbage

        func answers(_ question: [UInt8]) -> [[UInt8]] {
            switch self {
            case .silent: return []
            case .garbage: return [Array(question[..<2]) + [0x80]]
            case .answers(let code, let address): return [answer(question, code, address)]
            case .stutters:
                var wrong = answer(question, 3, [])
                wrong[0] ^= 0xFF
                return [wrong, [], answer(question, 0, [192, 0, 2, 1])]
            }
        }

        private func answer(_ question: [UInt8], _ code: UInt8, _ address: [UInt8]) -> [UInt8] {
            var answer = question
            (answer[2], answer[3], answer[7]) = (0x81, 0x80 | code, address.isEmpty ? 0 : 1)
            return address.isEmpty ? answer : answer + [0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4] + address
        }
    }

    private static func verdict(_ server: Endpoint, timeout: Int = 20_000) async throws -> [Verdict] {
        let watch = Watch()
        let check = DNSCheck(name: .root, answer: .address(.v4(IPv4Address(number: 0xC000_0201))))
        watch.checker.adopt([ProbeSettings(server, .dns(check), interval: 30_000, timeout: timeout)])
        defer { watch.checker.stop() }
        return await watch.next().map(\.verdict)
    }

    @Test(arguments: [
        (Behaviour.answers(code: 0, address: [192, 0, 2, 1]), Verdict.up),
        (.stutters, .up),
        (.answers(code: 0, address: [192, 0, 2, 2]), .down(.dns(.otherAnswer))),
        (.answers(code: 0, address: []), .down(.dns(.withoutRecord))),
        (.answers(code: 2, address: []), .down(.dns(.code(2)))),
        (.garbage, .down(.dns(.malformed))),
        (.silent, .down(.answerTimeout)),
    ])
    func `judges a name server`(behaviour: Behaviour, expected: Verdict) async throws {
        let server = try await DatagramServer { behaviour.answers($0) }
        let timeout = expected == .down(.answerTimeout) ? 3000 : 20_000
        #expect(try await Self.verdict(server.endpoint, timeout: timeout) == [expected])
        try await server.stop()
    }

    @Test func `hears from the kernel that nobody listens`() async throws {
        let server = try await DatagramServer { _ in [] }
        try await server.stop()
        #expect(try await Self.verdict(server.endpoint) == [.down(.refused)])
    }
}
