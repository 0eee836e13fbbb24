import Addresses
import Control
import Linux
import Settings

/// Runs the commands that are to be told of role changes and foreign claims, on a thread of its own: for each group
/// one after the other, in the order in which things happened.
struct Herald: ~Copyable {
    enum Message: Sendable {
        /// Something happened to a group.
        case tell(Event, group: Int)
        case adopt(Settings)
        /// The director ends: what waits is told, but for no longer than this.
        case finish(within: Duration)
    }

    struct Ports: Sendable {
        var inbox: Mailbox<Message>
        /// A warning for the log and the events.
        var say: @Sendable (String) -> Void
        var stopped: @Sendable () -> Void
    }

    // Implementation constants

    /// How many commands run at once, each of another group.
    private static let mostCommands = 8
    /// For what waits when the director ends.
    static var patience: Duration { .seconds(10) }
    /// When another process goes on: the peer waits for it, but not for long.
    static var shortPatience: Duration { .milliseconds(500) }
    /// For what was decided last and is still on its way here when the director ends.
    private static let linger = Duration.milliseconds(300)
    private static let sweepPeriod = Duration.milliseconds(20)

    private let ports: Ports
    private let director: String
    private var settings: Settings
    private var queues: [HeraldQueue]
    private var poller: Poller
    private var messages: [Message] = []
    private var nextSweep = Instant.never
    /// From when on it may end, and by when it has to.
    private var finish: (from: Instant, by: Instant)?

    init(settings: Settings, director: Int, ports: Ports) throws {
        let poller = try Poller()
        try poller.watch(ports.inbox.wakeup.fileDescriptor, mark: 0)
        self.ports = ports
        self.director = settings.pair.directors[director].name
        self.settings = settings
        self.poller = poller
        queues = settings.groups.map { HeraldQueue(group: $0.name) }
    }

    /// Works until it was told to finish.
    consuming func run() {
        while !isDone {
            poller.wait(until: deadline) { _ in }
            listen()
            proceed()
            begin()
            let now = Clock.now()
            if now >= nextSweep { nextSweep = Children.sweep() > 0 ? now + Self.sweepPeriod : .never }
        }
        let untold = queues.reduce(0) { $0 + $1.count }
        if untold > 0 { ports.say("\(untold) notifications were cut off by the end of the director") }
        ports.stopped()
    }

    private var isDone: Bool {
        guard let finish else { return false }
        let now = Clock.now()
        return now >= finish.by || now >= finish.from && queues.allSatisfy(\.isIdle)
    }

    private var deadline: Instant {
        let end = finish.map { queues.allSatisfy(\.isIdle) ? $0.from : $0.by } ?? .never
        return queues.reduce(min(nextSweep, end)) { min($0, $1.running?.deadline ?? .never) }
    }

    private mutating func listen() {
        ports.inbox.drain(into: &messages)
        for message in messages {
            switch message {
            case .tell(let event, let group): tell(event, group)
            case .adopt(let settings): self.settings = settings
            case .finish(let patience):
                let now = Clock.now()
                finish = (now + min(Self.linger, patience / 5), now + patience)
            }
        }
    }

    private func tell(_ event: Event, _ group: Int) {
        guard queues.indices.contains(group), settings.groups.indices.contains(group) else { return }
        let commands = settings.pair.notify + settings.groups[group].notify
        guard !commands.isEmpty, let line = try? JSON.encode(event) else { return }
        let variables = event.variables(pair: settings.pair.name, director: director)
        let input = line.count < Command.longestInput ? line + [0x0A] : []
        let isFolded = queues[group].add(
            commands.map { words in
                Command(words.words, user: words.user, limit: words.timeout, environment: variables, input: input)
            })
        guard isFolded else { return }
        ports.say(
            "group \(queues[group].group): its commands are slower than its changes; the oldest change that waited is "
                + "not told")
    }

    private mutating func proceed() {
        for queue in queues {
            let now = Clock.now()
            guard let path = queue.running?.command.words[0], let result = queue.proceed(now: now) else { continue }
            nextSweep = now
            if !result.isSuccess { complain(path, queue, result.words) }
        }
    }

    private mutating func begin() {
        var running = queues.count { $0.running != nil }
        for queue in queues {
            while queue.running == nil, running < Self.mostCommands, let command = queue.next() {
                do throws(CommandProblem) {
                    let started = try RunningCommand(command, now: Clock.now())
                    for descriptor in started.descriptors { try? poller.watch(descriptor, mark: 1) }
                    queue.running = started
                    running += 1
                } catch {
                    complain(command.words[0], queue, "\(error)")
                }
            }
        }
    }

    private func complain(_ path: String, _ queue: HeraldQueue, _ why: String) {
        ports.say("notify \(path) for group \(queue.group): \(why)")
    }
}

/// What is to be told of a group.
final class HeraldQueue {
    let group: String
    var running: RunningCommand?
    private var commands: ArraySlice<Command> = []
    private var waiting: [[Command]] = []

    /// Changes that wait; of more the oldest goes.
    private static let limit = 16

    init(group: String) { self.group = group }

    var isIdle: Bool { running == nil && commands.isEmpty && waiting.isEmpty }

    /// Commands that wait or run.
    var count: Int { waiting.reduce(commands.count + (running == nil ? 0 : 1)) { $0 + $1.count } }

    /// True if another change is left out for it.
    func add(_ commands: [Command]) -> Bool {
        waiting.append(commands)
        guard waiting.count > Self.limit else { return false }
        waiting.removeFirst()
        return true
    }

    func next() -> Command? {
        if commands.isEmpty, !waiting.isEmpty { commands = waiting.removeFirst()[...] }
        return commands.popFirst()
    }

    func proceed(now: Instant) -> CommandResult? {
        guard let result = running?.proceed(now: now) else { return nil }
        running = nil
        return result
    }
}

extension Event {
    /// What a command finds in its environment.
    fileprivate func variables(pair: String, director: String) -> [String: String] {
        [
            "TANDEM_EVENT": kind.rawValue, "TANDEM_PAIR": pair, "TANDEM_DIRECTOR": director,
            "TANDEM_GROUP": group ?? "", "TANDEM_FROM": from ?? "", "TANDEM_TO": to ?? "",
            "TANDEM_TERM": term.map { "\($0)" } ?? "", "TANDEM_REASON": reason ?? "",
            "TANDEM_PREVIOUS_HOLDER": previousHolder ?? "", "TANDEM_MAC": mac ?? "",
        ]
    }
}
