import Addresses
import Agreement
import Dialogues
import NIOCore
import Settings

/// The ways in which probes ask. All live on the checker's event loop.
struct Ways {
    let connects: TCPConnects
    let streams: Streams
    let echoes: Echoes
    let contexts = TLSContexts()
    let scripts: Scripts
    let files: FileLooks

    init(on loop: any EventLoop, scripts: Scripts) {
        connects = TCPConnects(on: loop)
        streams = Streams(on: loop)
        echoes = Echoes(on: loop)
        self.scripts = scripts
        files = FileLooks(on: loop)
    }
}

/// One run of a probe: the check's kind decides who leads it.
enum Conversation {
    /// Calls `done` exactly once, on the loop, after the check's timeout at the latest.
    static func begin(
        _ probe: Probe.Identity, on loop: any EventLoop, _ ways: Ways, _ transcript: Transcript? = nil,
        done: @escaping (Outcome) -> Void
    ) {
        let done = judged(probe.source, done)
        let timeout = TimeAmount.nanoseconds(probe.check.timeout.nanoseconds)
        let server = probe.target
        let exit = ProbeExit(mark: probe.check.mark, source: probe.source)
        func lead(_ dialogue: any Dialogue) {
            var dialogue = overheard(dialogue, transcript)
            if probe.check.proxy != .none { dialogue = ProxiedDialogue(dialogue, probe.check.proxy) }
            ways.streams.begin(server, exit, dialogue, timeout: timeout, done: done)
        }
        func ask(_ question: any DatagramDialogue) throws(CheckFailure) {
            let dialogue = overheard(question, transcript)
            try DatagramProbe.begin(server, exit, dialogue, timeout: timeout, on: loop, done: done)
        }
        do throws(CheckFailure) {
            if let agent = probe.check.agent { return lead(AgentDialogue(agent)) }
            switch probe.check.kind {
            case .none: done(.pass)
            case .tcp: ways.connects.begin(server, exit, timeout: timeout, done: done)
            case .exchange(let exchange): lead(ExchangeDialogue(exchange))
            case .tls(let check, let exchange):
                try lead(within(check, of: server, ways.contexts, ExchangeDialogue(exchange)))
            case .http(let check): try lead(dialogue(check, server, ways.contexts, transcript))
            case .grpc(let check): try lead(dialogue(check, server, ways.contexts))
            case .redis(let check):
                try lead(LineDialogue(RedisScript(check, password: check.password?.read())))
            case .udp(let exchange): try ask(UDPDialogue(exchange))
            case .ping:
                ways.echoes.begin(
                    server.address, exit, timeout: timeout,
                    { overheard(echo(to: server.address, $0, $1), transcript) }, done: done)
            case .ntp: try ask(NTPDialogue(stamp: UInt64.random(in: 0...UInt64.max)))
            case .mysql(let check): try lead(dialogue(check, server, ways.contexts))
            case .postgresql(let check): try lead(dialogue(check, server, ways.contexts))
            case .ldap(let check):
                try lead(FrameDialogue(LDAPScript(check, password: check.password?.read())))
            case .radius(let check): try ask(dialogue(check))
            case .sip(let check):
                let question = question(check, server)
                switch check.transport {
                case .udp: try ask(SIPDatagrams(question))
                case .tcp: lead(SIPDialogue(question))
                }
            case .session(let check): try lead(dialogue(check, server, ways.contexts))
            case .script(let check):
                ways.scripts.begin(check, probe.subject, within: probe.check.timeout, on: loop, done: done)
            case .file(let check): ways.files.begin(check, within: timeout, done: done)
            case .dns(let check):
                // Of the system's generator, for whoever could guess it could answer in the server's place.
                try ask(DNSDialogue(check, id: UInt16.random(in: 0...UInt16.max)))
            }
        } catch {
            tell(.fail(error), on: loop, done)
        }
    }

    /// A failure while this machine does not have the address that the check went out from says nothing of the server.
    /// Not every socket notices: the kernel may be told to bind to strange addresses (net.ipv6.ip_nonlocal_bind).
    private static func judged(
        _ source: IPAddress?, _ done: @escaping (Outcome) -> Void
    ) -> (Outcome) -> Void {
        guard let source else { return done }
        return { outcome in done(outcome.isPass || source.isHere ? outcome : .fail(.withoutSource)) }
    }

    private static func dialogue(
        _ check: HTTPCheck, _ server: Endpoint, _ contexts: TLSContexts, _ transcript: Transcript?
    ) throws(CheckFailure) -> any Dialogue {
        let secrets = try HeaderSecrets(of: check) { file throws(CheckFailure) in
            try file.readWhole(upTo: HeaderSecrets.longest)
        }
        transcript?.blot(secrets.all)
        let host = host(server, usualPort: check.tls == nil ? 80 : 443)
        let dialogue: any Dialogue =
            switch check.version {
            case .one: HTTPDialogue(check, host: host, secrets: secrets, digests: .openSSL)
            case .two: FrameDialogue(http2: check, host: host, secrets: secrets, digests: .openSSL)
            }
        guard let tls = check.tls else { return dialogue }
        return try within(
            tls, named: check.host, of: server, contexts, speaking: check.version == .two ? .http2 : nil, dialogue)
    }

    private static func dialogue(
        _ check: GRPCCheck, _ server: Endpoint, _ contexts: TLSContexts
    ) throws(CheckFailure) -> any Dialogue {
        let dialogue = FrameDialogue(health: check, host: host(server, usualPort: check.tls == nil ? 80 : 443))
        guard let tls = check.tls else { return dialogue }
        return try within(tls, named: check.host, of: server, contexts, speaking: .http2, dialogue)
    }

    private static func dialogue(
        _ check: MySQLCheck, _ server: Endpoint, _ contexts: TLSContexts
    ) throws(CheckFailure) -> any Dialogue {
        let script = try MySQLScript(check, password: check.password?.read(), digests: .openSSL)
        guard let tls = check.tls else { return FrameDialogue(script) }
        return try within(tls, of: server, contexts, startsPlain: true, FrameDialogue(script))
    }

    private static func dialogue(
        _ check: PostgreSQLCheck, _ server: Endpoint, _ contexts: TLSContexts
    ) throws(CheckFailure) -> any Dialogue {
        let script = try PostgreSQLScript(
            check, password: check.password?.read(), nonce: randomLetters(), digests: .openSSL)
        guard let tls = check.tls else { return FrameDialogue(script) }
        return try within(tls, of: server, contexts, startsPlain: true, FrameDialogue(script))
    }

    static func dialogue(_ check: RADIUSCheck) throws(CheckFailure) -> RADIUSDialogue {
        guard let secret = try check.secret?.read() else { throw .credentials(.secret) }
        return try RADIUSDialogue(
            check, secret: secret, password: check.password?.read(), identifier: UInt8.random(in: 0...255),
            authenticator: randomBytes(), digests: .openSSL)
    }

    static func question(_ check: SIPCheck, _ server: Endpoint) -> SIPQuestion {
        func random() -> UInt64 { UInt64.random(in: 0...UInt64.max) }
        return SIPQuestion(check, host: "\(server)", random: (random(), random(), random()))
    }

    private static func dialogue(
        _ check: SessionCheck, _ server: Endpoint, _ contexts: TLSContexts
    ) throws(CheckFailure) -> any Dialogue {
        let dialogue: any Dialogue =
            switch check.language {
            case .smtp: LineDialogue(SMTPScript(check))
            case .imap: LineDialogue(IMAPScript(check))
            case .pop3: LineDialogue(POP3Script(check))
            case .ftp: LineDialogue(FTPScript(check))
            }
        guard let tls = check.tls else { return dialogue }
        return try within(tls, of: server, contexts, startsPlain: true, dialogue)
    }

    /// With what is said written down, as it is within TLS.
    private static func overheard(_ dialogue: any Dialogue, _ transcript: Transcript?) -> any Dialogue {
        guard let transcript else { return dialogue }
        guard let secured = dialogue as? TLSDialogue else { return OverheardDialogue(dialogue, transcript) }
        return secured.overheard(by: transcript)
    }

    private static func overheard(
        _ question: any DatagramDialogue, _ transcript: Transcript?
    ) -> any DatagramDialogue {
        transcript.map { OverheardDatagrams(question, $0) } ?? question
    }

    private static func echo(to target: IPAddress, _ identifier: UInt16, _ sequence: UInt16) -> EchoDialogue {
        EchoDialogue(to: target, identifier: identifier, sequence: sequence, payload: randomBytes())
    }

    /// 16 of the system's generator, which nobody guesses.
    private static func randomBytes() -> [UInt8] { (0..<16).map { _ in UInt8.random(in: 0...255) } }

    /// 24 of 64 letters, which nobody guesses either.
    private static func randomLetters() -> [UInt8] {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        return (0..<24).map { _ in letters[Int.random(in: letters.indices)] }
    }

    /// Who asks is told later, never while he asks.
    private static func tell(_ outcome: Outcome, on loop: any EventLoop, _ done: @escaping (Outcome) -> Void) {
        loop.assumeIsolated().execute { done(outcome) }
    }

    private static func within(
        _ check: TLSCheck, named host: String? = nil, of server: Endpoint, _ contexts: TLSContexts,
        startsPlain: Bool = false, speaking language: TLSSession.Language? = nil, _ inner: any Dialogue
    ) throws(CheckFailure) -> any Dialogue {
        let name = CertificateName(check.name ?? host, of: server)
        let session = try TLSSession(try contexts.context(for: check), name, speaking: language)
        return TLSDialogue(session, warnBefore: check.warnBefore, startsPlain: startsPlain, inner)
    }

    /// The Host header of a server without a name: the port is left out where it is the scheme's own (RFC 9110 7.2).
    private static func host(_ target: Endpoint, usualPort: UInt16) -> String {
        guard target.port == usualPort else { return target.description }
        return switch target.address {
        case .v4(let address): "\(address)"
        case .v6(let address): "[\(address)]"
        }
    }
}
