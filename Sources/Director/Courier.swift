import Addresses
import Balancing
import Election
import Linux
import Netlink
import Settings

/// Carries young connections to the peer while a group changes hands.
///
/// The kernel tells the peer of a TCP connection only once it is established, and up to 20 ms later
/// (net/netfilter/ipvs/ip_vs_sync.c, `ip_vs_sync_conn_needed` and `IPVS_SYNC_SEND_DELAY`). A packet of a younger one
/// that the taker gets would meet nobody and be answered with a reset. So the giver, who still hears the first packets
/// when the next ones go to the taker, tells of each SYN that it passes on, in the kernel's own words.
struct Courier: ~Copyable {
    enum Message: Sendable {
        /// A group is being given to the peer, or no longer is.
        case handover(group: Int, isUnderWay: Bool)
    }

    struct Ports: Sendable {
        var inbox: Mailbox<Message>
        var balancerBoard: BalancerBoard
        var say: @Sendable (String) -> Void
    }

    // Implementation constants

    /// How long late packets still come here after a handover: the lease of an address on lo.
    private static let aftermath = Duration.seconds(Int64(Hand.loopbackLease))
    /// No handover lasts longer than this.
    private static let longest = Duration.seconds(30)
    /// What was there before the handover began is told once, up to so many connections.
    private static let limit = 20_000

    private let ports: Ports
    private let interface: String
    private let id: UInt8
    private var poller: Poller
    private var route: RouteSocket
    private var messages: [Message] = []
    private var givenGroups: Set<Int> = []
    private var workUntil = Instant(nanoseconds: 0)
    private var frame = [UInt8](repeating: 0, count: 512)
    private var servers = ServersByLink()

    init(interface: String, id: UInt8, ports: Ports) throws {
        let poller = try Poller()
        try poller.watch(ports.inbox.wakeup.fileDescriptor, mark: 0)
        let route = try RouteSocket()
        self.ports = ports
        self.interface = interface
        self.id = id
        self.poller = poller
        self.route = route
    }

    /// Works for as long as the process lives.
    consuming func run() {
        while true {
            poller.wait(until: .never) { _ in }
            listen()
            guard Clock.now() < workUntil else { continue }
            do {
                try carry()
            } catch {
                ports.say("young connections are not carried to the peer: \(error)")
                workUntil = Instant(nanoseconds: 0)
            }
        }
    }

    private mutating func listen() {
        ports.inbox.drain(into: &messages)
        for case .handover(let group, let isUnderWay) in messages {
            if isUnderWay { givenGroups.insert(group) } else { givenGroups.remove(group) }
            workUntil = Clock.now() + (givenGroups.isEmpty ? Self.aftermath : Self.longest)
        }
    }

    private mutating func carry() throws {
        let ears = try PacketSocket(hearing: .openings)
        let voice = try MulticastSocket(group: SyncMessage.group, interface: interface)
        try poller.watch(ears.fileDescriptor, mark: 1)
        defer { poller.forget(ears.fileDescriptor) }
        servers = ServersByLink(ports.balancerBoard.current.desired, try route.neighbours())
        try tellOfAll(ears, voice)
        while Clock.now() < workUntil {
            poller.wait(until: workUntil) { _ in }
            tellOfOpenings(ears, voice)
            listen()
        }
    }

    /// Everything that waits in the socket, in as few messages as it takes.
    private mutating func tellOfOpenings(_ ears: borrowing PacketSocket, _ voice: borrowing MulticastSocket) {
        var message = SyncMessage(id: id)
        while let (count, _) = ears.receive(into: &frame) {
            guard let opening = PassedOpening(frame: frame[..<min(count, frame.count)]),
                let server = server(of: opening)
            else { continue }
            let connection = Connection(
                kind: .tcp(.synReceived), client: opening.client, service: opening.service, server: server, expires: 60)
            message.add(connection, orSendWith: voice)
        }
        message.send(with: voice)
    }

    private mutating func server(of opening: PassedOpening) -> Endpoint? {
        if let server = servers[opening] { return server }
        guard servers.knows(opening.service), let neighbours = try? route.neighbours() else { return nil }
        servers = ServersByLink(ports.balancerBoard.current.desired, neighbours)
        return servers[opening]
    }

    /// What began just before the handover may still wait in the kernel's own queue.
    private mutating func tellOfAll(_ ears: borrowing PacketSocket, _ voice: borrowing MulticastSocket) throws {
        var reader = LineReader(path: "/proc/net/ip_vs_conn")
        var message = SyncMessage(id: id)
        var count = 0
        try reader.forEachLine { line in
            count += 1
            if let connection = Connection(line: line), case .tcp(let state) = connection.kind, state.isLive {
                message.add(connection, orSendWith: voice)
            }
            if count % 64 == 0 { tellOfOpenings(ears, voice) }
            return count < Self.limit
        }
        message.send(with: voice)
    }
}

extension SyncMessage {
    fileprivate mutating func add(_ connection: Connection, orSendWith voice: borrowing MulticastSocket) {
        if add(connection, forwarding: .dr) { return }
        send(with: voice)
        _ = add(connection, forwarding: .dr)
    }

    /// What the kernel does not take is lost, as with the kernel's own messages.
    fileprivate mutating func send(with voice: borrowing MulticastSocket) {
        guard !isEmpty else { return }
        _ = voice.send(bytes)
        self = SyncMessage(id: id)
    }
}

/// Which server of a service a frame went to.
struct ServersByLink {
    private var services: [Endpoint: [Endpoint]] = [:]
    private var addresses: [MACAddress: Set<IPAddress>] = [:]

    init() {}

    init(_ table: Table, _ neighbours: [KnownNeighbour]) {
        for (identity, service) in table.services {
            guard case .endpoint(.tcp, let endpoint) = identity else { continue }
            services[endpoint] = service.servers.keys.filter { service.servers[$0]?.forwarding != .nat }
        }
        for neighbour in neighbours { addresses[neighbour.mac, default: []].insert(neighbour.address) }
    }

    func knows(_ service: Endpoint) -> Bool { services[service] != nil }

    /// nil as well where two servers of the service have the same link-layer address: a guess would be wrong for one.
    subscript(opening: PassedOpening) -> Endpoint? {
        guard let servers = services[opening.service] else { return nil }
        switch opening.way {
        case .tunnel(let address): return servers.first { $0.address == address }
        case .link(let mac):
            guard let here = addresses[mac] else { return nil }
            let found = servers.filter { here.contains($0.address) }
            return found.count == 1 ? found[0] : nil
        }
    }
}
