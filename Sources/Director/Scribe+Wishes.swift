import Control
import Heartbeat
import Settings

extension Scribe {
    func write(_ wish: Wish) {
        let by = wish.isFromFirst ? names.first : names.second
        let reason = wish.reason.isEmpty ? nil : wish.reason.text
        let sentence = "\(words(wish)), asked for by uid \(wish.uid) at \(by)\(reason.map { ": \($0)" } ?? "")"
        journal.record(.wish, sentence) { event in
            event.reason = reason
            event.uid = wish.uid
            event.to = wish.isOn ? "on" : "off"
        }
    }

    private func words(_ wish: Wish) -> String {
        let length = DurationText.print(.seconds(Int64(wish.length)))
        return switch (wish.subject, wish.isOn) {
        case (.pause, true): "the pair pauses for \(length)"
        case (.pause, false): "the pause of the pair is ended"
        case (.firstStandby, let isOn): standby(names.first, isOn)
        case (.secondStandby, let isOn): standby(names.second, isOn)
        }
    }

    private func standby(_ director: String, _ isOn: Bool) -> String {
        isOn ? "director \(director) goes into standby" : "director \(director) is online again"
    }

    /// Of both directors, the lower one first.
    private var names: (first: String, second: String) { (min(local, peer), max(local, peer)) }
}
