import Settings

extension CheckDraft.Parts {
    /// What a check of that kind is, made of what its keys say.
    func check(_ kind: CheckDraft.Kind) -> CheckSettings.Kind {
        switch kind {
        case .none: .none
        case .tcp: exchange == Exchange() ? .tcp : .exchange(exchange)
        case .tls: .tls(tls, exchange)
        case .http: .http(http)
        case .https: .http(http.within(tls))
        case .grpc: .grpc(GRPCCheck(service: service, host: http.host))
        case .grpcs: .grpc(GRPCCheck(service: service, host: http.host, tls: tls))
        case .dns: .dns(dns.check)
        case .redis: .redis(RedisCheck(user: user, password: password, role: redisRole))
        case .udp: .udp(exchange)
        case .ntp: .ntp
        case .ping: .ping
        case .mysql: .mysql(MySQLCheck(user: user, password: password, tls: startsTLS ? tls : nil))
        case .postgresql:
            .postgresql(
                PostgreSQLCheck(user: user, password: password, database: database, tls: startsTLS ? tls : nil))
        case .script: .script(script(by: user))
        case .file: .file(file)
        case .ldap: .ldap(LDAPCheck(user: user, password: password, base: base))
        case .radius: .radius(RADIUSCheck(secret: secret, user: user, password: password, reply: reply))
        case .sip: .sip(sip)
        case .smtp: .session(SessionCheck(.smtp, helo: helo, tls: startsTLS ? tls : nil))
        case .imap: .session(SessionCheck(.imap, tls: startsTLS ? tls : nil))
        case .pop3: .session(SessionCheck(.pop3, tls: startsTLS ? tls : nil))
        case .ftp: .session(SessionCheck(.ftp, tls: startsTLS ? tls : nil))
        }
    }
}

extension CheckDraft.Parts {
    private func script(by user: String?) -> ScriptCheck {
        var script = script
        if let user { script.user = user }
        return script
    }
}

extension HTTPCheck {
    fileprivate func within(_ tls: TLSCheck) -> HTTPCheck {
        var check = self
        check.tls = tls
        return check
    }
}
