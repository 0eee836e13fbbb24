import Addresses
import Control
import Drills

/// Runs one drill on a stage, round by round.
struct Rehearsal {
    struct Options {
        /// How long a fault lasts that is to change nothing; nil: as the drill says.
        var seconds: Double?
        var runsLoad = false
        var young = 0
        var repeats: UInt64 = 0
        var slowest = 250.0
    }

    let drill: Drill
    let stage: Stage
    let facts: PairFacts
    let options: Options

    func round(_ number: Int) async throws -> Round {
        let (fault, before) = try await readyFault()
        let expects = drill.expectation(facts)
        let events = await EventWatch(stage, group: before.group)
        defer { events.end() }
        let instruments = try Instruments(stage, before, runsLoad: options.runsLoad)
        defer { instruments.end() }
        try await instruments.awaitReadiness()
        let lateness = await stage.latenessMS()

        let origin = MonotonicClock.now.nanoseconds
        try await fault.begin()
        try await awaitEffect(expects, before, events, instruments, origin: origin)
        try await fault.end()
        let ended = MonotonicClock.now.nanoseconds
        let after = try await stage.settle()
        let settled = MonotonicClock.now.nanoseconds
        // What was on its way is seen; after a planned change, a giver's address on lo lapses.
        try await Task.sleep(for: .seconds([.handover, .stop].contains(drill) ? 2.5 : 0.5))
        let load = try await instruments.awaitLoad()
        instruments.end()

        var moments = [Moment(0, .begun, before.holder)]
        moments.append(Moment(Moment.milliseconds(ended, since: origin), .ended, before.holder))
        if after != nil { moments.append(Moment(Moment.milliseconds(settled, since: origin), .settled)) }
        moments += events.events.map { Moment($0.event, $0.director, origin: origin) }
        moments += instruments.addressChanges.map { Moment($0, origin: origin) }
        moments.append(Moment(Moment.milliseconds(MonotonicClock.now.nanoseconds, since: origin), .over))
        var round = Round(
            number: number, holder: before.holder, other: before.other, timeline: moments,
            outages: try await instruments.outages(origin: origin), load: load, holderAfter: after?.holder)
        round.latenessMS = max(lateness, await stage.latenessMS())
        round.broken = round.judged(expects) + loadRules(load)
        return round
    }

    /// What makes ready for a failure may have restarted daemons, and on a busy machine the group moved.
    private func readyFault() async throws -> (Fault, Stage.Standing) {
        var standing = try await settled()
        for _ in 0..<3 {
            let fault = try Fault(drill, stage, standing)
            let holder = standing.holder
            standing = try await settled()
            if standing.holder == holder { return (fault, standing) }
        }
        throw DrillError("the group moves while the lab gets ready")
    }

    private func settled() async throws -> Stage.Standing {
        guard let standing = try await stage.settle() else {
            throw DrillError("the pair is not one active director and its backup, each hearing the other")
        }
        return standing
    }

    /// Until the other director has taken over, or for as long as a fault must change nothing.
    private func awaitEffect(
        _ expects: Expectation, _ before: Stage.Standing, _ events: EventWatch, _ instruments: Instruments,
        origin: UInt64
    ) async throws {
        guard expects.moves else { return try await Task.sleep(for: .seconds(options.seconds ?? drill.seconds)) }
        let limit = max(
            (expects.alone ?? 0) * 2, facts.claimMS * 4,
            [.gatewayLossOne, .silentLink].contains(drill) ? 90_000 : 10_000)
        let deadline = ContinuousClock.now + .milliseconds(limit)
        while ContinuousClock.now < deadline {
            let isAlone = expects.both == nil || !instruments.isOnWire(before.holder)
            if events.hasRole("active", before.other, since: origin), isAlone { break }
            try await Task.sleep(for: .milliseconds(5))
        }
        try await Task.sleep(for: .seconds(1))
    }

    /// Rule 15: what the load noticed.
    private func loadRules(_ load: LoadReport?) -> [BrokenRule] {
        guard let load else { return [] }
        let isPlanned = drill.expectation(facts).losesNothing
        let judgements =
            isPlanned
            ? Judgement.handover(load, slowest: options.slowest, young: options.young, repeats: options.repeats)
            : Judgement.takeover(load)
        return judgements.filter { !$0.holds }.map { BrokenRule(rule: 15, sentence: $0.sentence) }
    }
}

/// What causes the drill's failure: the lab's program, or the API.
private struct Fault {
    private let process: FaultProcess?
    private let handover: (ControlClient, HandoverRequest)?

    init(_ drill: Drill, _ stage: Stage, _ standing: Stage.Standing) throws {
        guard drill != .handover else {
            guard let client = stage.directors[standing.holder] ?? stage.directors.values.first else {
                throw DrillError("there is no director to ask")
            }
            handover = (client, HandoverRequest(group: standing.group, to: standing.other))
            process = nil
            return
        }
        guard let lab = stage.lab else { throw DrillError("\(drill.rawValue) is for the lab") }
        handover = nil
        process = try FaultProcess(lab.fault + [drill.rawValue, standing.holder])
    }

    func begin() async throws {
        if let (client, request) = handover { _ = try await client.handover(request) }
        try process?.begin()
    }

    func end() async throws { try process?.end() }
}
