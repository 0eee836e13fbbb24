import Addresses
import Settings

/// What a check's mapping says, before defaults fill the rest.
struct CheckDraft {
    enum Kind: String, CaseIterable {
        case tcp, http, none
    }

    var kind: Kind?
    var path: String?
    var host: String?
    var status: [ClosedRange<Int>]?
    var interval: Duration?
    var timeout: Duration?
    var rise: Int?
    var fall: Int?
    var port: UInt16?

    /// Key by key, what `other` says goes before.
    func overridden(by other: CheckDraft) -> CheckDraft {
        CheckDraft(
            kind: other.kind ?? kind, path: other.path ?? path, host: other.host ?? host,
            status: other.status ?? status,
            interval: other.interval ?? interval, timeout: other.timeout ?? timeout, rise: other.rise ?? rise,
            fall: other.fall ?? fall, port: other.port ?? port)
    }

    var settings: CheckSettings {
        var settings = CheckSettings()
        switch kind ?? .tcp {
        case .none: settings.kind = .none
        case .tcp: settings.kind = .tcp
        case .http:
            var http = HTTPCheck(path: path ?? "/", host: host)
            http.status = status ?? http.status
            settings.kind = .http(http)
        }
        settings.interval = interval ?? settings.interval
        settings.timeout = timeout ?? min(settings.timeout, settings.interval)
        settings.rise = rise ?? settings.rise
        settings.fall = fall ?? settings.fall
        settings.port = port
        return settings
    }
}

extension Reading {
    /// A service's check: its own keys, then those of `defaults`, then the built-in ones.
    mutating func check(_ fields: Fields, _ shared: Shared, _ place: Place) -> CheckSettings {
        guard let own = take(fields["check"], place, { $0.check($1) }) else { return shared.check.settings }
        return shared.check.overridden(by: own).settings
    }

    mutating func check(_ node: Node) -> CheckDraft? {
        if case .scalar = node.content { return checkWord(node) }
        guard let fields = fields(node, Schema.check) else { return nil }
        var draft = CheckDraft()
        var isSound = kind(fields, &draft)
        func value<Value>(_ key: String, _ read: (Node) -> Value?) -> Value? {
            guard let node = fields[key] else { return nil }
            let value = read(node)
            if value == nil { isSound = false }
            return value
        }
        draft.host = value("host") { host($0) }
        draft.status = value("status") { status($0) }
        draft.interval = value("interval") { duration($0, .milliseconds(100) ... .seconds(3600), "interval") }
        draft.timeout = value("timeout") { duration($0, .milliseconds(10) ... .seconds(3600), "timeout") }
        draft.rise = value("rise") { number($0, 1...100, "rise") }
        draft.fall = value("fall") { number($0, 1...100, "fall") }
        draft.port = value("port") { number($0, 1...65535, "port") }.map { UInt16($0) }
        return isSound ? draft : nil
    }

    private mutating func checkWord(_ node: Node) -> CheckDraft? {
        guard let text = text(node, "tcp, none or a mapping like {http: /, interval: 2s}") else { return nil }
        switch text {
        case "tcp", "none": return CheckDraft(kind: CheckDraft.Kind(rawValue: text))
        case "http": return CheckDraft(kind: .http)
        default: break
        }
        if let key = Schema.check.key(text), !key.isBuilt {
            diagnosis.error(node.mark, "check \(text) is not built yet; use tcp, http or none")
        } else {
            diagnosis.error(
                node.mark, "\(node.kind) is no check; it is tcp, http or none",
                suggestion: Words.nearest(to: text, among: ["tcp", "http", "none"]))
        }
        return nil
    }

    /// At most one of the keys that are kinds.
    private mutating func kind(_ fields: Fields, _ draft: inout CheckDraft) -> Bool {
        let given = CheckDraft.Kind.allCases.filter { fields[$0.rawValue] != nil }
        guard let kind = given.first, let node = fields[kind.rawValue] else { return true }
        guard given.count == 1 else {
            let names = given.map(\.rawValue).joined(separator: " and ")
            diagnosis.error(fields.mark, "a check is of one kind, and this one of \(names)")
            return false
        }
        draft.kind = kind
        guard kind == .http else {
            if node.isEmpty { return true }
            diagnosis.error(node.mark, "\(kind.rawValue) takes no value; write {\(kind.rawValue), interval: 2s}")
            return false
        }
        guard let path = text(node, "a path like /healthz") else { return false }
        guard path.hasPrefix("/"), path.utf8.count <= 2048, path.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            diagnosis.error(node.mark, "\(node.kind) is no path that begins with / and has no blanks or umlauts in it")
            return false
        }
        draft.path = path
        return true
    }

    private mutating func host(_ node: Node) -> String? {
        guard let host = text(node, "a host name") else { return nil }
        guard host.utf8.count <= 255, host.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            diagnosis.error(node.mark, "\(node.kind) is no host name")
            return nil
        }
        return host
    }

    private mutating func status(_ node: Node) -> [ClosedRange<Int>]? {
        let nodes: [Node]
        if case .scalar = node.content {
            nodes = [node]
        } else {
            guard let found = list(node, "statuses like 200 or 200-299") else { return nil }
            nodes = found
        }
        let ranges = nodes.compactMap { statusRange($0) }
        return ranges.count == nodes.count && !ranges.isEmpty ? ranges : nil
    }

    private mutating func statusRange(_ node: Node) -> ClosedRange<Int>? {
        guard let text = text(node, "a status like 200 or 200-299") else { return nil }
        let bounds = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        guard (1...2).contains(bounds.count), bounds.allSatisfy((100...599).contains),
            bounds[0] <= bounds[bounds.count - 1]
        else {
            diagnosis.error(node.mark, "\(node.kind) is no status or range of statuses within 100 to 599")
            return nil
        }
        return bounds[0]...bounds[bounds.count - 1]
    }
}
