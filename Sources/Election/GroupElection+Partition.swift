import Addresses
import Heartbeat

extension GroupElection {
    /// A peer that restarts was promised that nobody takes for a death what lasts no longer than its patience: a
    /// director that may hold without a permit meanwhile must not meet another one that has just started.
    static func bootTime(takeoverTime: Duration, interval: Duration, isGuarded: Bool) -> Duration {
        let usual = takeoverTime * bootPatience
        guard isGuarded else { return usual }
        return max(usual, ElectionSettings.restartPatience(takeoverTime: takeoverTime) + interval * 2)
    }

    /// Until when a gateway or the witness vouches for this director; the beginning of time where nobody does.
    ///
    /// - Parameter silence: when the peer was heard last; a gateway must have answered since.
    func permitEnds(_ times: PartitionTimes, silence: Instant) -> Instant {
        let none = Instant(nanoseconds: 0)
        switch rule {
        case .keepActive: return .never
        case .requireGateway:
            guard let answered = outlook.gatewayAnswered, answered > silence else { return none }
            return answered + times.holding
        case .requireWitness:
            guard let grant, role.holds ? grant.term == term : grant.term > highest else { return none }
            return grant.term <= GroupBeat.highestTerm ? grant.until - times.margin : none
        }
    }

    /// Whether nobody has answered on the group's interfaces since then, who would have answered before.
    func isIsolated(since missed: Instant) -> Bool {
        guard outlook.hasCarrier else { return true }
        guard outlook.hasNeighbours else { return false }
        return outlook.neighbourAnswered.map { $0 < missed } ?? true
    }

    /// Whether this director is waiting for its first claim.
    var isBooting: Bool { role == .waiting || role == .returning }

    /// Whether it would take the group if it were free.
    var isReady: Bool { (role == .returning ? mayKeep : isAble) && holdOffUntil == nil }

    func isFitter(than peer: GroupBeat) -> Bool { Int(fitness) >= Int(peer.fitness) + Int(Self.fitterBy) }

    func isLessFit(than peer: GroupBeat) -> Bool { Int(peer.fitness) >= Int(fitness) + Int(Self.fitterBy) }
}
