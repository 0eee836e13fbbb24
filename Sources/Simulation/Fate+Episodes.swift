import Addresses
import Election
import Heartbeat

extension Fate {
    private enum Step {
        case begin(Int)
        case strike(Int)
        /// The last moment of the only fault.
        case judge
        case end(Int)
    }

    /// One fault, or some that overlap.
    mutating func runEpisode() {
        drawFaults()
        before = holders()
        expectation = faults.count == 1 ? expected(of: faults[0]) : .nothing
        episodeBegan = pair.now
        pair.oracle.startWatch()
        let began = pair.now
        for (offset, step) in steps() {
            pair.run(until: began + offset)
            switch step {
            case .begin(let index): begin(index)
            case .strike(let index): strike(faults[index])
            case .judge: judgeBeforeEnd()
            case .end(let index): end(index)
            }
        }
    }

    private mutating func drawFaults() {
        let count = random.pick([1, 1, 1, 1, 2, 2, 3])
        let options = pair.options
        faults = []
        for index in 0..<count {
            var begin = Duration.zero
            if index > 0 {
                let other = random.pick(faults)
                begin = other.begin + random.times(0, 1, other.length)
            }
            faults.append(Fault(random.pick(kinds), options, begin: begin, &random))
        }
        if count == 1 { spareHolders() }
        for index in faults.indices where faults[index].isFailure(options) {
            let isOverlapped = faults.indices.contains { other in
                other != index && faults[other].isFailure(options) && faults[other].overlaps(faults[index])
            }
            tally.count(faults[index].kind, isOverlapped: isOverlapped)
        }
    }

    /// A backup may be late by any time; just about a takeover time is where reading before acting matters.
    private mutating func spareHolders() {
        let holders = Set(holders())
        guard faults[0].kind == .stall, holders.count == 1, let holder = holders.first ?? nil, random.chance(0.5)
        else { return }
        faults[0].seat = holder.other
        faults[0].isBrief = true
        faults[0].length = pair.options.takeoverTime + random.times(-1, 1, pair.options.interval)
    }

    /// Begins, ends, and what an adversary does in between, in the order of time.
    private mutating func steps() -> [(Duration, Step)] {
        var steps: [(Duration, Step)] = []
        for (index, fault) in faults.enumerated() {
            steps.append((fault.begin, .begin(index)))
            if fault.kind == .replay || fault.kind == .forgery {
                let count = 6 + random.index(below: 10)
                for strike in 0..<count {
                    steps.append((fault.begin + fault.length * strike / count, .strike(index)))
                }
            }
            if faults.count == 1 { steps.append((fault.end - .nanoseconds(1), .judge)) }
            steps.append((fault.end, .end(index)))
        }
        return steps.enumerated().sorted { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }.map(\.element)
    }

    /// Lets the pair come to rest; false when it does not within the bound.
    mutating func settle() -> Bool {
        let options = pair.options
        // What was delayed is still under way when the delay has ended, and would prolong a life in the next episode.
        let slow = faults.contains { $0.kind == .witness } ? options.takeoverTime * 4 : .zero
        let stragglers = faults.filter { $0.kind == .disorder }.map { longestDelay($0) }.max() ?? slow
        let limit =
            pair.now + pair.oracle.bounds.convergence + stragglers
            + .seconds(pair.oracle.isPausing(pair.now) ? 60 : 0)
        // What was lost just before the last fault ended shows in two intervals.
        let pause = options.interval * 2 + options.slack + stragglers
        while pair.now - pair.oracle.disturbedAt < pause || !isAtRest {
            guard pair.now < limit else {
                pair.oracle.complain(pair.now, "the pair does not come to rest")
                return false
            }
            for seat in Seat.allCases { pair.start(seat) }
            pair.run(for: options.interval / 2)
        }
        judgeAtRest()
        // A request may still be granted as long as a director asks.
        let patience = max(.seconds(2), options.takeoverTime * 2) + options.takeover
        if askedAt.map({ pair.now - $0 > patience }) ?? true { pair.oracle.expectQuiet() }
        let isLong = random.chance(options.interval < .milliseconds(20) ? 0.02 : 0.05)
        pair.run(for: isLong ? options.takeover * 6 : random.times(0.5, 2.5, options.interval))
        return true
    }

    /// Every group is with one director, where its policy wants it, and nothing is left on the other.
    private var isAtRest: Bool {
        guard Seat.allCases.allSatisfy({ pair[$0].isAwake && !pair[$0].isStopping && pair.peerState($0) == .heard })
        else { return false }
        return pair.options.groups.indices.allSatisfy { group in
            guard let holder = holder(of: group) else { return false }
            let settings = pair.options.groups[group]
            guard settings.preempt == nil || settings.prefers == holder else { return false }
            guard
                pair.options.groups.indices.allSatisfy({
                    !pair.options.areTogether(group, $0) || self.holder(of: $0) == holder
                })
            else { return false }
            if pair.options.partition == .requireWitness, pair.options.without == nil {
                guard pair.granted(group) == pair.petitioner(holder) else { return false }
            }
            // One that was not renewed in a stall runs out first.
            guard pair[holder].kernel.leaseEnds(of: group) - pair.now > pair.options.lease / 2 else { return false }
            return pair.role(holder, group: group) == .active && pair.role(holder.other, group: group) == .backup
                && pair.holders(of: group) == [holder]
        }
    }

    func holders() -> [Seat?] { pair.options.groups.indices.map { holder(of: $0) } }

    /// Who serves a group; nobody where two do.
    func holder(of group: Int) -> Seat? {
        let serving = Seat.allCases.filter { seat in
            let role = pair.role(seat, group: group)
            return pair[seat].isAwake && (role == .active || role == .giving)
                && pair.holders(of: group).contains(seat)
        }
        return serving.count == 1 ? serving[0] : nil
    }
}
