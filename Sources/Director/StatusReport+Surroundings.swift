import Addresses
import Control
import Election
import Heartbeat
import Settings

/// Paths, gateways and foreign claims.
extension StatusReport {
    /// Whether anything came on a path within the takeover time.
    func hears(_ path: Int) -> Bool {
        guard heart.paths.indices.contains(path) else { return false }
        return heart.paths[path].isHeard(within: settings.pair.timing.takeoverTime, now: now)
    }

    /// Whether the peer says so of this director; nil where it does not say, or is not heard.
    func isHeard(_ path: Int) -> Bool? {
        guard heart.peerState == .heard, heart.pathsHeardByPeer & Heartbeat.saysPaths != 0 else { return nil }
        return heart.pathsHeardByPeer & 1 << UInt16(path) != 0
    }

    /// Which paths are cut, and which way, while another one works.
    var cutPaths: [String] {
        let cuts = local.addresses.indices.compactMap { path -> String? in
            let name = "path \(path + 1) (\(local.addresses[path]) - \(peer.addresses[path]))"
            switch (hears(path), isHeard(path)) {
            case (true, false?):
                return "\(name) is cut one way: \(local.name) hears \(peer.name) there, \(peer.name) hears nothing"
            case (false, true?):
                return "\(name) is cut one way: \(peer.name) hears \(local.name) there, \(local.name) hears nothing"
            case (false, false?): return "\(name) is cut"
            default: return nil
            }
        }
        guard cuts.isEmpty, !heart.isHeard else { return cuts }
        return ["\(peer.name) does not hear this director: a path is cut one way"]
    }

    var gateways: [GatewayStatus] {
        lookout.gateways.map { gateway in
            let state: GatewayStatus.State =
                switch gateway.state {
                case .answering: .answers
                case .silent: .silent
                case .unknown: .unknown
                }
            return GatewayStatus(
                address: gateway.address.description, interface: gateway.interface,
                groups: gateway.groups.map { settings.groups[$0].name }, state: state, since: date(gateway.since),
                roundTripMS: gateway.roundTrip == .zero ? nil : gateway.roundTrip.milliseconds)
        }
    }

    var claims: [ClaimStatus] {
        lookout.claims.map { claim in
            ClaimStatus(
                address: claim.record.address.description, group: settings.groups[claim.group].name,
                mac: claim.record.mac.description, interface: claim.interface, since: date(claim.record.since),
                times: claim.record.count(now: now))
        }
    }

    var surroundings: [String] {
        let foreign = lookout.claims.map { claim in
            let times = claim.record.count(now: now)
            return "\(claim.record.address) is claimed by \(claim.record.mac) on \(claim.interface), "
                + (times == 1 ? "once" : "\(times) times") + " in the last minute"
        }
        let silent = lookout.gateways.filter { $0.state == .silent }.map { gateway in
            let groups = gateway.groups.map { settings.groups[$0].name }.joined(separator: ", ")
            return "gateway \(gateway.address) of group \(groups) does not answer on \(gateway.interface)"
        }
        return foreign + silent + lookout.problems
    }
}
