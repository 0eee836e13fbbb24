import Settings

/// What checks say that speak a server's own protocol.
extension Reading {
    mutating func protocolChange(_ key: String, _ node: Node) -> ((inout CheckDraft.Parts) -> Void)? {
        switch key {
        case "service": account(node, "service").map { name in { $0.service = name } }
        case "database": account(node, "database").map { name in { $0.database = name } }
        case "base": account(node, "entry").map { name in { $0.base = name } }
        case "user": account(node, "user").map { user in { $0.user = user } }
        case "auth": secret(node, key).map { file in { $0.password = file } }
        case "secret": secret(node, key).map { file in { $0.secret = file } }
        case "reply": word(node, key, as: RADIUSCheck.Reply.self).map { reply in { $0.reply = reply } }
        case "role": word(node, key, as: RedisCheck.Role.self).map { role in { $0.redisRole = role } }
        case "helo": serverName(node, key).map { name in { $0.helo = name } }
        case "starttls": truth(node, key).map { startsTLS in { $0.startsTLS = startsTLS } }
        default: nil
        }
    }

    /// Whether a check that says something of TLS also wants it.
    mutating func isSecured(_ draft: CheckDraft, under defaults: CheckDraft?) -> Bool {
        let whole = defaults?.overridden(by: draft) ?? draft
        guard whole.kind?.options.contains("starttls") == true, !whole.parts.startsTLS else { return true }
        let idle = draft.options.values.filter { CheckDraft.Kind.ofTLS.contains($0.key) }
        for option in idle.sorted(by: { $0.key < $1.key }) {
            diagnosis.error(option.mark, "\(option.key) is of TLS, which this check speaks with starttls: true alone")
        }
        return idle.isEmpty
    }

    /// Nothing that ends a text within a protocol.
    private mutating func account(_ node: Node, _ what: String) -> String? {
        guard let name = text(node, "a \(what)'s name") else { return nil }
        if (1...255).contains(name.utf8.count), name.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) { return name }
        diagnosis.error(node.mark, "\(node.kind) is no \(what)'s name: 1 to 255 bytes without control characters")
        return nil
    }

    /// A secret stands in a file of its own, never in this one, which is shown.
    private mutating func secret(_ node: Node, _ key: String) -> SecretFile? {
        guard case .mapping = node.content else {
            diagnosis.error(node.mark, "\(key) names a file that holds it; no secret stands here: {file: /path}")
            return nil
        }
        return secretFile(node, of: key)
    }

    /// A mapping with a file.
    mutating func secretFile(_ node: Node, of what: String) -> SecretFile? {
        guard let fields = fields(node, Schema.secret), let file = required(fields, "file", of: what) else {
            return nil
        }
        return path(file).map { SecretFile($0) }
    }
}
