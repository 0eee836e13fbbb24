import Addresses
import Agreement
import Checks
import Settings
import Testing

/// Checks in datagrams against servers on 127.0.0.1 that are made for the test.
@Suite(.serialized) struct DatagramCheckTests {
    private static func verdict(
        _ server: Endpoint, _ kind: CheckSettings.Kind, timeout: Int
    ) async throws -> [Verdict] {
        let watch = Watch()
        watch.checker.adopt([ProbeSettings(server, kind, interval: 30_000, timeout: timeout)])
        defer { watch.checker.stop() }
        return await watch.next().map(\.verdict)
    }

    private static func expect(
        _ verdict: Verdict, of kind: CheckSettings.Kind, timeout: Int = 20_000,
        answering answers: @escaping @Sendable ([UInt8]) -> [[UInt8]]
    ) async throws {
        let server = try await DatagramServer(answers)
        #expect(try await Self.verdict(server.endpoint, kind, timeout: timeout) == [verdict])
        try await server.stop()
    }

    @Test func `sends and expects something over UDP`() async throws {
        let kind = CheckSettings.Kind.udp(Exchange(send: [1, 2], expect: Pattern([2, 1])))
        try await Self.expect(.up, of: kind) { [[9], $0.reversed()] }
        try await Self.expect(.down(.unexpected), of: kind, timeout: 3000) { [$0] }
        try await Self.expect(.down(.answerTimeout), of: kind, timeout: 3000) { _ in [] }
    }

    @Test func `asks a time server`() async throws {
        // What it answers: the client's stamp, and a time of its own behind it.
        @Sendable func answer(_ question: [UInt8], stratum: UInt8) -> [[UInt8]] {
            guard question.count == 48 else { return [] }
            return [
                [0x24, stratum] + [UInt8](repeating: 1, count: 22) + question[40...] + [UInt8](repeating: 9, count: 16)
            ]
        }
        try await Self.expect(.up, of: .ntp) { answer($0, stratum: 2) }
        try await Self.expect(.down(.ntp(.unsynchronised)), of: .ntp) { answer($0, stratum: 16) }
        // A stranger does not know the stamp.
        try await Self.expect(.down(.answerTimeout), of: .ntp, timeout: 3000) { answer($0.reversed(), stratum: 2) }
    }

    @Test func `takes silence for good, and the kernel's refusal for bad`() async throws {
        let kind = CheckSettings.Kind.udp(Exchange(send: [1]))
        try await Self.expect(.up, of: kind, timeout: 3000) { _ in [] }
        let server = try await DatagramServer { _ in [] }
        try await server.stop()
        #expect(try await Self.verdict(server.endpoint, kind, timeout: 20_000) == [.down(.refused)])
    }
}
