import Addresses
import Agreement
import NIOCore
import Settings

/// The checker's state: which probes there are and when each runs. Lives on one event loop.
final class Rounds {
    private let loop: any EventLoop
    private let limit: Int
    private let now: @Sendable () -> Instant
    private let onVerdict: @Sendable (VerdictChange) -> Void

    private var probes: [Probe.Identity: Probe] = [:]
    private var running = 0
    /// Due, but there are `limit` running already; first come, first served.
    private var waiting = CircularBuffer<Probe>()
    private var hasClock = false
    private(set) var isRunning = true

    init(
        on loop: any EventLoop, inFlight limit: Int, now: @escaping @Sendable () -> Instant,
        onVerdict: @escaping @Sendable (VerdictChange) -> Void
    ) {
        self.loop = loop
        self.limit = limit
        self.now = now
        self.onVerdict = onVerdict
    }

    /// True once.
    func startsClock() -> Bool {
        defer { hasClock = true }
        return !hasClock
    }

    func stop() {
        isRunning = false
        probes.values.forEach(retire)
        probes = [:]
    }

    func snapshot() -> [ServerKey: CheckView] {
        var views: [ServerKey: CheckView] = [:]
        for probe in probes.values {
            let view = CheckView(view: probe.tally.view, newest: probe.tally.newest, checkedAt: probe.checkedAt)
            for server in probe.servers { views[server] = view }
        }
        return views
    }

    // MARK: Which probes there are

    func adopt(_ settings: [ProbeSettings]) {
        guard isRunning else { return }
        let known = views()
        let old = probes
        probes = [:]
        for probe in old.values { probe.servers = [] }
        var added: [Probe] = []
        for setting in settings {
            let identity = Probe.Identity(target: setting.target, check: setting.check)
            let probe = probes[identity] ?? old[identity] ?? Probe(identity, adoptedAt: now())
            if probes.updateValue(probe, forKey: identity) == nil, old[identity] == nil { added.append(probe) }
            probe.servers.append(setting.server)
            if let view = known[setting.server] { probe.tally.inherit(view) }
        }
        old.values.filter { $0.servers.isEmpty }.forEach(retire)
        for (turn, probe) in added.enumerated() { begin(probe, turn: turn) }
        tellWhatChanged(since: known)
    }

    private func views() -> [ServerKey: View] {
        var views: [ServerKey: View] = [:]
        for probe in probes.values {
            guard let view = probe.tally.view else { continue }
            for server in probe.servers { views[server] = view }
        }
        return views
    }

    private func begin(_ probe: Probe, turn: Int) {
        if case .none = probe.identity.check.kind {
            probe.tally.exempt(now: now())
        } else {
            schedule(probe, at: probe.firstStart(turn: turn))
        }
    }

    private func tellWhatChanged(since known: [ServerKey: View]) {
        for probe in probes.values {
            guard let view = probe.tally.view else { continue }
            for server in probe.servers where known[server]?.verdict != view.verdict {
                let previous = known[server]?.verdict
                onVerdict(VerdictChange(server: server, verdict: view.verdict, previous: previous, at: now()))
            }
        }
    }

    private func retire(_ probe: Probe) {
        probe.isRetired = true
        probe.alarm?.cancel()
    }

    // MARK: When each runs

    private func schedule(_ probe: Probe, at start: Instant) {
        let delay = max(start - now(), .zero)
        probe.alarm = loop.assumeIsolated().scheduleTask(in: .nanoseconds(delay.nanoseconds)) { [weak self] in
            self?.isDue(probe)
        }
    }

    private func isDue(_ probe: Probe) {
        guard !probe.isRetired else { return }
        guard running < limit else {
            waiting.append(probe)
            return
        }
        run(probe)
    }

    private func run(_ probe: Probe) {
        running += 1
        let start = now()
        Conversation.begin(probe.identity, on: loop) { [weak self] outcome in
            self?.ended(probe, outcome, start: start)
        }
    }

    private func ended(_ probe: Probe, _ outcome: Outcome, start: Instant) {
        running -= 1
        if !probe.isRetired {
            take(outcome, of: probe)
            schedule(probe, at: probe.start(after: start))
        }
        startNext()
    }

    private func take(_ outcome: Outcome, of probe: Probe) {
        let at = now()
        let previous = probe.tally.view?.verdict
        probe.checkedAt = at
        guard let verdict = probe.tally.observe(outcome, now: at) else { return }
        for server in probe.servers {
            onVerdict(VerdictChange(server: server, verdict: verdict, previous: previous, at: at))
        }
    }

    private func startNext() {
        while running < limit, let probe = waiting.popFirst() {
            if !probe.isRetired { run(probe) }
        }
    }
}
