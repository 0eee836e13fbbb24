import Addresses
import Agreement
import NIOCore
import Settings

/// The checker's state: which probes there are and when each runs. Lives on one event loop.
final class Rounds {
    /// How exactly probes keep their slots.
    private static var tick: Duration { .milliseconds(5) }
    /// How many probes begin in one turn of the loop, and how long others have it then: who asks for the status must
    /// not wait for thousands of connections.
    private static let share = 128
    private static var pause: Duration { .milliseconds(1) }

    let loop: any EventLoop
    private let limit: Int
    private let rhythm: Rhythm
    let now: @Sendable () -> Instant
    private let onVerdicts: @Sendable ([VerdictChange]) -> Void

    private let agents: Agents
    let ways: Ways
    let dataPaths: DataPathProbes
    private var wheel: TimingWheel<Probe>
    private var alarm: (at: Instant, task: Scheduled<Void>)?
    /// Taken from the wheel, and about to run.
    private var due: [Probe] = []
    private(set) var probes: [Probe.Identity: Probe] = [:]
    /// Not said yet.
    private var changes: [VerdictChange] = []
    private var running = 0
    /// Due, but there are `limit` running already, or others have their turn; first come, first served.
    private var waiting = CircularBuffer<Probe>()
    private var begun: UInt64 = 0
    private var failed: UInt64 = 0
    private var delay: LatenessRecord
    private var hasClock = false
    private(set) var isRunning = true

    init(
        on loop: any EventLoop, inFlight limit: Int, rhythm: Rhythm, scripts: Scripts, dataPaths: DataPathProbes,
        now: @escaping @Sendable () -> Instant,
        onVerdicts: @escaping @Sendable ([VerdictChange]) -> Void,
        onAdvice: @escaping @Sendable ([AdviceChange]) -> Void
    ) {
        self.loop = loop
        self.limit = limit
        self.rhythm = rhythm
        ways = Ways(on: loop, scripts: scripts)
        self.dataPaths = dataPaths
        self.now = now
        self.onVerdicts = onVerdicts
        agents = Agents(on: loop, tell: onAdvice)
        let start = now()
        wheel = TimingWheel(tick: Self.tick, slots: 1024, start: start)
        delay = LatenessRecord(now: start)
    }

    /// True once.
    func startsClock() -> Bool {
        defer { hasClock = true }
        return !hasClock
    }

    func stop() {
        isRunning = false
        ways.scripts.stop()
        dataPaths.stop()
        retire(probes.values)
        probes = [:]
    }

    func snapshot() -> [ServerKey: CheckView] {
        var views: [ServerKey: CheckView] = [:]
        for probe in probes.values where !probe.identity.isAgent {
            let view = CheckView(view: probe.tally.view, newest: probe.tally.newest, checkedAt: probe.checkedAt)
            for server in probe.servers { views[server] = view }
        }
        for probe in probes.values where probe.identity.isAgent {
            let view = AgentView(advice: probe.advice, newest: probe.tally.newest)
            for server in probe.servers { views[server, default: CheckView()].agent = view }
        }
        for (server, advice) in agents.told { views[server]?.advice = advice }
        return views
    }

    var load: CheckLoad {
        CheckLoad(
            probes: probes.count, running: running, waiting: waiting.count, begun: begun, failed: failed, delay: delay)
    }

    // MARK: Which probes there are

    func adopt(_ settings: [ProbeSettings]) {
        guard isRunning else { return }
        let known = views()
        let old = probes
        probes = Dictionary(minimumCapacity: settings.count)
        for probe in old.values { probe.servers = [] }
        var added: [Probe] = []
        var identity: Probe.Identity?
        for setting in settings {
            if setting.check.kind != .none {
                let own = Probe.Identity(setting, like: identity)
                identity = own
                let probe = keep(own, setting.server, old, &added)
                if let view = known[setting.server] { probe.tally.inherit(view) }
            }
            if let agent = Probe.Identity(agentOf: setting) { keep(agent, setting.server, old, &added) }
        }
        retire(old.values.filter { $0.servers.isEmpty })
        for (turn, probe) in added.enumerated() { schedule(probe, at: probe.firstStart(turn: turn)) }
        tellWhatChanged(since: known)
        agents.adopt(probes.values.filter(\.identity.isAdvising))
    }

    /// The probe that asks this, for one more server.
    @discardableResult
    private func keep(
        _ identity: Probe.Identity, _ server: ServerKey, _ old: [Probe.Identity: Probe], _ added: inout [Probe]
    ) -> Probe {
        let probe = probes[identity] ?? old[identity] ?? Probe(identity, adoptedAt: now(), rhythm: rhythm)
        if probes.updateValue(probe, forKey: identity) == nil, old[identity] == nil { added.append(probe) }
        probe.servers.append(server)
        return probe
    }

    private func views() -> [ServerKey: View] {
        var views: [ServerKey: View] = [:]
        for probe in probes.values where !probe.identity.isAgent {
            guard let view = probe.tally.view else { continue }
            for server in probe.servers { views[server] = view }
        }
        return views
    }

    private func tellWhatChanged(since known: [ServerKey: View]) {
        for probe in probes.values where !probe.identity.isAgent {
            guard let view = probe.tally.view else { continue }
            for server in probe.servers where known[server]?.verdict != view.verdict {
                let previous = known[server]?.verdict
                change(VerdictChange(server: server, verdict: view.verdict, previous: previous, at: now()))
            }
        }
    }

    /// A mass failure is one message of thousands, not thousands of messages.
    private func change(_ change: VerdictChange) {
        if changes.isEmpty { loop.assumeIsolated().execute { [weak self] in self?.tell() } }
        changes.append(change)
    }

    private func tell() {
        var said: [VerdictChange] = []
        swap(&said, &changes)
        onVerdicts(said)
    }

    private func retire(_ unwanted: some Collection<Probe>) {
        guard !unwanted.isEmpty else { return }
        for probe in unwanted { probe.isRetired = true }
        wheel.removeAll { $0.isRetired }
    }

    // MARK: When each runs

    private func schedule(_ probe: Probe, at start: Instant) {
        probe.due = start
        setAlarm(at: wheel.insert(probe, due: start))
    }

    private func setAlarm(at time: Instant) {
        if let alarm {
            guard time < alarm.at else { return }
            alarm.task.cancel()
        }
        let delay = max(time - now(), .zero)
        let task = loop.assumeIsolated().scheduleTask(in: .nanoseconds(delay.nanoseconds)) { [weak self] () -> Void in
            self?.turn()
        }
        alarm = (time, task)
    }

    private func turn() {
        alarm = nil
        wheel.advance(to: now(), into: &due)
        for probe in due where !probe.isRetired {
            if probe.takesPlace { waiting.append(probe) } else { run(probe) }
        }
        due.removeAll(keepingCapacity: true)
        runSome()
        if let next = wheel.next { setAlarm(at: next) }
        if !waiting.isEmpty, running < limit { setAlarm(at: now() + Self.pause) }
    }

    private func runSome() {
        var left = Self.share
        while left > 0, running < limit, let probe = waiting.popFirst() {
            guard !probe.isRetired else { continue }
            run(probe)
            left -= 1
        }
    }

    private func run(_ probe: Probe) {
        if probe.takesPlace { running += 1 }
        begun += 1
        let start = now()
        delay.record(start - probe.due, now: start)
        look(probe.identity) { [weak self] outcome in
            self?.ended(probe, outcome, start: start)
        }
    }

    private func ended(_ probe: Probe, _ outcome: Outcome, start: Instant) {
        if probe.takesPlace { running -= 1 }
        if !outcome.isPass { failed += 1 }
        if !probe.isRetired {
            take(outcome, of: probe, start: start)
            schedule(probe, at: probe.start(after: start))
        }
        if !waiting.isEmpty { setAlarm(at: now() + Self.pause) }
    }

    private func take(_ outcome: Outcome, of probe: Probe, start: Instant) {
        let at = now()
        let previous = probe.tally.view?.verdict
        probe.remember(CheckResult(start: start, took: at - start, outcome: outcome))
        let verdict = probe.tally.observe(outcome, now: at)
        agents.take(outcome, of: probe)
        guard !probe.identity.isAgent, let verdict else { return }
        for server in probe.servers {
            change(VerdictChange(server: server, verdict: verdict, previous: previous, at: at))
        }
    }
}
