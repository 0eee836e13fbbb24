import Addresses
import Agreement
import COpenSSL
import Checks
import DamagedAnswers
import Dialogues
import Settings
import Simulation
import Testing

/// What a server says in TLS, damaged before the dialogue hears it. The damage comes from a seed, the handshake does not.
struct TLSMutationTests {
    /// OpenSSL's own server, fed by hand.
    private final class Server {
        private let context = SSL_CTX_new(TLS_server_method())
        private let session: OpaquePointer?
        private let incoming = BIO_new(BIO_s_mem())
        private let outgoing = BIO_new(BIO_s_mem())

        init(_ certificate: TestCertificate) {
            SSL_CTX_use_certificate(context, certificate.certificate)
            SSL_CTX_use_PrivateKey(context, certificate.key)
            session = SSL_new(context)
            SSL_set_bio(session, incoming, outgoing)
            SSL_set_accept_state(session)
        }

        deinit {
            SSL_free(session)
            SSL_CTX_free(context)
        }

        /// What it says to that; an answer to a request once hands are shaken.
        func answer(_ bytes: [UInt8]) -> [UInt8] {
            BIO_write(incoming, bytes, Int32(bytes.count))
            if SSL_do_handshake(session) == 1 {
                var asked = [UInt8](repeating: 0, count: 4096)
                let words = Array("HTTP/1.1 200 OK\r\n\r\n".utf8)
                if SSL_read(session, &asked, Int32(asked.count)) > 0 { SSL_write(session, words, Int32(words.count)) }
            }
            var said = [UInt8](repeating: 0, count: BIO_ctrl_pending(outgoing))
            if !said.isEmpty { BIO_read(outgoing, &said, Int32(said.count)) }
            return said
        }
    }

    /// How the dialogue ends with what passes between the two changed by `damage`.
    private static func outcome(
        _ certificate: TestCertificate, _ contexts: TLSContexts, damage: (Int, [UInt8]) -> [UInt8]
    ) throws -> Outcome {
        let server = Server(certificate)
        let check = TLSCheck(authorities: .none)
        let endpoint = try #require(Endpoint("192.0.2.1:443"))
        let session = try TLSSession(contexts.context(for: check), CertificateName("a.example", of: endpoint))
        let inner = HTTPDialogue(HTTPCheck(), host: "a.example", digests: .openSSL)
        var dialogue = TLSDialogue(session, warnBefore: .zero, inner)
        var turn = dialogue.begin()
        for round in 0..<8 {
            switch turn {
            case .end(let outcome): return outcome
            case .listen, .secure, .sayAndSecure, .salt: return dialogue.end()
            case .say(let bytes):
                let answer = damage(round, server.answer(bytes))
                if answer.isEmpty { return dialogue.end() }
                let half = answer.count / 2
                turn = dialogue.receive(answer[..<half])
                if case .end(let outcome) = turn { return outcome }
                let second = dialogue.receive(answer[half...])
                if second != .listen { turn = second }
            }
        }
        return dialogue.end()
    }

    @Test func `survives damaged handshakes and answers`() throws {
        let contexts = TLSContexts()
        let certificate = TestCertificate("DNS:a.example")
        #expect(try Self.outcome(certificate, contexts) { $1 } == .pass)
        var passed = 0
        for seed in 1...UInt64(max(1, DamagedAnswers.count / 5)) {
            var random = SplitMix64(seed: seed)
            let place = Int.random(in: 0..<3, using: &random)
            let outcome = try Self.outcome(certificate, contexts) { round, answer in
                guard round == place else { return answer }
                return DamagedAnswers.damaged(answer, [answer, [22, 3, 3, 0, 1]], using: &random)
            }
            if outcome == .pass { passed += 1 }
        }
        // What is damaged behind the answer does no harm, and nor does a piece that is put back where it was.
        #expect(passed < DamagedAnswers.count / 5)
    }
}
