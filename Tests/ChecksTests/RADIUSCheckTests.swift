import Addresses
import Agreement
import Checks
import Dialogues
import Settings
import Testing

/// RADIUS checks against a server on 127.0.0.1 that is made for the test.
@Suite(.serialized) struct RADIUSCheckTests {
    /// A server that lets everybody in who has a User-Password that begins like its own, once it is hidden.
    struct Server: Sendable {
        var secret: [UInt8] = Array("xyzzy5461".utf8)
        /// Code of the answer to a user that is let in.
        var code: UInt8 = 2
        /// Whether it answers clients that do not have its secret.
        var isLenient = false

        func answers(_ request: [UInt8]) -> [[UInt8]] {
            guard request.count >= 38, let seal = place(of: 80, in: request) else { return [] }
            var unsealed = request
            unsealed.replaceSubrange(seal, with: [UInt8](repeating: 0, count: 16))
            let isKnown = Digests.openSSL.hmacMD5(secret, unsealed) == Array(request[seal])
            guard isKnown || isLenient else { return [] }
            return [answer(request, code: isLetIn(request) ? code : 3)]
        }

        private func isLetIn(_ request: [UInt8]) -> Bool {
            guard request[0] == 1 else { return true }
            guard let place = place(of: 2, in: request), place.count == 16,
                let mask = Digests.openSSL.md5(secret + request[4..<20])
            else { return false }
            return zip(request[place], mask).map { $0 ^ $1 }.starts(with: Array("arctangent".utf8) + [0])
        }

        private func answer(_ request: [UInt8], code: UInt8) -> [UInt8] {
            var packet = [code, request[1], 0, 38] + request[4..<20] + [80, 18] + [UInt8](repeating: 0, count: 16)
            packet.replaceSubrange(22..., with: Digests.openSSL.hmacMD5(secret, packet) ?? [])
            packet.replaceSubrange(4..<20, with: Digests.openSSL.md5(packet + secret) ?? [])
            return packet
        }

        private func place(of type: UInt8, in packet: [UInt8]) -> Range<Int>? {
            var place = 20
            while place + 2 <= packet.count, case let end = place + Int(packet[place + 1]), end <= packet.count {
                if packet[place] == type { return (place + 2)..<end }
                place = max(end, place + 2)
            }
            return nil
        }
    }

    static let cases: [(Server, secret: String, password: String?, reply: RADIUSCheck.Reply, Verdict)] = [
        (Server(), "xyzzy5461", "arctangent", .accept, .up),
        (Server(), "xyzzy5461", nil, .accept, .up),
        (Server(), "xyzzy5461", "tangent", .accept, .down(.radius(.rejected))),
        (Server(), "xyzzy5461", "tangent", .any, .up),
        (Server(code: 11), "xyzzy5461", "arctangent", .accept, .down(.radius(.challenged))),
        // It says nothing to a stranger, or says it under a seal of its own.
        (Server(), "other", "arctangent", .accept, .down(.answerTimeout)),
        (Server(isLenient: true), "other", nil, .accept, .down(.radius(.unsealed))),
    ]

    @Test(arguments: cases) func `judges a server`(
        server: Server, secret: String, password: String?, reply: RADIUSCheck.Reply, verdict: Verdict
    ) async throws {
        let secret = SecretReadingTests.File(Array("\(secret)\n".utf8))
        let own = password.map { SecretReadingTests.File(Array("\($0)\n".utf8)) }
        let check = RADIUSCheck(
            secret: SecretFile(secret.path), user: own == nil ? nil : "nemo", password: own.map { SecretFile($0.path) },
            reply: reply)
        let live = try await DatagramServer { server.answers($0) }
        let watch = Watch()
        let isLate = verdict == .down(.answerTimeout) || verdict == .down(.radius(.unsealed))
        watch.checker.adopt([
            ProbeSettings(live.endpoint, .radius(check), interval: 30_000, timeout: isLate ? 3000 : 20_000)
        ])
        #expect(await watch.next().map(\.verdict) == [verdict])
        watch.checker.stop()
        try await live.stop()
    }

    @Test func `a missing secret is no verdict about the server, and one that is read is not shown`() async throws {
        let live = try await DatagramServer { Server().answers($0) }
        let watch = Watch()
        let missing = ProbeSettings(
            live.endpoint, .radius(RADIUSCheck(secret: SecretFile("/nowhere/secret"))), interval: 30_000,
            timeout: 20_000)
        let view = try await watch.look(at: missing)
        #expect(view?.newest == .fail(.credentials(.secret)) && view?.view == nil)
        let secret = SecretReadingTests.File(Array("xyzzy5461".utf8))
        let probe = ProbeSettings(
            live.endpoint, .radius(RADIUSCheck(secret: SecretFile(secret.path))), interval: 30_000, timeout: 20_000)
        watch.checker.adopt([probe])
        let trial = try #require(await watch.checker.tryOnce(probe.server))
        #expect(trial.result.outcome == .pass && trial.lines.map(\.speaker) == [.director, .server])
        #expect(trial.lines.first?.bytes == nil && trial.lines.first?.count == 46 && trial.lines.last?.count == 38)
        watch.checker.stop()
        try await live.stop()
    }

    @Test func `hears from the kernel that nobody listens`() async throws {
        let live = try await DatagramServer { _ in [] }
        try await live.stop()
        let secret = SecretReadingTests.File(Array("xyzzy5461".utf8))
        let watch = Watch()
        watch.checker.adopt([
            ProbeSettings(
                live.endpoint, .radius(RADIUSCheck(secret: SecretFile(secret.path))), interval: 30_000, timeout: 20_000)
        ])
        #expect(await watch.next().map(\.verdict) == [.down(.refused)])
        watch.checker.stop()
    }
}
