package import Addresses
package import Agreement
package import Dialogues
package import Settings

/// One run of a probe that has ended.
package struct CheckResult: Hashable, Sendable {
    /// When it began.
    package var start: Instant
    package var outcome: Outcome
    /// Small, because of thousands of probes some are kept.
    private var microseconds: UInt32
    /// By the microsecond, up to an hour.
    package var took: Duration { .microseconds(Int64(microseconds)) }

    package init(start: Instant, took: Duration, outcome: Outcome) {
        self.start = start
        self.outcome = outcome
        microseconds = UInt32(clamping: took.nanoseconds / 1000)
    }
}

/// What the checks of one server have shown lately.
package struct CheckHistory: Sendable {
    package var server: ServerKey
    package var target: Endpoint
    package var check: CheckSettings
    /// Absent until the first result.
    package var view: View?
    /// Results in a row that contradict the verdict.
    package var streak: Int
    /// When it is asked next; in the past while it is being asked.
    package var due: Instant
    /// The oldest first, `Probe.mostResults` at the most.
    package var results: [CheckResult]
}

/// One run of a check that counts for nothing: what came of it, and what was said.
package struct CheckTrial: Sendable {
    package var server: ServerKey
    package var target: Endpoint
    package var result: CheckResult
    package var lines: [Transcript.Line]
}

extension Rounds {
    /// Of those servers that are checked, in the order of the question.
    func histories(of servers: [ServerKey]) -> [CheckHistory] {
        let asked = Set(servers)
        var found: [ServerKey: CheckHistory] = [:]
        for probe in probes.values where !probe.identity.isAgent {
            for server in probe.servers where asked.contains(server) {
                found[server] = CheckHistory(
                    server: server, target: probe.identity.target, check: probe.identity.check,
                    view: probe.tally.view, streak: probe.tally.streak, due: probe.due, results: probe.results)
            }
        }
        return servers.compactMap { found[$0] }
    }

    /// Runs a server's check once, beside all others, and calls `done` with what came of it; nil: it has no check.
    func tryOnce(_ server: ServerKey, done: @escaping (CheckTrial?) -> Void) {
        let probe = probes.values.first { !$0.identity.isAgent && $0.servers.contains(server) }
        guard let identity = probe?.identity, identity.check.kind != .none else { return done(nil) }
        let start = now()
        let transcript = Transcript(hidesOwnWords: identity.check.holdsSecret, now: now)
        look(identity, transcript) { [now] outcome in
            let result = CheckResult(start: start, took: now() - start, outcome: outcome)
            done(CheckTrial(server: server, target: identity.target, result: result, lines: transcript.lines))
        }
    }
}
