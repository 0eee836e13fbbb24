/// Of the checks that speak a server's own protocol. Of a secret the file's name alone.
extension RedisCheck {
    func write(to page: inout EntryPage) {
        page.add(".check.redis", listed)
        page.addAccount(user, password)
        if let role { page.add(".check.role", role.rawValue) }
    }
}

extension SessionCheck {
    func write(to page: inout EntryPage) {
        page.add(language.entry, listed)
        if let helo { page.add(".check.helo", helo.plain) }
        if tls != nil { page.add(".check.starttls", "true") }
    }
}

extension SessionCheck.Language {
    fileprivate var entry: StaticString {
        switch self {
        case .smtp: ".check.smtp"
        case .imap: ".check.imap"
        case .pop3: ".check.pop3"
        case .ftp: ".check.ftp"
        }
    }
}

extension MySQLCheck {
    func write(to page: inout EntryPage) {
        page.add(".check.mysql", listed)
        page.addAccount(user, password)
        if tls != nil { page.add(".check.starttls", "true") }
    }
}

extension PostgreSQLCheck {
    func write(to page: inout EntryPage) {
        page.add(".check.postgresql", listed)
        page.addAccount(user, password)
        if let database { page.add(".check.database", database.plain) }
        if tls != nil { page.add(".check.starttls", "true") }
    }
}

extension GRPCCheck {
    func write(to page: inout EntryPage) {
        page.add(tls == nil ? ".check.grpc" : ".check.grpcs", listed)
        if let service { page.add(".check.service", service.plain) }
        if let host { page.add(".check.host", host.plain) }
    }
}

extension LDAPCheck {
    func write(to page: inout EntryPage) {
        page.add(".check.ldap", listed)
        page.addAccount(user, password)
        if let base { page.add(".check.base", base.plain) }
    }
}

extension RADIUSCheck {
    func write(to page: inout EntryPage) {
        page.add(".check.radius", listed)
        if let secret { page.add(".check.secret.file", secret.path.plain) }
        page.addAccount(user, password)
        if reply != .accept { page.add(".check.reply", reply.rawValue) }
    }
}

extension SIPCheck {
    func write(to page: inout EntryPage) {
        page.add(".check.sip", listed)
        page.add(".check.transport", transport.rawValue)
        page.addStatus(status)
        if let host { page.add(".check.host", host.plain) }
    }
}

extension EntryPage {
    mutating func addStatus(_ status: [ClosedRange<Int>]) {
        add(".check.status", status.map { "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: ", "))
    }

    fileprivate mutating func addAccount(_ user: String?, _ secret: SecretFile?) {
        if let user { add(".check.user", user.plain) }
        if let secret { add(".check.auth.file", secret.path.plain) }
    }
}
