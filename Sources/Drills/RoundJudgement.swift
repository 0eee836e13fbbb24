extension Round {
    /// The rules that this round broke; empty: it passes.
    package func judged(_ expects: Expectation) -> [BrokenRule] {
        [
            roleRules(expects), silenceRules(expects), wireRules(expects), probeRules(expects), alarmRules(expects),
            settlingRules,
        ].flatMap(\.self)
    }

    /// Who is active, and how often that changed.
    private func roleRules(_ expects: Expectation) -> [BrokenRule] {
        let claims = roles.count { $0.to == "claiming" }
        guard expects.moves else {
            let changes = roles.filter { !expects.holderRestarts || $0.director != holder }
            let disturbance = changes.first.map { moment in
                "\(moment.director ?? "?") became \(moment.to ?? "?") (\(moment.reason ?? "no reason")) after "
                    + LoadReport.milliseconds(moment.atMS)
            }
            let wrong = holderAfter == holder ? nil : "\(holderAfter ?? "nobody") is active at the end, not \(holder)"
            return [disturbance, wrong].compactMap(\.self).prefix(1).map {
                BrokenRule(rule: expects.rule, sentence: $0)
            }
        }
        guard holderAfter == other, takeover != nil else {
            let who = holderAfter.map { "\($0) is active" } ?? "nobody is active"
            return [BrokenRule(rule: expects.rule, sentence: "\(other) did not take over: \(who) at the end")]
        }
        guard claims == 1 else {
            return [BrokenRule(rule: expects.rule, sentence: "the group was claimed \(claims) times, not once")]
        }
        return []
    }

    /// Rule 3: neither too early nor too late.
    private func silenceRules(_ expects: Expectation) -> [BrokenRule] {
        guard let takeover else { return [] }
        var broken: [BrokenRule] = []
        let patience = expects.patience + latenessMS
        let upTo = expects.silence.map { max($0.upperBound, patience) }
        if let least = expects.silence?.lowerBound, let upTo, let silence = takeover.silenceMS,
            !(least...upTo).contains(silence)
        {
            broken.append(
                BrokenRule(
                    rule: 3,
                    sentence: "\(other) took over after \(LoadReport.milliseconds(silence)) of silence, "
                        + "not after \(LoadReport.milliseconds(least)) to \(LoadReport.milliseconds(upTo))"))
        }
        if expects.silence != nil, takeover.silenceMS == nil {
            broken.append(BrokenRule(rule: 3, sentence: "\(other) took over from a director that it never heard"))
        }
        guard let limit = expects.answered.map({ max($0, patience) }), let silence = takeover.silenceMS else {
            return broken
        }
        let lastHeard = takeover.atMS - silence
        for outage in outages {
            guard outage.lost > 0, let answered = outage.answeredMS else { continue }
            let took = answered - lastHeard
            guard took > limit else { continue }
            broken.append(
                BrokenRule(
                    rule: 3,
                    sentence: "\(outage.address) answered \(LoadReport.milliseconds(took)) after the last heartbeat, "
                        + "\(LoadReport.milliseconds(limit)) allowed"))
        }
        return broken
    }

    /// Rules 4 and 5: how long two directors have an address on the wire.
    private func wireRules(_ expects: Expectation) -> [BrokenRule] {
        var broken: [BrokenRule] = []
        let end = endMS ?? .infinity
        let during = bothMS(from: 0, to: end)
        if let allowed = expects.both, during > allowed { broken.append(Self.twoActives(during, allowed, "")) }
        let after = bothMS(from: end, to: .infinity)
        if after > expects.bothAfter { broken.append(Self.twoActives(after, expects.bothAfter, " after the end")) }
        if let allowed = expects.alone, aloneMS.map({ $0 > allowed }) ?? true {
            let when = aloneMS.map { "only after \(LoadReport.milliseconds($0))" } ?? "never"
            broken.append(
                BrokenRule(
                    rule: 5,
                    sentence: "\(other) was \(when) alone on the wire, \(LoadReport.milliseconds(allowed)) allowed"))
        }
        return broken
    }

    private static func twoActives(_ time: Double, _ allowed: Double, _ when: String) -> BrokenRule {
        BrokenRule(
            rule: 4,
            sentence: "two actives for \(LoadReport.milliseconds(time))\(when), "
                + "\(LoadReport.milliseconds(allowed)) allowed")
    }

    /// What a client sees.
    private func probeRules(_ expects: Expectation) -> [BrokenRule] {
        guard !expects.ignoresProbes else { return [] }
        return outages.compactMap { outage in
            if outage.lost > 0, outage.answeredMS == nil {
                return BrokenRule(rule: expects.rule, sentence: "\(outage.address) never answered again")
            }
            if expects.losesNothing, outage.lost > 0 {
                return BrokenRule(rule: expects.rule, sentence: "\(outage.address) lost \(outage.lost) probes")
            }
            guard let limit = expects.outage, let longest = outage.longestMS, longest > limit else { return nil }
            return BrokenRule(
                rule: expects.rule,
                sentence: "\(outage.address) was silent for \(LoadReport.milliseconds(longest)), "
                    + "\(LoadReport.milliseconds(limit)) allowed")
        }
    }

    /// Rule 11.
    private func alarmRules(_ expects: Expectation) -> [BrokenRule] {
        guard let limit = expects.alarm else { return [] }
        let alarm = timeline.first { $0.kind == .alarm && $0.director == holder && $0.atMS >= 0 }
        guard let alarm else { return [BrokenRule(rule: 11, sentence: "\(holder) noticed no foreign claim")] }
        guard alarm.atMS > limit else { return [] }
        return [
            BrokenRule(
                rule: 11,
                sentence: "\(holder) noticed the foreign claim after \(LoadReport.milliseconds(alarm.atMS)), "
                    + "\(LoadReport.milliseconds(limit)) allowed")
        ]
    }

    /// A pair that is not one again after a drill has broken rule 4, whatever the drill was.
    private var settlingRules: [BrokenRule] {
        guard !timeline.contains(where: { $0.kind == .settled }) else { return [] }
        return [BrokenRule(rule: 4, sentence: "the pair was not one again after the drill")]
    }
}
