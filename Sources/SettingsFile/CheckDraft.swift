import Settings

/// What a check's mapping says, before defaults fill the rest.
struct CheckDraft {
    /// The kinds of check, by the key that names each.
    enum Kind: String, CaseIterable {
        case tcp, tls, http, https, grpc, grpcs, dns
        case redis, smtp, imap, pop3, ftp, udp, ntp, ping, mysql, postgresql, ldap, radius, sip
        case script, file, none

        /// The keys that do not go with every kind: those that go with this one.
        var options: [String] {
            switch self {
            case .none: []
            case .tcp: ["send", "expect", "expect_regex"]
            case .tls: ["send", "expect", "expect_regex"] + Self.ofTLS
            case .http: ["version", "method", "headers", "host", "status", "body", "body_regex", "json", "sha256"]
            case .grpc: ["service", "host"]
            case .grpcs: Kind.grpc.options + Self.ofTLS
            case .dns: ["type", "rcode", "answer"]
            case .redis: ["user", "auth", "role"]
            case .smtp: ["helo", "starttls"] + Self.ofTLS
            case .imap, .pop3, .ftp: ["starttls"] + Self.ofTLS
            case .udp: ["send", "expect", "expect_regex"]
            case .ntp, .ping: []
            case .mysql: ["user", "auth", "starttls"] + Self.ofTLS
            case .postgresql: ["user", "auth", "database", "starttls"] + Self.ofTLS
            case .ldap: ["user", "auth", "base"]
            case .sip: ["transport", "status", "host"]
            case .radius: ["user", "auth", "secret", "reply"]
            case .script: ["user", "arguments", "dynamic"]
            case .file: ["newer_than"]
            case .https: Kind.http.options + Self.ofTLS
            }
        }

        /// What stands behind the key, where there is no check without it: what it is, and an example.
        var subject: (what: String, example: String)? {
            switch self {
            case .dns: ("a name to ask for", "shop.example")
            case .script: ("a command to run", "/usr/local/bin/check-shop")
            case .file: ("a path to look at", "/run/shop/up")
            default: nil
            }
        }

        static let ofTLS = ["sni", "verify", "certificate", "key", "warn_before"]

        static func having(_ option: String) -> [Kind] { allCases.filter { $0.options.contains(option) } }
    }

    /// All that checks can say, of whatever kind.
    struct Parts {
        var settings = CheckSettings()
        var timeout: Duration?
        var exchange = Exchange()
        var http = HTTPCheck()
        var sip = SIPCheck()
        var service: String?
        var tls = TLSCheck()
        var dns = DNSDraft()
        var user: String?
        var password: SecretFile?
        var secret: SecretFile?
        var reply = RADIUSCheck.Reply.accept
        var helo: String?
        var startsTLS = false
        var database: String?
        var base: String?
        var redisRole: RedisCheck.Role?
        var script = ScriptCheck()
        var file = FileCheck()
    }

    /// What one key says.
    struct Option {
        var key: String
        var mark: Mark
        var apply: (inout Parts) -> Void
    }

    var kind: Kind?
    /// By what they decide: two keys can decide the same.
    var options: [String: Option] = [:]

    /// Key by key, what `other` says goes before.
    func overridden(by other: CheckDraft) -> CheckDraft {
        CheckDraft(kind: other.kind ?? kind, options: options.merging(other.options) { _, newer in newer })
    }

    var parts: Parts {
        var parts = Parts()
        for option in options.values { option.apply(&parts) }
        return parts
    }

    var settings: CheckSettings {
        let parts = parts
        var settings = parts.settings
        settings.kind = parts.check(kind ?? .tcp)
        settings.timeout = parts.timeout ?? min(settings.timeout, settings.shortestInterval)
        return settings
    }
}
