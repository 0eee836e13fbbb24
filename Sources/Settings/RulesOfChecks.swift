extension ServiceSettings {
    func checkViolations(at index: Int) -> [Violation] {
        let place = Place(.services, index, "check")
        var violations: [Violation] = []
        for fault in check.intervalFaults { violations.append(Violation(at: place, "service \(name): \(fault)")) }
        if let exchange = check.exchange, !exchange.send.isEmpty, exchange.expect == nil {
            violations.append(
                Violation(
                    at: place,
                    "service \(name): the check sends and expects nothing; say what has to come back with expect or "
                        + "expect_regex"))
        }
        if let tls = check.tls, tls.key != nil, tls.certificate == nil {
            violations.append(
                Violation(at: place, "service \(name): the check has a key and no certificate that it belongs to"))
        }
        if check.proxy != .none, !check.kind.speaksOverTCP {
            violations.append(
                Violation(
                    at: place,
                    "service \(name): proxy is said before a conversation over TCP, and the check has none; say what "
                        + "has to come back with expect, or leave proxy out"))
        }
        if check.kind == .ping, check.port != nil {
            violations.append(
                Violation(at: place, "service \(name): the check has a port, and ping asks at none; leave it out"))
        }
        if let fault = check.addressFault {
            violations.append(Violation(at: place, "service \(name): \(fault)"))
        }
        if let fault = check.kind.accountFault {
            violations.append(Violation(at: place, "service \(name): the check has \(fault)"))
        }
        return violations + dataPathViolations(at: index) + transportViolations(at: index)
    }

    /// Whether the check asks over the protocol that clients use.
    private func transportViolations(at index: Int) -> [Violation] {
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
                reason.severity, at: Place(.services, index, "check"), because: [Place(.services, index, "listen")],
                "service \(name) \(reason.text)")
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
