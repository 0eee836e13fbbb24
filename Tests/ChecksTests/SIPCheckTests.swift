import Addresses
import Agreement
import Checks
import Settings
import Testing

/// SIP checks against servers on 127.0.0.1 that are made for the test.
@Suite(.serialized) struct SIPCheckTests {
    /// What a server makes of a question: its header, under another start line.
    private static func answer(_ question: [UInt8], _ status: String) -> [UInt8] {
        let lines = String(decoding: question, as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: false)
        return Array((["SIP/2.0 \(status)"] + lines.dropFirst()).joined(separator: "\r\n").utf8)
    }

    private static func verdict(_ server: Endpoint, _ check: SIPCheck, timeout: Int = 20_000) async -> [Verdict] {
        let watch = Watch()
        watch.checker.adopt([ProbeSettings(server, .sip(check), interval: 30_000, timeout: timeout)])
        defer { watch.checker.stop() }
        return await watch.next().map(\.verdict)
    }

    private static let udp = SIPCheck()
    private static let tcp = SIPCheck(transport: .tcp)

    @Test(arguments: [
        (["200 OK"], Verdict.up), (["100 Trying", "200 OK"], .up),
        (["503 Service Unavailable"], .down(.sip(.status(503)))),
    ])
    func `judges a server`(statuses: [String], verdict: Verdict) async throws {
        let datagrams = try await DatagramServer { question in statuses.map { Self.answer(question, $0) } }
        #expect(await Self.verdict(datagrams.endpoint, Self.udp) == [verdict])
        try await datagrams.stop()
        let stream = try await TestServer(.answers { question in statuses.flatMap { Self.answer(question, $0) } })
        #expect(await Self.verdict(stream.endpoint, Self.tcp) == [verdict])
        try await stream.stop()
    }

    @Test func `hears nothing, something else, or an answer to somebody else`() async throws {
        let other = { @Sendable (question: [UInt8]) in Self.answer(question.map { $0 == 0x31 ? 0x32 : $0 }, "200 OK") }
        for (says, verdict) in [
            ({ @Sendable _ in [] }, Verdict.down(.answerTimeout)),
            ({ @Sendable _ in Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8) }, .down(.sip(.malformed))),
            (other, .down(.sip(.otherAnswer))),
        ] as [(@Sendable ([UInt8]) -> [UInt8], Verdict)] {
            let datagrams = try await DatagramServer { [says($0)] }
            #expect(await Self.verdict(datagrams.endpoint, Self.udp, timeout: 3000) == [verdict])
            try await datagrams.stop()
            let stream = try await TestServer(.answers(says))
            #expect(await Self.verdict(stream.endpoint, Self.tcp, timeout: 3000) == [verdict])
            try await stream.stop()
        }
    }

    @Test func `hears from the kernel that nobody listens`() async throws {
        let datagrams = try await DatagramServer { _ in [] }
        try await datagrams.stop()
        #expect(await Self.verdict(datagrams.endpoint, Self.udp) == [.down(.refused)])
        #expect(await Self.verdict(try await TestServer.closedPort(), Self.tcp) == [.down(.refused)])
    }

    @Test func `is not held up by one that never ends`() async throws {
        let endless = try await TestServer(.floods("SIP/2.0 200 OK\r\nX: \(String(repeating: "x", count: 3000))\r\n"))
        #expect(await Self.verdict(endless.endpoint, Self.tcp) == [.down(.oversized(16_384))])
        try await endless.stop()
    }
}
