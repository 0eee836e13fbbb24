/// One check of a service: its own, or that of one of its servers.
struct CheckUse {
    let check: CheckSettings
    let place: Place
    let service: String
    /// Whose it is, with the word for that; absent: all servers' that have none of their own.
    var owner: (noun: String, server: ServerSettings)?

    /// `service web`, or `service web (server 10.0.0.1:80)`.
    var what: String { "service \(service)" + (owner.map { " (\($0.noun) \($0.server.text))" } ?? "") }
}

extension ServiceSettings {
    /// The service's own check first, unless it has servers and none that is looked at by it.
    func checkUses(at index: Int) -> [CheckUse] {
        let common = CheckUse(check: check, place: Place(.services, index, "check"), service: name)
        let all = everyServer
        guard all.contains(where: \.hasOwnCheck) else { return [common] }
        var uses = all.allSatisfy(\.hasOwnCheck) ? [] : [common]
        for (element, server) in all.enumerated() {
            guard let check = server.check else { continue }
            let isFallback = element == servers.count
            let place = isFallback ? Place(.services, index, "fallback") : Place(.services, index, "servers", element)
            let owner = (isFallback ? "fallback" : "server", server)
            uses.append(CheckUse(check: check, place: place, service: name, owner: owner))
        }
        return uses
    }

    /// Who is looked at by it.
    func servers(of use: CheckUse) -> [ServerSettings] {
        if let owner = use.owner { [owner.server] } else { everyServer.filter { !$0.hasOwnCheck } }
    }

    func checkViolations(of use: CheckUse, at index: Int) -> [Violation] {
        let check = use.check
        var violations: [Violation] = []
        func refuse(_ fault: String) { violations.append(Violation(at: use.place, "\(use.what): \(fault)")) }
        for fault in check.intervalFaults { refuse(fault) }
        if let exchange = check.exchange, !exchange.send.isEmpty, exchange.expect == nil {
            refuse("the check sends and expects nothing; say what has to come back with expect or expect_regex")
        }
        if let tls = check.tls, tls.key != nil, tls.certificate == nil {
            refuse("the check has a key and no certificate that it belongs to")
        }
        if check.proxy != .none, !check.kind.speaksOverTCP {
            refuse(
                "proxy is said before a conversation over TCP, and the check has none; say what has to come back with "
                    + "expect, or leave proxy out")
        }
        if check.kind == .ping, check.port != nil {
            refuse("the check has a port, and ping asks at none; leave it out")
        }
        if let fault = check.addressFault { refuse(fault) }
        if let fault = check.kind.accountFault { refuse("the check has \(fault)") }
        violations.add(dataPathViolations(of: use, at: index))
        violations.add(transportViolations(of: use, at: index))
        return violations
    }

    /// Whether the check asks over the protocol that clients use.
    private func transportViolations(of use: CheckUse, at index: Int) -> [Violation] {
        let check = use.check
        let transports = listens.compactMap(\.transport)
        let other = transports.first { $0 != .tcp }
        let reason: (severity: Problem.Severity, text: String)
        switch (check.kind.transport, check.kind) {
        case (_, .http):
            guard let other else { return [] }
            let words = other == .udp ? "dns, udp, tcp or none" : "tcp or none"
            reason = (.error, "listens on \(other.rawValue):// and is checked by http, which is tcp; use \(words)")
        case (.tcp, _):
            guard check.port == nil, let other else { return [] }
            reason = (
                .warning,
                "listens on \(other.rawValue):// and is checked by tcp; servers that answer \(other.rawValue) only are "
                    + "down"
            )
        case (.udp, _):
            guard check.port == nil, !transports.isEmpty, !transports.contains(.udp) else { return [] }
            reason = (
                .warning,
                "is checked by \(check.kind.name) over udp and does not listen on it; servers that answer tcp only "
                    + "are down"
            )
        case (.sctp, _), (nil, _): return []
        }
        return [
            Violation(
                reason.severity, at: use.place, because: [Place(.services, index, "listen")],
                "\(use.what) \(reason.text)")
        ]
    }
}

extension CheckSettings.Kind {
    /// What it has of a user without the rest.
    fileprivate var accountFault: String? {
        switch self {
        case .redis(let redis): redis.user != nil && redis.password == nil ? "a user and no auth" : nil
        case .ldap(let ldap): Self.loginFault(ldap.user, ldap.password)
        case .mysql(let mysql): mysql.user == nil && mysql.password != nil ? "an auth and no user" : nil
        case .postgresql(let check): check.user == nil && check.password != nil ? "an auth and no user" : nil
        case .radius(let radius): radius.fault ?? Self.loginFault(radius.user, radius.password)
        default: nil
        }
    }

    private static func loginFault(_ user: String?, _ password: SecretFile?) -> String? {
        guard (user == nil) != (password == nil) else { return nil }
        return user == nil ? "an auth and no user" : "a user and no auth"
    }

    /// Of those that speak UDP.
    fileprivate var name: String {
        switch self {
        case .dns: "dns"
        case .ntp: "ntp"
        case .radius: "radius"
        case .sip: "sip"
        default: "udp"
        }
    }
}

extension RADIUSCheck {
    fileprivate var fault: String? {
        if secret == nil { return "no secret, without which no RADIUS server answers" }
        if let length = user?.utf8.count, length > Self.longestUser {
            return "a user of \(length) bytes, and RADIUS takes \(Self.longestUser)"
        }
        return reply != .accept && user == nil ? "a reply and no user whom it would be about" : nil
    }
}

extension CheckSettings {
    fileprivate var intervalFaults: [String] {
        let interval = DurationText.print(interval)
        var faults: [String] = []
        if let fastInterval, fastInterval > self.interval {
            faults.append("fast_interval \(DurationText.print(fastInterval)) is longer than the interval \(interval)")
        }
        if let downInterval, downInterval < self.interval {
            faults.append("down_interval \(DurationText.print(downInterval)) is shorter than the interval \(interval)")
        }
        if timeout > shortestInterval {
            let name = shortestInterval == self.interval ? "the interval" : "fast_interval"
            faults.append(
                "timeout \(DurationText.print(timeout)) is longer than \(name) \(DurationText.print(shortestInterval))")
        }
        return faults
    }

    fileprivate var addressFault: String? {
        guard let address else { return nil }
        guard kind.asksServer else { return "the check has an address and asks no server; leave it out" }
        return address.unusable.map { "the check's address \(address) is \($0)" }
    }

    fileprivate var exchange: Exchange? {
        switch kind {
        case .exchange(let exchange), .tls(_, let exchange): exchange
        default: nil
        }
    }

    /// Absent: it speaks none.
    package var tls: TLSCheck? {
        switch kind {
        case .tls(let tls, _): tls
        case .http(let http): http.tls
        case .grpc(let grpc): grpc.tls
        case .session(let session): session.tls
        case .mysql(let mysql): mysql.tls
        case .postgresql(let postgresql): postgresql.tls
        default: nil
        }
    }
}
