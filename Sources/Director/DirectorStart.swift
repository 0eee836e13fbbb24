import Addresses
import Election
import Heartbeat
import Linux
import Netlink
import Sealing
import Settings
import SettingsFile

/// Everything that is known before the first thread starts.
struct DirectorStart: Sendable {
    let settings: Settings
    let director: Int
    let ring: KeyRing
    /// The witness's keys; absent where there is none.
    let witnessRing: KeyRing?
    /// This director's link-layer address on each path; 0 where it is not known.
    let macs: [UInt64]
    /// The virtual addresses that an earlier life left here, and their groups.
    let present: Set<IPAddress>
    let found: Set<Int>

    init(config: String, node: String?) throws {
        let loaded = SettingsFile.load(path: config)
        guard let settings = loaded.settings else {
            throw StartProblem(description: loaded.problems.map { "\($0)" }.joined(separator: "\n"))
        }
        var route = try RouteSocket()
        let addresses = try route.addresses()
        let director = try settings.identify(node: node, ownAddresses: Set(addresses.map(\.prefix.address)))
        let links = try route.links()
        macs = settings.pair.directors[director].addresses.map { own in
            let interface = addresses.first { $0.prefix.address == own }?.interface
            return links.first { $0.index == interface }?.mac?.number ?? 0
        }
        let present = Self.present(settings, director: director, addresses: addresses, links: links)
        self.present = present
        found = Set(
            settings.groups.indices.filter { index in
                settings.groups[index].addresses.contains { present.contains($0.prefix.address) }
            })
        ring = try KeyRing.load(path: settings.pair.keys)
        witnessRing = try settings.witnessRing()
        self.settings = settings
        self.director = director
    }

    private static func present(
        _ settings: Settings, director: Int, addresses: [InterfaceAddress], links: [Link]
    ) -> Set<IPAddress> {
        var present: Set<IPAddress> = []
        for group in settings.groups.map({ HandGroup($0, of: settings.pair.directors[director]) }) {
            for address in addresses where address.interface != Link.loopbackIndex {
                guard let offset = group.offsets[address.prefix.address] else { continue }
                if group.targets[offset].isLeft(address, links) { present.insert(address.prefix.address) }
            }
        }
        return present
    }

    var local: DirectorSettings { settings.pair.directors[director] }
    var peer: DirectorSettings { settings.pair.directors[1 - director] }

    var paths: [PathSettings] {
        zip(local.addresses, peer.addresses).map { PathSettings(local: $0, peer: $1, port: settings.pair.port) }
    }

    func machine(remembered: Remembered, now: Instant) -> PairMachine<OpenSSLSealer> {
        var random = SystemRandomNumberGenerator()
        let identity = Peering<OpenSSLSealer>.Identity(
            pair: settings.pair.name, local: local.name, peer: peer.name, boot: BootID(random: &random))
        let peering = Peering(identity: identity, sealer: OpenSSLSealer(), keys: ring.shared, sending: ring.sending)
        return PairMachine(
            settings: electionSettings, peering: peering, found: found, remembered: remembered, now: now)
    }

    private var electionSettings: ElectionSettings {
        ElectionSettings(
            local: local.name, peer: peer.name, interval: settings.pair.timing.interval,
            misses: settings.pair.timing.misses, paths: paths.count,
            groups: zip(settings.groups, settings.company).map { group, company in
                ElectionGroup(
                    name: group.name,
                    preference: group.prefer.map { $0 == local.name ? .local : .peer } ?? .none,
                    preempt: group.preempt.delay, partition: PartitionRule(settings.pair.partitionPolicy(of: group)),
                    together: company)
            })
    }
}

extension DirectorStart {
    /// What the envoy needs; absent where there is no witness.
    var envoy: EnvoyStart? {
        guard let witness = settings.pair.witness, let witnessRing else { return nil }
        let timing = settings.pair.timing
        return EnvoyStart(
            pair: settings.pair.name, director: local.name, witness: witness.endpoint, keys: witnessRing.shared,
            sending: witnessRing.sending, groups: electionSettings.groups.map(\.id), interval: timing.interval,
            takeoverTime: timing.takeoverTime, own: local.addresses,
            virtual: Set(settings.groups.flatMap { $0.addresses.map(\.prefix.address) }))
    }
}

extension Settings {
    /// The keys that the directors share with the witness; nil where there is none.
    func witnessRing() throws(KeyFileError) -> KeyRing? {
        guard let witness = pair.witness else { return nil }
        return try KeyRing.load(path: witness.key)
    }
}

extension KeyRing {
    /// As the sessions know them.
    var shared: [SharedKey] { keys.map { SharedKey(id: $0.id, secret: $0.secret) } }
}

extension PartitionRule {
    fileprivate init(_ policy: PartitionPolicy) {
        self =
            switch policy {
            case .keepActive: .keepActive
            case .requireGateway: .requireGateway
            case .requireWitness: .requireWitness
            }
    }
}

extension Preemption {
    fileprivate var delay: Duration? {
        switch self {
        case .never: nil
        case .after(let delay): delay
        }
    }
}
