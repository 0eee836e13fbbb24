import Addresses
import Election
import Linux
import Netlink
import Settings

/// Watches the surroundings of a director's groups: carrier, gateways, neighbours, and who claims their addresses.
///
/// It takes no lock of the kernel's. That a carrier was lost comes by multicast, questions leave as whole frames, and
/// what has to be read from the kernel's tables the `Scout` reads.
struct Lookout: ~Copyable {
    enum Message: Sendable {
        /// From the heart: the first heartbeat was missed, or the peer is heard again.
        case lookOut(Bool)
        /// From the scout, as it was then.
        case terrain(Terrain, asOf: Instant)
    }

    struct Ports: Sendable {
        var inbox: Mailbox<Message>
        var scout: Mailbox<Scout.Message>
        var heart: Mailbox<HeartMessage>
        var heartBoard: HeartBoard
        var withdrawals: WithdrawalBoard
        var board: LookoutBoard
        /// How much less fit a group is because of its gateways, 0 to 50.
        var fault: @Sendable (_ group: Int, _ weight: UInt8) -> Void
        /// A warning for the log and the events.
        var say: @Sendable (String) -> Void
        var alarm: @Sendable (String, _ group: Int) -> Void
    }

    let ports: Ports
    let settings: Settings
    private var poller: Poller
    private var events: RouteEvents
    private let voice: PacketSocket
    private var messages: [Message] = []
    private var frame = [UInt8](repeating: 0, count: 512)
    private var question = [UInt8](repeating: 0, count: AnnouncementFrames.longest)
    var terrain = Terrain()
    var vigil: Vigil
    var claims = ForeignClaims()
    private var ears: [Ear] = []
    private var deaf: Set<Ear.Place> = []
    /// When the kernel last said something about a link's carrier.
    private var carrierNews: [Int32: Instant] = [:]
    var told: [Outlook?]
    var faults: [UInt8]
    var nextPublication = Instant(nanoseconds: 0)
    /// Since when the heart has been told of a claim of each group.
    var claimsTold: [Instant]

    init(settings: Settings, ports: Ports) throws {
        let poller = try Poller()
        let events = try RouteEvents(linksOnly: true)
        let voice = try PacketSocket()
        try poller.watch(ports.inbox.wakeup.fileDescriptor, mark: 0)
        try poller.watch(events.fileDescriptor, mark: 1)
        self.ports = ports
        self.settings = settings
        self.poller = poller
        self.events = events
        self.voice = voice
        vigil = Vigil(interval: settings.pair.timing.interval)
        told = settings.groups.map { _ in nil }
        faults = settings.groups.map { _ in 0 }
        claimsTold = settings.groups.map { _ in Instant(nanoseconds: 0) }
    }

    /// Works for as long as the process lives.
    consuming func run() {
        while true {
            poller.wait(until: deadline) { _ in }
            let now = Clock.now()
            watchLinks(now)
            obey(now)
            // Answers are read before anybody is found silent.
            listen(now)
            ask(now)
            tell(now)
            publish(now)
        }
    }

    private var deadline: Instant {
        ears.reduce(min(vigil.deadline, nextPublication)) { min($0, $1.deadline) }
    }

    private mutating func watchLinks(_ now: Instant) {
        for event in events.receive() {
            switch event {
            case .linkChanged(let link): setCarrier(link.isUp && link.hasCarrier, of: link.index, now)
            case .linkRemoved(let index): setCarrier(false, of: index, now)
            case .overflow: ports.scout.post(.look)
            case .addressAdded, .addressRemoved: break
            }
        }
    }

    private mutating func setCarrier(_ hasCarrier: Bool, of interface: Int32, _ now: Instant) {
        carrierNews[interface] = now
        // An interface that was not there before may be one of ours.
        if vigil.setCarrier(hasCarrier, of: interface) || !terrain.links.contains(where: { $0.index == interface }) {
            ports.scout.post(.look)
        }
    }

    private mutating func obey(_ now: Instant) {
        ports.inbox.drain(into: &messages)
        for message in messages {
            switch message {
            case .lookOut(let isOn): vigil.lookOut(isOn, now: now)
            case .terrain(let terrain, let then): adopt(terrain, asOf: then, now)
            }
        }
    }

    private mutating func adopt(_ terrain: Terrain, asOf then: Instant, _ now: Instant) {
        let known = Dictionary(vigil.links.map { ($0.index, $0.hasCarrier) }) { first, _ in first }
        let links = terrain.links.map { link in
            let isNewer = carrierNews[link.index].map { $0 >= then } ?? false
            return Vigil.Link(
                index: link.index, hasCarrier: isNewer ? known[link.index] ?? link.hasCarrier : link.hasCarrier,
                groups: link.groups)
        }
        carrierNews = carrierNews.filter { $0.value >= then }
        self.terrain = terrain
        vigil.survey(links: links, gateways: terrain.gateways, neighbours: terrain.neighbours, now: now)
        openEars()
        nextPublication = now
    }

    /// An ear for each link and family: for those that are asked, and for claims of the addresses that belong there.
    private mutating func openEars() {
        var wanted = terrain.links.flatMap { link in
            Ear.Place.all(
                .answers, on: link.index, vigil.asked.filter { $0.host.interface == link.index }.map(\.host.address))
                + Ear.Place.all(.claims, on: link.index, link.claims.keys)
        }
        for ear in ears where !wanted.contains(ear.place) { poller.forget(ear.fileDescriptor) }
        ears.removeAll { !wanted.contains($0.place) }
        wanted.removeAll { place in ears.contains { $0.place == place } }
        deaf.formIntersection(wanted)
        for place in wanted {
            do {
                ears.append(try Ear(place, in: poller))
                deaf.remove(place)
            } catch {
                // Said once; the scout's next look tries again.
                if deaf.insert(place).inserted { ports.say("\(error)") }
            }
        }
    }

    private mutating func listen(_ now: Instant) {
        for ear in ears {
            let place = ear.place
            for (claim, times) in ear.listen(now: now, in: poller, into: &frame) {
                switch place.kind {
                case .answers:
                    let host = Vigil.Host(address: claim.address, interface: place.interface)
                    _ = vigil.answer(host, from: claim.mac, now: now)
                case .claims: hear(claim, on: place.interface, times: times, now)
                }
            }
        }
    }

    private mutating func ask(_ now: Instant) {
        var questions: [(Vigil.Host, MACAddress?)] = []
        vigil.tick(now: now) { questions.append(($0, $1)) }
        for (host, target) in questions {
            guard let link = terrain.links.first(where: { $0.index == host.interface }),
                let source = link.source(for: host.address)
            else { continue }
            switch (host.address, source) {
            case (.v4(let address), .v4(let source)):
                AnnouncementFrames.arpQuestion(about: address, at: target, from: source, link.mac, into: &question)
            case (.v6(let address), .v6(let source)):
                AnnouncementFrames.solicitation(about: address, at: target, from: source, link.mac, into: &question)
            default: continue
            }
            _ = voice.send(question, interface: host.interface)
        }
    }
}
