import Addresses
import Control
import Drills
import Synchronization

/// What looks at a lab during a round: probes of the addresses from the client, a watch of both directors' wires, and
/// the load instead of the probes if it is wanted. On a live pair there are none.
final class Instruments: Sendable {
    private let probes: [OwnThread<ProbeReport>]
    private let watch: AddressWatch
    private let watcher: OwnThread<Bool>?
    private let load: OwnThread<LoadReport>?
    private let isLoadReady: Flag

    /// Set once, by another thread.
    private final class Flag: Sendable {
        let isSet = Atomic(false)
    }

    init(_ stage: Stage, _ standing: Stage.Standing, runsLoad: Bool) throws(DrillError) {
        let watch = AddressWatch(addresses: standing.addresses)
        let flag = Flag()
        self.watch = watch
        isLoadReady = flag
        guard let lab = stage.lab else {
            (probes, watcher, load) = ([], nil, nil)
            return
        }
        let nodes = lab.nodes
        watcher = try OwnThread("watch", in: nil) { isToEnd throws(DrillError) in
            try watch.run(nodes, until: isToEnd)
            return true
        }
        guard runsLoad else {
            load = nil
            probes = try Self.probes(standing.addresses, in: lab.client)
            return
        }
        probes = []
        let settings = LoadSettings(targets: lab.loadTargets)
        load = try OwnThread("load", in: lab.client) { _ throws(DrillError) in
            var load = try Load(settings)
            return try load.run { if $0 == .now { flag.isSet.store(true, ordering: .relaxed) } }
        }
    }

    private static func probes(
        _ addresses: [IPAddress], in client: String
    ) throws(DrillError) -> [OwnThread<ProbeReport>] {
        var probes: [OwnThread<ProbeReport>] = []
        for (lane, address) in addresses.enumerated() {
            probes.append(
                try OwnThread("probe", in: client) { isToEnd throws(DrillError) in
                    var probe = try Probe(address: address, interval: .milliseconds(1), lane: UInt16(lane))
                    return probe.run(until: isToEnd)
                })
        }
        return probes
    }

    /// Until everything looks, and a moment longer that is never in step with the heartbeats.
    func awaitReadiness() async throws {
        try await Task.sleep(for: .milliseconds(Int.random(in: 500..<1500)))
        while let load, load.result == nil, !isLoadReady.isSet.load(ordering: .relaxed) {
            try await Task.sleep(for: .milliseconds(20))
        }
        for result in probes.compactMap(\.result) { _ = try result.get() }
        if let result = watcher?.result { _ = try result.get() }
    }

    func end() {
        for probe in probes { probe.end() }
        watcher?.end()
    }

    var addressChanges: [AddressWatch.Change] { watch.changes }

    /// Whether any address is at a director.
    func isOnWire(_ director: String) -> Bool {
        guard watcher != nil else { return false }
        var there: Set<IPAddress> = []
        for change in watch.changes where change.director == director {
            if change.isThere { there.insert(change.address) } else { there.remove(change.address) }
        }
        return !there.isEmpty
    }

    func awaitLoad() async throws -> LoadReport? {
        guard let load else { return nil }
        return try await Self.outcome(of: load)
    }

    /// After the end.
    func outages(origin: UInt64) async throws -> [Outage] {
        var outages: [Outage] = []
        for probe in probes { outages.append(Outage(try await Self.outcome(of: probe), origin: origin)) }
        return outages
    }

    private static func outcome<Outcome>(of thread: OwnThread<Outcome>) async throws -> Outcome {
        while true {
            if let result = thread.result { return try result.get() }
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}
