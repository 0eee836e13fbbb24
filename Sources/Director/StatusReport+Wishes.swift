import Addresses
import Control
import Election
import Heartbeat
import Settings

extension StatusReport {
    var standby: [StandbyStatus] {
        [(local.name, heart.wishes.standby), (peer.name, heart.wishes.peerStandby)]
            .filter { $0.1.isOn }
            .map { director, wish in
                StandbyStatus(
                    director: director, author: author(wish), since: min(Int64(wish.stamp / 1000), wallNow / 1000),
                    reason: reason(wish), shared: heart.wishes.isKnownToPeer(wish.subject))
            }
    }

    var pause: PauseStatus? {
        guard heart.wishes.isPaused else { return nil }
        let wish = heart.wishes.pause
        let until = (wallNow + max(0, (heart.wishes.pauseEnds - now).nanoseconds / 1_000_000)) / 1000
        return PauseStatus(
            author: author(wish), since: until - Int64(wish.length), until: until, reason: reason(wish),
            shared: heart.wishes.isKnownToPeer(.pause))
    }

    private func author(_ wish: Wish) -> Author {
        let (first, second) = (min(local.name, peer.name), max(local.name, peer.name))
        return Author(at: wish.isFromFirst ? first : second, uid: wish.uid)
    }

    private func reason(_ wish: Wish) -> String? { wish.reason.isEmpty ? nil : wish.reason.text }

    /// What a standby costs now.
    var standbyWarnings: [String] {
        guard heart.wishes.standby.isOn else { return [] }
        var warnings: [String] = []
        let indices = settings.groups.indices.filter { heart.groups.indices.contains($0) }
        for index in indices where heart.groups[index].role == .active {
            let isCold = heart.peerWarmth?.isWarm == false
            let why = heart.peerState != .heard ? "is not heard" : isCold ? "is not warm" : "cannot take it"
            warnings.append(
                "\(local.name) is in standby and still active for \(settings.groups[index].name): \(peer.name) \(why)")
        }
        if heart.peerState != .heard, indices.contains(where: { !heart.groups[$0].role.holds }) {
            warnings.append(
                "\(local.name) is in standby and takes nothing over although \(peer.name) is not heard: "
                    + "'tandem online' lets it")
        }
        if heart.wishes.peerStandby.isOn { warnings.append(Desk.bothInStandby) }
        return warnings
    }
}
