package import Addresses

/// How a server is looked at.
package struct CheckSettings: Hashable, Sendable {
    /// What is asked of the server. Indirect, so that thousands of probes share what is the same for them.
    package indirect enum Kind: Hashable, Sendable {
        /// Never looked at; always up.
        case none
        /// Up if a connection is accepted.
        case tcp
        /// Up if the server says over TCP what is expected.
        case exchange(Exchange)
        /// Up if the server shows the right certificate, and says over TLS what is expected if anything is.
        case tls(TLSCheck, Exchange)
        case http(HTTPCheck)
        case grpc(GRPCCheck)
        case dns(DNSCheck)
        case redis(RedisCheck)
        case session(SessionCheck)
        case ldap(LDAPCheck)
        case radius(RADIUSCheck)
        case sip(SIPCheck)
        case postgresql(PostgreSQLCheck)
        case mysql(MySQLCheck)
        case ntp
        /// Up if the machine echoes what it is sent.
        case ping
        case udp(Exchange)
        case script(ScriptCheck)
        case file(FileCheck)
    }

    package var kind: Kind
    /// 100 ms to 1 h, from one probe's start to the next.
    package var interval: Duration
    /// The same while results contradict the verdict, 100 ms to `interval`; absent: `interval`.
    package var fastInterval: Duration?
    /// The same while a server is down, `interval` to 1 h; absent: `interval`.
    package var downInterval: Duration?
    /// 10 ms to the shortest of them.
    package var timeout: Duration
    /// By how much of the interval a look may be put off at random, 0 to 50 per cent.
    package var jitter: Int
    /// Good results in a row until up, 1 to 100.
    package var rise: Int
    /// Bad results in a row until down, 1 to 100.
    package var fall: Int
    /// What a server counts as until its first result, at both directors.
    package var initial: InitialState
    /// The port that is probed; absent: the server's own.
    package var port: UInt16?
    /// The address that is probed in the server's place; absent: the server's own.
    package var address: IPAddress?
    /// What netfilter and routing rules see on the packets of probes and agents (socket(7), SO_MARK); 0: nothing.
    package var mark: UInt32
    /// From which of its addresses a director asks, by its name; absent: the kernel chooses.
    package var sources: [String: SourceAddresses]
    /// What is said first, before TLS; of checks that speak over TCP alone.
    package var proxy: ProxyHeader
    /// Whether a server has to answer for the virtual addresses besides, the way that clients' packets take.
    package var usesDataPath: Bool
    /// Who is asked besides; absent: nobody.
    package var agent: AgentSettings?

    package init(
        kind: Kind = .tcp, interval: Duration = .seconds(2), fastInterval: Duration? = nil,
        downInterval: Duration? = nil, timeout: Duration = .seconds(1), jitter: Int = 5, rise: Int = 2,
        fall: Int = 3, initial: InitialState = .down, port: UInt16? = nil, address: IPAddress? = nil, mark: UInt32 = 0,
        sources: [String: SourceAddresses] = [:], proxy: ProxyHeader = .none, usesDataPath: Bool = false,
        agent: AgentSettings? = nil
    ) {
        self.kind = kind
        self.interval = interval
        self.fastInterval = fastInterval
        self.downInterval = downInterval
        self.timeout = timeout
        self.jitter = jitter
        self.rise = rise
        self.fall = fall
        self.initial = initial
        self.port = port
        self.address = address
        self.mark = mark
        self.sources = sources
        self.proxy = proxy
        self.usesDataPath = usesDataPath
        self.agent = agent
    }
}

/// What a server counts as while nobody has looked at it.
package enum InitialState: String, Hashable, Sendable, CaseIterable {
    case down, up
}

/// The version of the PROXY protocol in which a connection begins (haproxy's doc/proxy-protocol.txt).
package enum ProxyHeader: String, Hashable, Sendable, CaseIterable {
    case none, v1, v2
}

/// What is said over a connection and what has to come back.
package struct Exchange: Hashable, Sendable {
    /// Said first; empty: the server speaks first.
    package var send: [UInt8]
    /// What has to be among the first 65,536 bytes of the answer.
    package var expect: Pattern?

    package init(send: [UInt8] = [], expect: Pattern? = nil) {
        self.send = send
        self.expect = expect
    }
}

/// How a check speaks TLS.
package struct TLSCheck: Hashable, Sendable {
    /// Who vouches for the server's certificate.
    package enum Authorities: Hashable, Sendable {
        /// Nobody has to.
        case none
        /// Those of the system.
        case system
        /// Those in this PEM file alone.
        case file(String)
    }

    /// Asked for (RFC 6066 3) and to be found in the certificate; absent: the host of an HTTP check, or the server's
    /// address, which then has to be in the certificate.
    package var name: String?
    package var authorities: Authorities
    /// The check's own certificate, with those that it needs to be believed, and its key: PEM files.
    package var certificate: String?
    package var key: String?
    /// How long before the end of the server's certificate the check warns, 0 to 365 days; 0: never.
    package var warnBefore: Duration

    package init(
        name: String? = nil, authorities: Authorities = .system, certificate: String? = nil, key: String? = nil,
        warnBefore: Duration = .seconds(14 * 86_400)
    ) {
        self.name = name
        self.authorities = authorities
        self.certificate = certificate
        self.key = key
        self.warnBefore = warnBefore
    }
}

extension CheckSettings {
    /// What a probe has to be over in.
    package var shortestInterval: Duration { min(interval, fastInterval ?? interval) }

    /// Whether somebody may say something of a server's weight.
    package var isAdvised: Bool {
        if case .script(let script) = kind, script.isDynamic { true } else { agent != nil }
    }
}

extension CheckSettings.Kind {
    /// What a server is asked over at a port; nil: it is not asked there.
    package var transport: TransportProtocol? {
        switch self {
        case .none, .ping, .script, .file: nil
        case .dns, .udp, .ntp, .radius: .udp
        case .tcp, .exchange, .tls, .http, .grpc, .redis, .session, .ldap, .postgresql, .mysql: .tcp
        case .sip(let check): check.transport == .udp ? .udp : .tcp
        }
    }

    /// Whether a server is asked over the network.
    package var asksServer: Bool { self == .ping || asksPort }

    /// Whether it is asked at a port.
    package var asksPort: Bool { transport != nil }

    /// Whether it is a question in a datagram whose answer can be told from silence, and so be asked the clients' way.
    package var asksInDataPath: Bool {
        switch self {
        case .dns, .ntp, .radius: true
        case .sip(let check): check.transport == .udp
        case .udp(let exchange): exchange.expect != nil
        default: false
        }
    }

    /// Whether it says or hears something over TCP.
    package var speaksOverTCP: Bool { transport == .tcp && self != .tcp }
}

extension TLSCheck {
    /// The files that it names, each once.
    package var files: Set<String> {
        var files = Set([certificate, key].compactMap(\.self))
        if case .file(let path) = authorities { files.insert(path) }
        return files
    }
}
