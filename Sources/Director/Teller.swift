import Addresses
import Balancing
import Election
import Heartbeat
import Linux
import Netlink
import Settings

/// Counts the kernel's connections, and tells the peer of those that this director holds when the peer does not know
/// them: the kernel itself never says again what a director missed while it was away.
///
/// A thread of its own: 100,000 connections take a while to read.
struct Teller: ~Copyable {
    enum Message: Sendable {
        /// What the peer says of its side.
        case word(SyncWord)
        /// The stream began anew: what the peer said belongs to a life that is over, and it knows nothing of ours.
        case began
        case adopt(Settings)
    }

    struct Ports: Sendable {
        var inbox: Mailbox<Message>
        var messenger: Mailbox<Messenger.Message>
        var heartBoard: HeartBoard
        var balancerBoard: BalancerBoard
        var board: SyncBoard
        var say: @Sendable (String) -> Void
        /// So many connections in so much time.
        var told: @Sendable (Int, Duration) -> Void
    }

    // Implementation constants

    static var list: String { "/proc/net/ip_vs_conn" }
    private static let rhythm = Duration.seconds(1)
    /// What the peer was told of this side is said again so often although nothing changed.
    private static let repetition = Duration.seconds(5)

    let ports: Ports
    let interface: String
    let id: UInt8
    let groupNames: [String]
    var index: ServiceIndex
    var census: Census
    var nextCensus = Instant(nanoseconds: 0)
    var poller: Poller
    var acquaintance = Acquaintance()
    var peer: SyncWord?
    /// What is being told is told to nobody any more.
    var isInterrupted = false
    private var messages: [Message] = []
    private var said: SyncWord?
    private var saidAt = Instant(nanoseconds: 0)

    init(settings: Settings, director: Int, ports: Ports) throws(SystemError) {
        let poller = try Poller()
        try poller.watch(ports.inbox.wakeup.fileDescriptor, mark: 0)
        self.ports = ports
        self.poller = poller
        let own = settings.pair.directors[director]
        interface = settings.pair.sync.map { own.interface($0.interface) } ?? ""
        id = settings.pair.syncIDs[director]
        groupNames = settings.groups.map(\.name)
        index = ServiceIndex(settings)
        census = Census(index: index, groups: groupNames.count)
    }

    /// Works for as long as the process lives.
    consuming func run() {
        var next = Clock.now()
        while true {
            poller.wait(until: next) { _ in }
            listen()
            let now = Clock.now()
            if now >= next {
                next = now + Self.rhythm
                if now >= nextCensus { takeCensus(now) }
                speak(now)
            }
            tellIfDue(now)
        }
    }

    mutating func listen() {
        ports.inbox.drain(into: &messages)
        for message in messages {
            switch message {
            case .word(let word):
                if word.life != peer?.life { isInterrupted = true }
                peer = word
                ports.board.update { view in
                    view.peer = word
                    view.peerAt = Clock.now()
                }
            case .began:
                peer = nil
                said = nil
                isInterrupted = true
                acquaintance.forget()
                ports.board.update { $0.peer = nil }
            case .adopt(let settings):
                index = ServiceIndex(settings)
                census = Census(index: index, groups: groupNames.count, after: census)
            }
        }
    }

    /// Says this side's state when it changed, and now and then. What a full stream drops is said later.
    private mutating func speak(_ now: Instant) {
        guard ports.heartBoard.current.peerState == .heard else { return }
        let word = ownWord
        guard word != said || now - saidAt >= Self.repetition, let bytes = try? encoded(word) else { return }
        ports.messenger.post(.send(.sync, bytes))
        said = word
        saidAt = now
    }

    private var ownWord: SyncWord {
        let view = ports.balancerBoard.current
        let holds = heldGroups
        let counts = ports.board.current.counts
        return SyncWord(
            interface: interface, id: id, isMasterRunning: view.daemons.master != nil,
            isBackupRunning: view.daemons.backup != nil, longest: view.daemons.backup?.maxLength.map(Int.init),
            life: view.daemons.life, wasFound: view.daemons.wasFound, problem: view.syncProblem,
            groups: counts.map { counts in
                groupNames.indices.map {
                    SyncWord.Group(name: groupNames[$0], isHeld: holds.contains($0), counts: counts[$0])
                }
            })
    }

    /// The groups whose connections are this director's.
    var heldGroups: Set<Int> {
        let groups = ports.heartBoard.current.groups
        return Set(groups.indices.filter { groups[$0].role == .active || groups[$0].role == .giving })
    }
}
