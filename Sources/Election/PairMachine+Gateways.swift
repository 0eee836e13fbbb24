import Addresses
import Heartbeat

// A holder whose gateways fell silent while another path to the peer lives (DESIGN 6, row 12). What its own silence
// means only the peer can tell: a router that restarts is gone for both, a link that broke for one. So the holder says
// that no gateway answers it, the peer asks its own at once, and the group moves only when one has answered the peer
// since and still none answers the holder.

extension GroupElection {
    /// A group that moved because of its gateways stays so long before they move it again.
    private static var stayWithGateway: Duration { .seconds(10) }
    /// The shortest time in which a holder asks three times more.
    private static var leastDoubt: Duration { .milliseconds(30) }

    /// A gateway has answered this director since it heard that none answers the peer.
    var hasGateway: Bool {
        guard let peerLacksGatewaysSince, let answered = outlook.gatewayAnswered else { return false }
        return answered > peerLacksGatewaysSince
    }

    /// When a router comes back one of both directors hears of it first, so the other asks again before it believes
    /// that it alone is cut off.
    func isGatewayOnlyThere(_ now: Instant) -> Bool {
        guard outlook.lacksGateways, let since = peerHasGatewaySince,
            now - since >= max(takeoverTime, Self.leastDoubt)
        else { return false }
        if let answered = outlook.gatewayAnswered, answered >= since { return false }
        return gatewaysMovedAt.map { now - $0 >= Self.stayWithGateway } ?? true
    }
}

extension PairMachine {
    /// What fell silent lately is looked at more closely for so long, and no longer.
    private static var attention: Duration { .seconds(10) }

    /// One of several paths has just missed its heartbeats: its link may carry a group.
    func isAnyPathSilent(_ now: Instant) -> Bool {
        guard lifeline.state == .heard else { return false }
        for index in paths.indices {
            guard let lastHeard = paths[index].lastHeard else { continue }
            let silence = now - lastHeard
            if silence >= partitionTimes.missed, silence < Self.attention { return true }
        }
        return false
    }

    /// The peer has just said that it has no gateway, and wants to know; or that it has one, and this director has not.
    func isGatewayAskedFor(_ now: Instant) -> Bool {
        for index in groups.indices {
            let asked = groups[index].hasGateway ? nil : groups[index].peerLacksGatewaysSince
            guard let since = asked ?? groups[index].peerHasGatewaySince else { continue }
            if now - since < Self.attention { return true }
        }
        return false
    }
}
