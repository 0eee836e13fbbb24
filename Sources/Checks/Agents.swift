import Agreement
import NIOCore
import Settings

/// What the servers' agents say, and the scripts of checks that may. One that cannot be reached, or says nothing that
/// can be read, changes nothing. Lives on the checker's event loop.
final class Agents {
    private let loop: any EventLoop
    private let tell: @Sendable ([AdviceChange]) -> Void
    /// What was told last of each server for which somebody spoke.
    private(set) var told: [ServerKey: Advice] = [:]
    /// Not told yet.
    private var changes: [AdviceChange] = []

    init(on loop: any EventLoop, tell: @escaping @Sendable ([AdviceChange]) -> Void) {
        self.loop = loop
        self.tell = tell
    }

    /// A server whose agent is now asked in another way keeps its advice until the new one speaks; one that has no
    /// agent any more has none.
    func adopt(_ probes: [Probe]) {
        var kept: [ServerKey: Advice] = [:]
        for probe in probes {
            for server in probe.servers {
                let before = told[server] ?? Advice()
                let own = probe.identity.isAgent ? before.ofAgent : before.ofScript
                if probe.advice == Advice() { probe.advice = own }
                kept[server, default: Advice()].take(own == Advice() ? probe.advice : own)
            }
        }
        for server in Set(told.keys).union(kept.keys) { note(kept[server] ?? Advice(), of: server) }
    }

    func take(_ outcome: Outcome, of probe: Probe) {
        guard case .advised(let said) = outcome else { return }
        probe.advice.take(said)
        for server in probe.servers {
            var advice = told[server] ?? Advice()
            advice.take(probe.advice)
            note(advice, of: server)
        }
    }

    private func note(_ advice: Advice, of server: ServerKey) {
        let previous = told[server] ?? Advice()
        guard advice != previous else { return }
        told[server] = advice == Advice() ? nil : advice
        if changes.isEmpty { loop.assumeIsolated().execute { [weak self] in self?.say() } }
        changes.append(AdviceChange(server: server, advice: advice, previous: previous))
    }

    /// Many at once are one message, as with verdicts.
    private func say() {
        var said: [AdviceChange] = []
        swap(&said, &changes)
        tell(said)
    }
}
