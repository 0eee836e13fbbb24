import Addresses
import Control
import Election
import Heartbeat
import Linux
import Logging
import Settings

/// Puts the heart's notes into words, on a thread of its own: the heart writes none.
struct Scribe: ~Copyable {
    private let notes: Mailbox<Note>
    let journal: Journal
    private let settings: Settings
    private let director: Int
    private let store: StateStore
    private let overrides: OverrideKeeper
    private let arbiter: Mailbox<Arbiter.Message>
    private let herald: Mailbox<Herald.Message>
    private let changes: ChangeBoard
    private let stamp: Stamp
    private var stories: [RoleStory]
    private var poller: Poller
    private var batch: [Note] = []

    // Implementation constant: how soon what the disk refused is tried again, and how often the scribe says that it
    // lives.
    private static let period = Duration.seconds(5)

    init(
        notes: Mailbox<Note>, journal: Journal, settings: Settings, director: Int, store: StateStore,
        overrides: OverrideKeeper, arbiter: Mailbox<Arbiter.Message>, herald: Mailbox<Herald.Message>,
        changes: ChangeBoard, stamp: Stamp
    ) throws(SystemError) {
        let poller = try Poller()
        try poller.watch(notes.wakeup.fileDescriptor, mark: 0)
        self.notes = notes
        self.journal = journal
        self.settings = settings
        self.director = director
        self.store = store
        self.overrides = overrides
        self.arbiter = arbiter
        self.herald = herald
        self.changes = changes
        self.stamp = stamp
        stories = Array(repeating: RoleStory(), count: settings.groups.count)
        self.poller = poller
    }

    consuming func run() {
        var next = Clock.now()
        while true {
            poller.wait(until: min(next, Clock.now() + Self.period)) { _ in }
            stamp.mark(Clock.now())
            notes.drain(into: &batch)
            if !batch.isEmpty { arbiter.post(.news) }
            for note in batch { write(note) }
            next = overrides.tend(Clock.now())
            for problem in store.flush() { journal.warn(problem) }
        }
    }

    var local: String { settings.pair.directors[director].name }
    var peer: String { settings.pair.directors[1 - director].name }

    private mutating func write(_ note: Note) {
        switch note {
        case .role(let change): write(change)
        case .peer(let state, let restarted): write(state, restarted: restarted)
        case .notHandedOver(let group, let reason):
            journal.record(
                .warning, "group \(settings.groups[group].name): not handed over: \(reason.words)", level: .warning
            ) { $0.group = settings.groups[group].name }
        case .patience(let time):
            journal.record(.peer, "peer \(peer) restarts and is waited for, \(format(time)) at most") {
                $0.to = "restarting"
            }
        case .late(let lateness):
            journal.record(
                .warning, "the heart woke \(format(lateness)) late: is the machine paused or overloaded?",
                level: .warning)
        case .wish(let wish, let at):
            store.keep(wish, at: at, wall: Clock.wallMilliseconds() - (Clock.now() - at).nanoseconds / 1_000_000)
            write(wish)
        case .pauseOver:
            store.endPause()
            journal.record(.wish, "the pause of the pair is over")
        case .term(let term, let group): store.keep(term: term, group: group)
        case .foreignClaim(let group, let mac, _):
            let name = settings.groups[group].name
            let event = journal.record(.claim, "group \(name): \(mac) claims an address of it", level: .warning) {
                $0.group = name
                $0.mac = "\(mac)"
                $0.reason = "somebody else claims an address"
            }
            herald.post(.tell(event, group: group))
        case .isolated(let group, let isSo):
            journal.record(.warning, "group \(settings.groups[group].name): \(isolation(isSo))", level: .warning) {
                $0.group = settings.groups[group].name
            }
        }
    }

    private func isolation(_ isSo: Bool) -> String {
        isSo
            ? "this director is cut off: \(peer) is silent, and nobody on the group's interfaces answers"
            : "this director is not cut off any more"
    }

    private mutating func write(_ change: RoleChange) {
        changes.count(from: change.from, to: change.to, change.reason, group: change.group)
        let group = settings.groups[change.group].name
        let duration = change.at - change.since
        let holder = previousHolder(change)
        let sentence = """
            group \(group): \(change.from.word) → \(change.to.word), term \(change.term), \(change.reason.words), \
            previous holder \(holder ?? "none"), after \(format(duration))
            """
        let event = journal.record(.role, sentence) { event in
            event.group = group
            event.monotonic = change.at.nanoseconds
            event.from = change.from.word
            event.to = change.to.word
            event.term = change.term
            event.reason = change.reason.words
            event.previousHolder = holder
            event.durationMS = duration.milliseconds
            event.lastHeard = change.lastHeard?.nanoseconds
        }
        guard let whole = stories[change.group].tell(event, from: change.from, to: change.to) else { return }
        herald.post(.tell(whole, group: change.group))
    }

    /// Who held the group before: this director while it still answers for it, else the peer if it said so.
    private func previousHolder(_ change: RoleChange) -> String? {
        if change.from == .active || change.from == .giving, change.to != .moving { return local }
        return change.peerHeld ? peer : nil
    }

    private func write(_ state: PeerState, restarted: Bool) {
        let what =
            switch state {
            case .never: "has not been heard"
            case .heard: restarted ? "is heard again, and has restarted" : "is heard"
            case .lost: "is lost"
            case .left: "has stopped"
            }
        journal.record(.peer, "peer \(peer) \(what)") { $0.to = state.word }
    }

    private func format(_ duration: Duration) -> String {
        let tenths = Int((duration.milliseconds * 10).rounded())
        return tenths < 100_000 ? "\(tenths / 10).\(tenths % 10) ms" : "\(tenths / 10_000) s"
    }
}

extension Role {
    /// The fixed words of logs, events and status.
    var word: String {
        switch self {
        case .waiting: "waiting"
        case .backup: "backup"
        case .claiming: "claiming"
        case .active: "active"
        case .giving: "giving"
        case .moving: "moving"
        case .releasing: "releasing"
        case .returning: "returning"
        }
    }
}

extension PeerState {
    var word: String {
        switch self {
        case .never: "never"
        case .heard: "heard"
        case .lost: "lost"
        case .left: "left"
        }
    }
}
