import Control
import Election
import Heartbeat
import Linux
import Settings

/// Standby and pause.
extension Desk {
    func wish(_ order: WishOrder, by uid: UInt32) async throws(ControlRefusal) -> WishReport {
        var wish = try wish(order)
        wish.uid = uid
        wish.stamp = UInt64(clamping: max(1, Clock.wallMilliseconds()))
        organs.heart.post(.wish(wish))
        try await wait(for: wish)
        let isStandby = wish.subject != .pause
        return WishReport(
            wish: isStandby ? (wish.isOn ? "standby" : "online") : (wish.isOn ? "pause" : "resume"),
            director: isStandby ? name(of: wish.subject) : nil,
            until: wish.isOn && !isStandby ? Clock.wallMilliseconds() / 1000 + Int64(wish.length) : nil,
            warnings: warnings(wish))
    }

    /// Until it is on the disk: what was answered is not forgotten.
    private func wait(for wish: Wish) async throws(ControlRefusal) {
        for _ in 0..<400 {
            if store.has(wish.subject, stamp: wish.stamp) { return }
            try? await Task.sleep(for: .milliseconds(5))
        }
        let why = store.problems.first ?? "the director is too busy"
        throw ControlRefusal(.unavailable, "it is in force but not stored, and a restart would forget it: \(why)")
    }

    private func wish(_ order: WishOrder) throws(ControlRefusal) -> Wish {
        switch order {
        case .standby(let request): return try standby(request, isOn: true)
        case .online(let request): return try standby(request, isOn: false)
        case .pause(let request):
            let seconds = request.seconds ?? Self.usualPause
            guard (1...Int64(Wish.longestPause)).contains(seconds) else {
                throw ControlRefusal(.malformed, "a pause lasts 1 s to 7 days, not \(seconds) s")
            }
            var wish = Wish(.pause)
            wish.isOn = true
            wish.length = UInt32(seconds)
            wish.reason = try reason(request.reason)
            return wish
        case .resume(let request):
            var wish = Wish(.pause)
            wish.reason = try reason(request.reason)
            return wish
        }
    }

    /// An hour, in seconds.
    private static let usualPause: Int64 = 3600

    private func standby(_ request: StandbyRequest, isOn: Bool) throws(ControlRefusal) -> Wish {
        let node = request.node ?? local
        guard node == local || node == peer else {
            throw ControlRefusal(.unknown, "there is no director \(node); there are: \(local), \(peer)")
        }
        var wish = Wish(organs.heartBoard.current.wishes.standbySubject(ofPeer: node == peer))
        wish.isOn = isOn
        wish.reason = try reason(request.reason)
        return wish
    }

    func reason(_ text: String?) throws(ControlRefusal) -> ShortText {
        let text = text ?? ""
        guard text.utf8.count <= ShortText.room else {
            throw ControlRefusal(.malformed, "the reason has \(text.utf8.count) bytes; \(ShortText.room) is the most")
        }
        guard ShortText(text).text == text else {
            throw ControlRefusal(.malformed, "the reason has control characters in it: write one plain line")
        }
        return ShortText(text)
    }

    private func name(of subject: Wish.Subject) -> String {
        subject == .firstStandby ? min(local, peer) : max(local, peer)
    }

    private func warnings(_ wish: Wish) -> [String] {
        let heart = organs.heartBoard.current
        guard heart.peerState == .heard else {
            return ["\(peer) is not heard: it learns of this when it is"]
        }
        let both = heart.wishes.standby.isOn && heart.wishes.peerStandby.isOn
        return both && wish.subject != .pause && wish.isOn ? [Self.bothInStandby] : []
    }

    static let bothInStandby = "both directors are in standby: nobody takes over when one of them dies"
}
