import Addresses
import Election
import Linux
import Netlink
import Settings

/// Reads links, addresses and neighbours for the lookout, from a thread of its own: each listing may wait for the
/// kernel's RTNL lock, and the lookout must not.
struct Scout: ~Copyable {
    enum Message: Sendable {
        /// Something changed.
        case look
    }

    struct Ports: Sendable {
        var inbox: Mailbox<Message>
        var lookout: Mailbox<Lookout.Message>
        var say: @Sendable (String) -> Void
    }

    private let ports: Ports
    private let settings: Settings
    private let director: Int
    private var poller: Poller
    private var route: RouteSocket
    private var messages: [Message] = []
    private var told: Terrain?
    private var complaint: String?

    // Implementation constants

    private static let period = Duration.seconds(10)
    /// While something is missing.
    private static let soon = Duration.seconds(1)
    /// Interfaces come and go by the hundred on some machines.
    private static let leastGap = Duration.milliseconds(200)

    init(settings: Settings, director: Int, ports: Ports) throws {
        let poller = try Poller()
        try poller.watch(ports.inbox.wakeup.fileDescriptor, mark: 0)
        let route = try RouteSocket()
        self.ports = ports
        self.settings = settings
        self.director = director
        self.poller = poller
        self.route = route
    }

    /// Works for as long as the process lives.
    consuming func run() {
        var next = Instant(nanoseconds: 0)
        var earliest = Instant(nanoseconds: 0)
        while true {
            poller.wait(until: next) { _ in }
            while Clock.now() < earliest { sleep(until: earliest) }
            ports.inbox.drain(into: &messages)
            look()
            earliest = Clock.now() + Self.leastGap
            next = Clock.now() + (isComplete ? Self.period : Self.soon)
        }
    }

    private var isComplete: Bool {
        guard let told, told.problems.isEmpty else { return false }
        let here = Set(told.links.flatMap(\.groups))
        return settings.groups.indices.allSatisfy(here.contains)
    }

    private mutating func sleep(until: Instant) {
        ports.inbox.drain(into: &messages)
        poller.wait(until: until) { _ in }
    }

    private mutating func look() {
        do throws(NetlinkError) {
            let began = Clock.now()
            let terrain = Terrain(
                settings, director: director, links: try route.links(), addresses: try route.addresses(),
                neighbours: try route.neighbours())
            complaint = nil
            guard terrain != told, ports.lookout.post(.terrain(terrain, asOf: began)) else { return }
            told = terrain
        } catch {
            guard complaint != "\(error)" else { return }
            complaint = "\(error)"
            ports.say("\(error)")
        }
    }
}
