import Addresses
import Settings

extension Reading {
    /// A service's check: its own keys, then those of `defaults`, then the built-in ones.
    mutating func check(_ fields: Fields, _ shared: Shared, _ place: Place) -> CheckSettings {
        guard let own = take(fields["check"], place, { $0.check($1, under: shared.check) }) else {
            return shared.usualCheck
        }
        return shared.check.overridden(by: own).settings
    }

    /// A server's own, which takes nothing of its service's: its own keys, then those of `defaults`, then the built-in
    /// ones.
    mutating func ownCheck(_ node: Node, _ shared: Shared) -> CheckSettings? {
        guard let own = check(node, under: shared.check) else { return nil }
        guard own.kind != nil else {
            diagnosis.error(
                node.mark,
                "a server's own check takes nothing of its service's and names its kind: {http: /, port: 8080}")
            return nil
        }
        return shared.check.overridden(by: own).settings
    }

    /// - Parameter defaults: what the check is where it does not say; absent: `node` is that itself.
    mutating func check(_ node: Node, under defaults: CheckDraft? = nil) -> CheckDraft? {
        if case .scalar = node.content { return checkWord(node) }
        guard let fields = fields(node, Schema.check) else { return nil }
        var draft = CheckDraft()
        var isSound = kind(fields, &draft)
        for (key, node) in fields.all {
            guard let change = change(key, node, draft.kind ?? defaults?.kind) else {
                isSound = false
                continue
            }
            let option = CheckDraft.Option(key: key, mark: node.mark, apply: change)
            let other = draft.options.updateValue(option, forKey: Self.subject(of: key))
            if let other, CheckDraft.Kind(rawValue: key) == nil {
                diagnosis.error(node.mark, "\(other.key) and \(key) say the same; a check has one of them")
                isSound = false
            }
        }
        guard fits(draft, draft.kind ?? defaults.map { $0.kind ?? .tcp }), isSound else { return nil }
        guard mayGoOut(draft, under: defaults) else { return nil }
        return answers(draft, under: defaults) && isSecured(draft, under: defaults) ? draft : nil
    }

    /// What a key decides.
    private static func subject(of key: String) -> String {
        switch key {
        case "expect_regex": "expect"
        case "https": "http"
        case "grpcs": "grpc"
        default: key
        }
    }

    private mutating func checkWord(_ node: Node) -> CheckDraft? {
        let kinds = CheckDraft.Kind.allCases.map(\.rawValue)
        guard let text = text(node, "\(Words.alternatives(kinds)), or a mapping like {http: /, interval: 2s}") else {
            return nil
        }
        if let subject = CheckDraft.Kind(rawValue: text)?.subject {
            diagnosis.error(
                node.mark, "a check of \(text) needs \(subject.what)", suggestion: "{\(text): \(subject.example)}")
            return nil
        }
        if let kind = CheckDraft.Kind(rawValue: text) { return CheckDraft(kind: kind) }
        if case .elsewhere(let what) = Schema.check.key(text)?.state {
            diagnosis.error(node.mark, "\(text) is \(what)")
        } else {
            diagnosis.error(
                node.mark, "\(node.kind) is no check; it is \(Words.alternatives(kinds))",
                suggestion: Words.nearest(to: text, among: kinds))
        }
        return nil
    }

    /// At most one of the keys that are kinds.
    private mutating func kind(_ fields: Fields, _ draft: inout CheckDraft) -> Bool {
        let given = CheckDraft.Kind.allCases.filter { fields[$0.rawValue] != nil }
        draft.kind = given.first
        guard given.count > 1 else { return true }
        let names = given.map(\.rawValue).joined(separator: " and ")
        diagnosis.error(fields.mark, "a check is of one kind, and this one of \(names)")
        draft.kind = nil
        return false
    }

    /// Whether all its keys go with its kind; absent: the kind is not known yet.
    private mutating func fits(_ draft: CheckDraft, _ kind: CheckDraft.Kind?) -> Bool {
        guard let kind else { return true }
        var fits = true
        for option in draft.options.values.sorted(by: { $0.key < $1.key }) {
            let kinds = CheckDraft.Kind.having(option.key)
            guard !kinds.isEmpty, !kinds.contains(kind) else { continue }
            let names = Words.alternatives(kinds.map(\.rawValue))
            diagnosis.error(
                option.mark, "\(option.key) goes with a check of \(names), and this one is \(kind.rawValue)")
            fits = false
        }
        return fits
    }

    /// What one key of a check says.
    private mutating func change(
        _ key: String, _ node: Node, _ kind: CheckDraft.Kind?
    ) -> ((inout CheckDraft.Parts) -> Void)? {
        switch key {
        case "tcp", "tls", "none", "redis", "udp", "ntp", "ping", "mysql", "postgresql", "ldap", "radius", "sip",
            "smtp", "imap", "pop3", "ftp", "grpc", "grpcs":
            withoutValue(key, node)
        case "sni", "verify", "certificate", "key", "warn_before": tlsChange(key, node)
        case "dns", "type", "rcode", "answer": dnsChange(key, node)
        case "user" where kind == .script: userName(node).map { name in { $0.user = name } }
        case "service", "database", "base", "user", "auth", "secret", "reply", "role", "helo", "starttls":
            protocolChange(key, node)
        case "script": command(node, user: nil).map { command in { $0.script.words = command.words } }
        case "file": path(node).map { path in { $0.file.path = path } }
        case "newer_than":
            duration(node, .seconds(1) ... .seconds(365 * 86_400), key).map { time in { $0.file.newerThan = time } }
        case "dynamic": truth(node, key).map { isDynamic in { $0.script.isDynamic = isDynamic } }
        case "arguments":
            word(node, key, as: ScriptCheck.Arguments.self).map { arguments in { $0.script.arguments = arguments } }
        case "http", "https": webPath(node).map { path in { $0.http.path = path } }
        case "version": word(node, key, as: HTTPCheck.Version.self).map { version in { $0.http.version = version } }
        case "method": word(node, key, as: HTTPCheck.Method.self).map { method in { $0.http.method = method } }
        case "headers": headers(node).map { headers in { $0.http.headers = headers } }
        case "host", "status", "transport": sharedChange(key, node, kind)
        case "body": pattern(node, key).map { pattern in { $0.http.body.text = pattern } }
        case "body_regex": regex(node, key).map { pattern in { $0.http.body.regex = pattern } }
        case "json": condition(node).map { condition in { $0.http.body.json = condition } }
        case "sha256": digest(node).map { digest in { $0.http.body.sha256 = digest } }
        case "send": bytes(node, key).map { bytes in { $0.exchange.send = bytes } }
        case "expect": pattern(node, key).map { pattern in { $0.exchange.expect = pattern } }
        case "expect_regex": regex(node, key).map { pattern in { $0.exchange.expect = pattern } }
        case "interval":
            duration(node, .milliseconds(100) ... .seconds(3600), key).map { time in { $0.settings.interval = time } }
        case "fast_interval", "down_interval": intervalChange(key, node)
        case "timeout":
            duration(node, .milliseconds(10) ... .seconds(3600), key).map { time in { $0.timeout = time } }
        case "rise": number(node, 1...100, key).map { count in { $0.settings.rise = count } }
        case "fall": number(node, 1...100, key).map { count in { $0.settings.fall = count } }
        case "initial": word(node, key, as: InitialState.self).map { state in { $0.settings.initial = state } }
        case "agent": agent(node).map { agent in { $0.settings.agent = agent } }
        case "address": address(node, "the check").map { address in { $0.settings.address = address } }
        case "proxy": word(node, key, as: ProxyHeader.self).map { proxy in { $0.settings.proxy = proxy } }
        case "data_path": truth(node, key).map { isUsed in { $0.settings.usesDataPath = isUsed } }
        case "mark": number(node, 0...0xFFFF_FFFF, key).map { mark in { $0.settings.mark = UInt32(mark) } }
        case "jitter": percentage(node, key, 0...50).map { share in { $0.settings.jitter = share } }
        case "source": sources(node).map { sources in { $0.settings.sources = sources } }
        case "port": number(node, 1...65535, key).map { port in { $0.settings.port = UInt16(port) } }
        default: nil
        }
    }

    /// Of HTTP and SIP, whose answers are alike.
    private mutating func sharedChange(
        _ key: String, _ node: Node, _ kind: CheckDraft.Kind?
    ) -> ((inout CheckDraft.Parts) -> Void)? {
        switch key {
        case "host":
            host(node).map { host in
                { ($0.http.host, $0.sip.host) = (host, host) }
            }
        case "status":
            status(node, within: kind == .sip ? SIPCheck.statuses : 100...599).map { status in
                { ($0.http.status, $0.sip.status) = (status, status) }
            }
        default: word(node, key, as: SIPCheck.Transport.self).map { transport in { $0.sip.transport = transport } }
        }
    }

    private mutating func intervalChange(_ key: String, _ node: Node) -> ((inout CheckDraft.Parts) -> Void)? {
        duration(node, .milliseconds(100) ... .seconds(3600), key).map { time in
            { parts in
                if key == "fast_interval" { parts.settings.fastInterval = time }
                if key == "down_interval" { parts.settings.downInterval = time }
            }
        }
    }

    private mutating func withoutValue(_ key: String, _ node: Node) -> ((inout CheckDraft.Parts) -> Void)? {
        if node.isEmpty { return { _ in } }
        diagnosis.error(node.mark, "\(key) takes no value; write {\(key), interval: 2s}")
        return nil
    }
}

// MARK: What is said and expected

extension Reading {
    /// 1 to 1,023 bytes.
    mutating func bytes(_ node: Node, _ what: String) -> [UInt8]? {
        guard let text = text(node, "text, or hex: and digits, for \(what)") else { return nil }
        do {
            let bytes = try ByteText.parse(text)
            if (1..<Pattern.longest).contains(bytes.count) { return bytes }
            diagnosis.error(node.mark, "\(what) has \(bytes.count) bytes; it is 1 to 1,023")
        } catch {
            diagnosis.error(node.mark, "\(node.kind) cannot be read as \(what): \(error)")
        }
        return nil
    }

    mutating func pattern(_ node: Node, _ what: String) -> Pattern? { bytes(node, what).map { Pattern($0) } }

    mutating func regex(_ node: Node, _ what: String) -> Pattern? {
        guard let text = text(node, "a regular expression for \(what)") else { return nil }
        do {
            return try Pattern(regex: text)
        } catch {
            diagnosis.error(node.mark, "\(node.kind) is no regular expression for \(what): \(error)")
            return nil
        }
    }
}
