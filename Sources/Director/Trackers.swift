import Addresses
import Agreement
import Checks
import Linux
import Settings

/// Looks at what makes this director more or less fit, on a thread of its own, and tells the heart a score.
struct Trackers: ~Copyable {
    enum Message: Sendable {
        case verdicts([VerdictChange])
        case adopt(Settings)
        /// The lookout says what the silence of a group's gateways takes off; 0: one answers.
        case gateways(group: Int, weight: Int)
        /// Of all servers of a group, how many more the peer has seen up for a while than this director.
        case losses(group: Int, lost: Int, all: Int)
    }

    /// A tracker passes or fails, and did not before.
    struct Change: Sendable {
        var groups: [String]
        var name: String
        /// Absent: it passes.
        var failure: String?
        /// How long it was the other way; absent at the first look.
        var after: Duration?
    }

    struct Ports: Sendable {
        var inbox: Mailbox<Message>
        var heart: Mailbox<HeartMessage>
        var board: FitnessBoard
        var balancerBoard: BalancerBoard
        /// When each organ that has to make progress last did.
        var progress: @Sendable () -> [(organ: String, lastRound: Instant)]
        var tell: @Sendable (Change) -> Void
    }

    // Implementation constants

    /// How many scripts run at once; the others wait for their turn.
    private static let mostScripts = 8
    /// How often the director looks at itself and tells the heart.
    private static let period = Duration.seconds(1)
    /// How soon what scripts left behind is looked at again.
    private static let sweepPeriod = Duration.milliseconds(20)
    /// At the start trackers are not looked at all at once.
    private static let stagger = Duration.milliseconds(50)

    let ports: Ports
    var settings: Settings
    private let environment: [String: String]
    private var servers: ServerViews
    private var watches: [Watch] = []
    var builtIn: [BuiltInTracker] = []
    private var poller: Poller
    private var messages: [Message] = []
    private var nextRound = Instant(nanoseconds: 0)
    private var nextSweep = Instant.never

    init(settings: Settings, director: Int, ports: Ports) throws {
        let poller = try Poller()
        try poller.watch(ports.inbox.wakeup.fileDescriptor, mark: 0)
        self.ports = ports
        self.settings = settings
        self.poller = poller
        servers = ServerViews(settings)
        environment = [
            "TANDEM_PAIR": settings.pair.name, "TANDEM_DIRECTOR": settings.pair.directors[director].name,
        ]
        adopt(settings)
    }

    /// Works for as long as the process lives.
    consuming func run() {
        while true {
            poller.wait(until: deadline) { _ in }
            listen()
            proceed()
            look()
            let now = Clock.now()
            if now >= nextRound {
                nextRound = now + Self.period
                nextSweep = now
                lookAtSelf(now)
                publish()
            }
            if now >= nextSweep { nextSweep = Children.sweep() > 0 ? now + Self.sweepPeriod : .never }
            ports.board.stamp.mark(now)
        }
    }

    private var deadline: Instant {
        let isFull = runningScripts >= Self.mostScripts
        return watches.reduce(min(nextRound, nextSweep)) { deadline, watch in
            if let running = watch.running { return min(deadline, running.deadline) }
            return isFull && watch.isScript ? deadline : min(deadline, watch.next)
        }
    }

    private var runningScripts: Int { watches.count { $0.running != nil } }

    private mutating func listen() {
        ports.inbox.drain(into: &messages)
        for message in messages {
            switch message {
            case .verdicts(let changes):
                for change in changes { servers[change.server] = change.verdict.isUp }
            case .adopt(let settings): adopt(settings)
            case .gateways(let group, let weight):
                let why = "no gateway answers"
                observe(.gateways(group), weight == 0 ? .fine : .fault(weight, why), Clock.now())
                publish()
            case .losses(let group, let lost, let all):
                let why = "the peer reaches \(lost) of \(all) servers more than this director"
                observe(.sight(group), lost > 0 ? .fault(BuiltInTracker.sight(lost, all), why) : .fine, Clock.now())
                publish()
            }
        }
    }

    /// A tracker that is the same in the new configuration goes on.
    private mutating func adopt(_ settings: Settings) {
        self.settings = settings
        servers.adopt(settings)
        let old = Dictionary(watches.map { ($0.settings, $0) }) { first, _ in first }
        var fresh: [TrackerSettings: Watch] = [:]
        var first = Clock.now()
        watches = []
        for (index, group) in settings.groups.enumerated() {
            for tracker in group.trackers {
                if let watch = fresh[tracker] {
                    watch.groups.append(index)
                    continue
                }
                let watch = old[tracker] ?? Watch(tracker, first: first)
                if old[tracker] == nil { first = first + Self.stagger }
                watch.groups = [index]
                fresh[tracker] = watch
                watches.append(watch)
            }
        }
        nextRound = Instant(nanoseconds: 0)
    }

    /// Everything that scripts have to say.
    private mutating func proceed() {
        for watch in watches where watch.running != nil {
            let now = Clock.now()
            guard let finding = watch.proceed(now: now) else { continue }
            nextSweep = now
            observe(finding, of: watch, now)
        }
    }

    /// Everything that is due, the longest due first.
    private mutating func look() {
        var now = Clock.now()
        var running = runningScripts
        let due = watches.filter { $0.running == nil && $0.next <= now }.sorted { $0.next < $1.next }
        for watch in due where !watch.isScript || running < Self.mostScripts {
            now = Clock.now()
            let finding = watch.look(servers, environment: environment, now: now)
            if let finding { observe(finding, of: watch, now) }
            guard let command = watch.running else { continue }
            running += 1
            for descriptor in command.descriptors { try? poller.watch(descriptor, mark: 1) }
        }
    }

    private mutating func observe(_ finding: Finding, of watch: Watch, _ now: Instant) {
        let before = watch.tracker
        let hasTurned = watch.observe(finding, now: now)
        if before.state != watch.tracker.state { publish() }
        if hasTurned { tell(watch.settings.name, watch.tracker, before, groups: watch.groups, now) }
    }

    func tell(_ name: String, _ tracker: Tracker, _ before: Tracker, groups: [Int], _ now: Instant) {
        var change = Change(groups: groups.map { settings.groups[$0].name }, name: name)
        change.after = before.since.map { now - $0 }
        if case .fault(_, let why)? = tracker.state { change.failure = why }
        // That something passes from the start is no news.
        if change.failure != nil || before.state != nil { ports.tell(change) }
    }

    /// Tells the heart and the board what is known.
    private func publish() {
        var views = Array(repeating: FitnessBoard.GroupView(), count: settings.groups.count)
        for watch in watches {
            let entry = FitnessBoard.Entry(
                name: watch.settings.name, weight: watch.settings.weight, tracker: watch.tracker)
            for group in watch.groups { views[group].entries.append(entry) }
        }
        for own in builtIn {
            for group in own.groups(in: settings) { views[group].entries.append(own.entry) }
        }
        for index in views.indices {
            views[index].score = Fitness.score(without: views[index].entries.map(\.tracker.points))
            ports.heart.post(.score(views[index].score, group: index))
        }
        ports.board.publish(views)
    }
}
