import Addresses
import Election
import Heartbeat

/// What a fault alone, to a pair at rest, must lead to before it ends and after.
enum Expectation: Hashable, Sendable {
    case nothing
    /// No claim at all: the role changes are forbidden.
    case nobodyClaims
    /// The holder of this group may try to give it away, and keeps it: nobody notices.
    case keeps(Int)
    /// What this director served is served by the other within the time of a takeover; no other group changes.
    case movesFrom(Seat)
    /// As much without a moment in which nobody serves.
    case leaves(Seat)
    /// This group goes to the other director without a moment in which nobody serves it; no other group changes.
    case handsOver(Int)
    /// This director is away for a moment and goes on where it was; nobody on the wire notices.
    case returns(Seat)
    /// The network is cut: both hold everything, and when it is whole again the later claim wins.
    case claimsAll
    /// This director is cut off from everybody: within the time of a takeover the other serves what this one served,
    /// and this one claims nothing.
    case losesAll(Seat)
    /// What this director served may go to the other without a moment in which nobody serves; nothing else changes.
    case mayLeave(Seat)
}

extension Fate {
    func expected(of fault: Fault) -> Expectation {
        let options = pair.options
        guard before.allSatisfy({ $0 != nil }), !pair.oracle.isPausing(pair.now) else { return .nothing }
        guard askedAt.map({ pair.now - $0 > options.handPatience * 2 + options.takeover }) ?? true else {
            return .nothing
        }
        guard fault.isFailure(options) else { return .nothing }
        if fault.isBrief { return isShort(fault) ? .nobodyClaims : .nothing }
        switch fault.kind {
        case .crash, .reboot: return .movesFrom(fault.seat)
        case .stall, .suspension, .overflow: return .movesFrom(fault.seat)
        // The witness stands by who is there, mute or not.
        case .oneWayCut: return options.partition == .requireWitness ? .nobodyClaims : .movesFrom(fault.seat)
        case .cut: return options.partition == .requireWitness ? .nobodyClaims : .claimsAll
        // Whose lookout has never heard anybody does not miss anybody.
        case .isolation:
            let hasNeighbours = pair[fault.seat].surroundings.outlook.hasNeighbours
            return hasNeighbours ? .losesAll(fault.seat) : .nothing
        case .carrier: return .leaves(fault.seat)
        case .gateway, .witness, .foreignClaim: return .nobodyClaims
        case .ailment: return fault.length < .seconds(3) + options.takeoverTime ? .nobodyClaims : .mayLeave(fault.seat)
        case .pathCut, .replay, .forgery: return .nobodyClaims
        case .loss: return fault.allPaths ? .nothing : .nobodyClaims
        case .disorder: return isHarmless(fault) ? .nobodyClaims : .nothing
        case .hand:
            let isTaker = before[fault.group] == fault.seat.other
            return fault.variant == 0 && isTaker ? .keeps(fault.group) : .nothing
        case .handover: return .handsOver(fault.group)
        case .stop: return .leaves(fault.seat)
        // One that takes as long as the patience finds its addresses lapsed.
        case .restart:
            return fault.length + options.takeover < options.restartPatience ? .returns(fault.seat) : .nothing
        case .unfitness where pair.now < restsUntil: return .nothing
        case .unfitness: return before[fault.group] == fault.seat ? .handsOver(fault.group) : .nobodyClaims
        }
    }

    /// Whether a director that may not hold without a permit keeps its last one over a short fault.
    private func isShort(_ fault: Fault) -> Bool {
        let options = pair.options
        guard options.isGuarded, [.stall, .overflow, .suspension, .isolation].contains(fault.kind) else { return true }
        return fault.length < options.holding - options.interval * 2 - options.slack
    }

    /// While the fault still lasts.
    mutating func judgeBeforeEnd() {
        let unserved = pair.oracle.unserved
        for group in before.indices {
            // A group that is given back to the director it prefers may have been moved and be back already.
            let isBack = pair.options.groups[group].preempt != nil && pair.oracle.claims[group] > 1
            let isServedByOther = isBack || holder(of: group) == before[group]?.other
            let claims = pair.oracle.claims[group]
            switch expectation {
            case .nothing: continue
            case .nobodyClaims: require(claims == 0, group, "is claimed although nothing failed that asks for it")
            case .keeps(let kept) where pair.options.areTogether(kept, group):
                require(unserved[group] == .zero && holder(of: group) == before[group], group, "is not kept")
            case .movesFrom(let seat) where before[group] == seat:
                require(isServedByOther, group, "is not taken over")
                require(unserved[group] <= pair.options.takeover, group, "is taken over late, after \(unserved[group])")
            case .leaves(let seat) where before[group] == seat:
                require(isServedByOther && unserved[group] == .zero, group, "is not handed over without a gap")
            case .handsOver(let moved) where pair.options.areTogether(moved, group):
                require(isServedByOther && unserved[group] == .zero, group, "is not handed over without a gap")
            case .returns(let seat):
                let isKept = pair.oracle.claims(of: seat.other)[group] == 0 && pair.oracle.vacancy[group] == .zero
                require(isKept, group, "is not kept over a restart")
            case .losesAll(let seat) where before[group] == seat:
                let isServed = pair.role(seat.other, group: group) == .active
                require(isServed && claims == 1, group, "is not taken over from a director that is cut off")
                require(unserved[group] <= pair.options.takeover, group, "is taken over late, after \(unserved[group])")
            case .mayLeave(let seat) where before[group] == seat:
                require(unserved[group] == .zero, group, "is not handed over without a gap")
            case .claimsAll:
                require(claims == 1, group, "is claimed \(claims) times in a partition")
                require(unserved[group] == .zero, group, "is served by nobody in a partition")
            default:
                require(claims == 0, group, "is claimed although its holder is well")
            }
        }
    }

    /// When everything is over.
    mutating func judgeAtRest() {
        defer { expectation = .nothing }
        for group in before.indices where pair.options.groups[group].preempt == nil {
            let isSame = holder(of: group) == before[group]
            switch expectation {
            case .nothing: continue
            case .nobodyClaims: require(isSame && pair.oracle.claims[group] == 0, group, "has moved for nothing")
            case .keeps(let kept) where pair.options.areTogether(kept, group): continue
            case .movesFrom(let seat), .leaves(let seat), .losesAll(let seat):
                require(isSame == (before[group] != seat), group, "is not where it was when the fault ended")
            case .mayLeave(let seat): require(isSame || before[group] == seat, group, "has moved for nothing")
            case .handsOver(let moved):
                require(
                    isSame == !pair.options.areTogether(moved, group), group, "is not where it was when the fault ended"
                )
            case .returns(let seat):
                let isKept = pair.oracle.claims(of: seat.other)[group] == 0 && pair.oracle.vacancy[group] == .zero
                require(isKept && isSame, group, "is not where it was before a restart")
            case .claimsAll: require(!isSame, group, "is not with the director that claimed last")
            case .keeps: require(isSame, group, "has moved for nothing")
            }
        }
    }

    private mutating func require(_ holds: Bool, _ group: Int, _ words: String) {
        guard !holds else { return }
        pair.oracle.complain(pair.now, "\(pair.options.groups[group].name) \(words): \(faults[0].kind.words)")
    }
}
