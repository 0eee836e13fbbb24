import Addresses
import Agreement
import Balancing
import Checks
import Control
import Election
import Heartbeat
import Linux
import Netlink
import Settings

/// Puts a status together from what the organs let others see.
struct StatusReport: Sendable {
    let settings: Settings
    let director: Int
    let started: Int64
    let configuration: ConfigurationStatus
    let heart: HeartBoard.View
    let hand: [HandBoard.GroupView]
    let balancer: BalancerBoard.View
    let fitness: [FitnessBoard.GroupView]
    /// By group.
    let changes: [ChangeCounts]
    let sync: SyncBoard.View
    let lookout: LookoutBoard.View
    let checks: [ServerKey: CheckView]
    /// Absent: the checks could not be asked.
    let load: CheckLoad?
    let verdicts: SharedVerdicts
    let consequences: Consequences
    let withdrawals: [IPAddress: [String]]
    let extraWarnings: [String]
    /// Absent where there is no witness.
    let witness: EnvoyBoard.View?
    let overrides: OverrideKeeper.View
    let now: Instant
    let wallNow: Int64

    var status: Status {
        Status(
            pair: settings.pair.name, director: local.name, version: Version.current, since: started,
            peer: PeerStatus(
                name: peer.name, state: .init(heart.peerState), since: date(heart.peerSince),
                sessionSince: heart.sessionSince.map(date), restarts: UInt64(heart.peerRestarts),
                patience: heart.patienceEnds.map { max(0, ($0 - now).components.seconds) },
                warmth: heart.peerWarmth.map(WarmthStatus.init)),
            standby: standby, pause: pause, groups: settings.groups.indices.map(group),
            paths: local.addresses.indices.map(path), refusals: refusals, services: settings.services.map(service),
            table: table, configuration: configuration,
            timing: TimingStatus(
                intervalMS: settings.pair.timing.interval.milliseconds, misses: settings.pair.timing.misses,
                lateness: LatenessStatus(heart.lateness),
                peerLateness: heart.peerState == .heard ? LatenessStatus(heart.peerLateness) : nil),
            warmth: heart.ownWarmth.map(WarmthStatus.init), agreement: agreement, sync: syncStatus,
            warnings: warnings, gateways: gateways, claims: claims, witness: witnessStatus,
            overrides: overrideStatus, checks: load.map(ChecksStatus.init))
    }

    var local: DirectorSettings { settings.pair.directors[director] }
    var peer: DirectorSettings { settings.pair.directors[1 - director] }

    /// A moment of the monotonic clock as seconds of the Unix epoch.
    func date(_ instant: Instant) -> Int64 {
        wallNow / 1000 - (now - instant).components.seconds
    }

    private func group(_ index: Int) -> GroupStatus {
        let group = settings.groups[index]
        let heart = heart.groups.indices.contains(index) ? heart.groups[index] : nil
        let hand = hand.indices.contains(index) ? hand[index] : HandBoard.GroupView()
        let role = heart?.role ?? .waiting
        return GroupStatus(
            name: group.name, role: role.word, term: heart?.term ?? 0, since: date(heart?.since ?? now),
            reason: heart?.reason.words ?? Reason.started.words, holder: holder(role, heart?.peer),
            peerRole: self.heart.peerState == .heard ? heart?.peer?.role.word : nil,
            addresses: group.addresses.enumerated().map { offset, address in
                AddressStatus(
                    prefix: address.prefix.description,
                    interface: (hand.interfaces.indices.contains(offset) ? hand.interfaces[offset] : nil) ?? "-",
                    state: hand.withdrawn.contains(offset) ? .absent : .init(hand.place),
                    withdrawn: withdrawn(address.prefix.address))
            }, waitingFor: hand.waitingFor, fitness: fitness(of: index),
            changes: changes.indices.contains(index) ? changes[index] : nil)
    }

    private func holder(_ role: Role, _ beat: GroupBeat?) -> String? {
        if role == .active || role == .giving { return local.name }
        guard heart.peerState == .heard, let beat, beat.role == .active || beat.role == .giving else { return nil }
        return peer.name
    }

    private func path(_ index: Int) -> PathStatus {
        let record = heart.paths.indices.contains(index) ? heart.paths[index] : nil
        return PathStatus(
            name: String(index + 1), local: local.addresses[index].description, peer: peer.addresses[index].description,
            interface: lookout.pathInterfaces.indices.contains(index) ? lookout.pathInterfaces[index] : nil,
            loss: record.flatMap(loss),
            lastHeard: record?.lastHeard.map { (now - $0).milliseconds / 1000 },
            roundTripMS: record?.roundTrip?.milliseconds, hears: hears(index), isHeard: isHeard(index),
            sent: record?.sent, heard: record?.heard, missed: record?.missed)
    }

    /// A path that has been silent for a takeover time loses everything.
    private func loss(_ record: PathRecord) -> Double? {
        guard let lastHeard = record.lastHeard else { return nil }
        return now - lastHeard > settings.pair.timing.takeoverTime ? 1 : record.loss
    }

    /// What the heart's sockets have dropped, among the reasons for which a datagram was refused.
    static let filtered = "filtered by the kernel"

    private var refusals: [String: UInt64] {
        var counts: [String: UInt64] = [:]
        for refusal in Refusal.allCases where heart.refusals[refusal] > 0 {
            counts[refusal.description] = heart.refusals[refusal]
        }
        if heart.drops > 0 { counts[Self.filtered] = heart.drops }
        return counts
    }

    private func service(_ service: ServiceSettings) -> ServiceStatus {
        ServiceStatus(
            name: service.name, group: service.group, listen: service.listens.ranges,
            scheduler: service.scheduler.rawValue,
            servers: service.servers.map { counted(server($0, of: service), $0, of: service) },
            quorum: quorum(of: service), withdrawn: withdrawals.isEmpty ? nil : withdrawal(of: service))
    }

    private var table: TableStatus {
        var table = heldTable
        (table.drifts, table.refused) = (balancer.drifts, balancer.refused)
        return table
    }

    private var heldTable: TableStatus {
        let digest = balancer.ours.map { String($0.digest, radix: 16) }
        let count = balancer.foreign?.services.count ?? 0
        let foreign = count == 0 ? nil : count
        let masquerade = balancer.masquerade.map {
            MasqueradeStatus(
                services: $0.listens.count, servers: $0.servers.count, isKept: balancer.isMasqueradeKept)
        }
        return switch balancer.state {
        case .pending: TableStatus(state: .pending)
        case .ok: TableStatus(state: .ok, digest: digest, foreign: foreign, masquerade: masquerade)
        case .failed(let sentences):
            TableStatus(state: .failed, digest: digest, failures: sentences, foreign: foreign, masquerade: masquerade)
        case .missing: TableStatus(state: .missing)
        }
    }

    private var warnings: [String] {
        var warnings =
            standbyWarnings + drainWarnings + disputeWarnings + quorumWarnings + silenceWarnings + extraWarnings
        if heart.peerState == .heard {
            warnings += cutPaths
        }
        return warnings + surroundings + syncWarnings + witnessWarnings + balancer.ownershipWarnings + balancer.warnings
    }
}

extension AgentView {
    /// Absent: there is nothing to say.
    var words: String? {
        var words: [String] = []
        if case .fail(let failure)? = newest { words.append("its agent does not answer: \(failure)") }
        let said = "\(advice)"
        if !said.isEmpty { words.append("its agent \(words.isEmpty ? "says" : "last said") \(said)") }
        return words.isEmpty ? nil : words.joined(separator: "; ")
    }
}

extension PeerStatus.State {
    init(_ state: PeerState) {
        self =
            switch state {
            case .never: .never
            case .heard: .heard
            case .lost: .lost
            case .left: .left
            }
    }
}

extension AddressStatus.State {
    init(_ place: HandBoard.Place) {
        self =
            switch place {
            case .absent: .absent
            case .here: .here
            case .left: .here
            case .lo: .lo
            }
    }
}

extension WarmthStatus {
    fileprivate init(_ warmth: Warmth) {
        self.init(
            isWarm: warmth.isWarm, holdsTable: warmth.holdsTable, known: warmth.known, held: warmth.held)
    }
}

extension LatenessStatus {
    fileprivate init(_ lateness: WorstLateness) {
        self.init(
            lastMS: lateness.last.milliseconds, secondMS: lateness.second.milliseconds,
            tenSecondsMS: lateness.tenSeconds.milliseconds, minuteMS: lateness.minute.milliseconds)
    }
}

extension ChecksStatus {
    fileprivate init(_ load: CheckLoad) {
        self.init(
            probes: load.probes, running: load.running, waiting: load.waiting, begun: load.begun,
            queueDelay: LatenessStatus(WorstLateness(load.delay)), failed: load.failed)
    }
}
