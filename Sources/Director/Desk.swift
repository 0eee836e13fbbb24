import Balancing
import Checks
import Control
import Election
import Heartbeat
import Linux
import Logging
import Netlink
import Sealing
import Settings
import SettingsFile
import Synchronization

/// Answers for the director: status, tables, handovers, reloads.
final class Desk: ControlTarget {
    struct State {
        var settings: Settings
        /// Of the settings; absent: nobody has asked for it yet.
        var digest: UInt64?
        var loadedAt: Int64
        var refusedAt: Int64?
        var problems: [String] = []
    }

    let file: String
    private let director: Int
    let organs: Organs
    let store: StateStore
    let keeper: KeyKeeper
    let comparer: Comparer
    let overrides: OverrideKeeper
    let journal: Journal
    let reading = TableReading()
    let figures = MetricsReading()
    let metricsPlace: MetricsPlace
    private let startWarnings: [String]
    private let started = Clock.wallMilliseconds() / 1000
    let state: Mutex<State>
    let pair: String
    let local: String
    let peer: String

    init(
        file: String, start: DirectorStart, organs: Organs, store: StateStore, keys: KeyKeeper, comparer: Comparer,
        overrides: OverrideKeeper, journal: Journal, warnings: [String]
    ) {
        self.file = file
        director = start.director
        self.organs = organs
        self.store = store
        keeper = keys
        self.comparer = comparer
        self.overrides = overrides
        self.journal = journal
        startWarnings = warnings
        pair = start.settings.pair.name
        local = start.local.name
        peer = start.peer.name
        metricsPlace = MetricsPlace(start.settings.metrics?.listen(of: start.local.name))
        state = Mutex(State(settings: start.settings, loadedAt: Clock.wallMilliseconds() / 1000))
    }

    var settings: Settings { state.withLock { $0.settings } }

    // MARK: Status

    func status() async -> Status {
        let checks = (try? await organs.checker.snapshot()) ?? [:]
        let load = try? await organs.checker.load()
        let verdicts = await verdicts
        let (settings, configuration) = state.withLock { state in
            let digest = state.digest ?? state.settings.digest
            state.digest = digest
            return (
                state.settings,
                ConfigurationStatus(
                    file: file, digest: String(digest, radix: 16), loadedAt: state.loadedAt,
                    refusedAt: state.refusedAt, problems: state.problems)
            )
        }
        return StatusReport(
            settings: settings, director: director, started: started, configuration: configuration,
            heart: organs.heartBoard.current, hand: organs.handBoard.current, balancer: organs.balancerBoard.current,
            fitness: organs.fitnessBoard.current, changes: organs.changes.current, sync: organs.syncBoard.current,
            lookout: organs.lookoutBoard.current, checks: checks, load: load, verdicts: verdicts.shared,
            consequences: verdicts.consequences, withdrawals: organs.withdrawals.current.services,
            extraWarnings: startWarnings + store.problems + organs.handBoard.warnings + organs.trackerWarnings
                + (metricsPlace.problem.map { [$0] } ?? []),
            witness: organs.envoy == nil ? nil : organs.envoyBoard.current, overrides: overrides.view,
            now: Clock.now(), wallNow: Clock.wallMilliseconds()
        ).status
    }

    func tables() async throws(ControlRefusal) -> TableReport {
        let view = organs.balancerBoard.current
        let foreign = view.foreign.map(text) ?? ""
        return TableReport(
            desired: text(view.desired), kernel: view.ours.map(text), foreign: foreign.isEmpty ? nil : foreign)
    }

    private func text(_ table: Table) -> String {
        TableText.rules(table).map { $0 + "\n" }.joined()
    }

    func diff(limit: Int) async throws(ControlRefusal) -> DiffReport { try await comparer.report(limit: limit) }

    // MARK: Keys

    func keys() async -> KeysReport { await keeper.report() }

    func changeKeys(_ order: KeyOrder) async throws(ControlRefusal) -> KeysReport { try await keeper.carryOut(order) }

    // MARK: Handover

    func handover(_ request: HandoverRequest) async throws(ControlRefusal) -> HandoverReport {
        let groups = state.withLock { $0.settings.groups.map(\.name) }
        let heart = organs.heartBoard.current
        let target = try target(of: request, heart, groups)
        let chosen = groups.indices.filter { index in
            guard request.group == nil || request.group == groups[index] else { return false }
            guard heart.groups.indices.contains(index) else { return false }
            return target == peer ? heart.groups[index].role == .active : heart.groups[index].role == .backup
        }
        guard !chosen.isEmpty else {
            throw ControlRefusal(.conflict, nothingToHandOver(request, target))
        }
        guard heart.peerState == .heard else {
            throw ControlRefusal(.conflict, "\(peer) is not heard: there is nobody to hand over to or from")
        }
        let standby = target == local ? heart.wishes.standby : heart.wishes.peerStandby
        guard !standby.isOn else {
            throw ControlRefusal(.conflict, "\(target) is in standby and takes nothing; first: tandem online \(target)")
        }
        if request.force != true { try requireWarmth(of: target, heart, for: chosen.map { groups[$0] }) }
        for index in chosen { organs.heart.post(.handOver(group: index)) }
        return HandoverReport(groups: chosen.map { groups[$0] }, to: target)
    }

    /// A planned change of role loses nothing, or is not made (DESIGN rule 6).
    private func requireWarmth(
        of taker: String, _ heart: HeartBoard.View, for groups: [String]
    ) throws(ControlRefusal) {
        let prospect = organs.syncBoard.current.prospect(
            of: groups, names: state.withLock { $0.settings.groups.map(\.name) }, isTakerHere: taker == local)
        guard let warmth = taker == peer ? heart.peerWarmth : heart.ownWarmth, !warmth.isWarm || prospect.isCold else {
            return
        }
        throw ControlRefusal(
            .conflict,
            "\(taker) is not warm: \(warmth.words)\(prospect.words); wait until it is, or lose them with --force")
    }

    private func nothingToHandOver(_ request: HandoverRequest, _ target: String) -> String {
        if request.group == nil, request.to == nil {
            return "\(local) holds no group that it could hand over; to get the groups of \(peer), say --to \(local)"
        }
        let what = request.group.map { "group \($0) has" } ?? "all groups have"
        return "\(what) \(target) as holder already, or no holder at all"
    }

    /// Who shall hold the group: as asked, else whoever does not now.
    private func target(
        of request: HandoverRequest, _ heart: HeartBoard.View, _ groups: [String]
    ) throws(ControlRefusal) -> String {
        if let name = request.group, !groups.contains(name) {
            throw ControlRefusal(
                .unknown, "there is no group \(name); there are: \(groups.joined(separator: ", "))")
        }
        if let to = request.to {
            guard to == local || to == peer else {
                throw ControlRefusal(.unknown, "there is no director \(to); there are: \(local), \(peer)")
            }
            return to
        }
        guard let name = request.group, let index = groups.firstIndex(of: name), heart.groups.indices.contains(index)
        else { return peer }
        return heart.groups[index].role == .active ? peer : local
    }
}
