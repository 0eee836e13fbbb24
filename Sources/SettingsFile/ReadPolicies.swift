import Settings

/// What `quorum`, `hysteresis` and `too_few` say, of a service or of all.
struct QuorumDraft {
    enum Amount {
        /// Said in so many words: a service that does not want the defaults'.
        case nothing
        case servers(QuorumSettings.Amount)
    }

    var amount: Amount?
    var hysteresis: Int?
    var tooFew: TooFewPolicy?

    /// nil: there is none.
    func settings(under defaults: QuorumDraft) -> QuorumSettings? {
        guard case .servers(let amount)? = amount ?? defaults.amount else { return nil }
        return QuorumSettings(
            amount, hysteresis: hysteresis ?? defaults.hysteresis ?? 0,
            tooFew: tooFew ?? defaults.tooFew ?? .fallback)
    }
}

/// What `flap_damping` says; absent settings: none, in so many words.
struct DampingDraft {
    var settings: DampingSettings?
}

/// What `passive` says; absent settings: nobody looks on, in so many words.
struct PassiveDraft {
    var settings: PassiveSettings?
}

extension Reading {
    mutating func quorum(
        of fields: Fields, _ place: Place, _ what: @autoclosure () -> String, _ shared: QuorumDraft
    ) -> QuorumSettings? {
        func at(_ key: String) -> Place { Place(.services, place.index, key) }
        var draft = QuorumDraft()
        draft.amount = take(fields["quorum"], at("quorum")) { $0.amount($1) }
        draft.hysteresis = take(fields["hysteresis"], at("hysteresis")) { $0.number($1, 0...4095, "hysteresis") }
        draft.tooFew = take(fields["too_few"], at("too_few")) { $0.tooFew($1) }
        let settings = draft.settings(under: shared)
        if settings == nil, fields["quorum"] == nil, let node = fields["hysteresis"] ?? fields["too_few"] {
            diagnosis.error(node.mark, "\(what()) has no quorum that this could be about; give it one or leave it out")
        }
        return settings
    }

    mutating func quorumOfAll(_ fields: Fields) -> QuorumDraft {
        QuorumDraft(
            amount: fields["quorum"].flatMap { amount($0) },
            hysteresis: fields["hysteresis"].flatMap { number($0, 0...4095, "hysteresis") },
            tooFew: fields["too_few"].flatMap { tooFew($0) })
    }

    mutating func damping(_ node: Node) -> DampingDraft? {
        if case .scalar("none") = node.content { return DampingDraft() }
        guard let fields = fields(node, Schema.damping) else { return nil }
        var damping = DampingSettings()
        var isSound = true
        if let given = fields["falls"] {
            if let falls = number(given, 2...100, "falls") { damping.falls = falls } else { isSound = false }
        }
        let range = Duration.seconds(1) ... .seconds(86_400)
        if let given = fields["window"] {
            if let window = duration(given, range, "window") { damping.window = window } else { isSound = false }
        }
        if let given = fields["hold"] {
            if let hold = duration(given, range, "hold") { damping.hold = hold } else { isSound = false }
        }
        return isSound ? DampingDraft(settings: damping) : nil
    }

    mutating func passive(_ node: Node) -> PassiveDraft? {
        if case .scalar = node.content {
            return truth(node, "passive").map { PassiveDraft(settings: $0 ? PassiveSettings() : nil) }
        }
        guard let fields = fields(node, Schema.passive) else { return nil }
        var passive = PassiveSettings()
        var isSound = true
        if let given = fields["period"] {
            let period = duration(given, .seconds(5) ... .seconds(3600), "period")
            if let period { passive.period = period } else { isSound = false }
        }
        if let given = fields["connections"] {
            let connections = number(given, 1...1_000_000, "connections")
            if let connections { passive.connections = connections } else { isSound = false }
        }
        return isSound ? PassiveDraft(settings: passive) : nil
    }

    /// Of a service or of all; zero: none.
    mutating func slowStart(_ node: Node) -> Duration? {
        duration(node, .zero ... .seconds(3600), "slow_start")
    }

    private mutating func tooFew(_ node: Node) -> TooFewPolicy? {
        word(node, "too_few", as: TooFewPolicy.self)
    }

    private mutating func amount(_ node: Node) -> QuorumDraft.Amount? {
        guard let text = text(node, "a number of servers, or a percentage, for quorum") else { return nil }
        guard text.hasSuffix("%") else {
            return number(node, 0...4096, "quorum").map { $0 == 0 ? .nothing : .servers(.count($0)) }
        }
        let digits = text.dropLast()
        guard (1...3).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let percent = Int(digits), (1...100).contains(percent)
        else {
            diagnosis.error(node.mark, "\(node.kind) is no quorum; it is a number of servers, or 1% to 100% of them")
            return nil
        }
        return .servers(.percent(percent))
    }
}
