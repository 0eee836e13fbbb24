import Agreement
import Checks
import Control
import Logging
import Settings

extension Journal {
    /// One line when an agent takes its server out, drains it or takes that back; how much work it wants changes too
    /// often.
    func record(_ change: AdviceChange) {
        var (before, after) = (change.previous, change.advice)
        (before.percent, before.fixed) = (nil, nil)
        (after.percent, after.fixed) = (nil, nil)
        let (from, to) = ("\(before)", "\(after)")
        guard from != to else { return }
        let words = to.isEmpty ? "takes back what it said: \(from)" : "says \(to)"
        record(.verdict, "the agent of server \(change.server) \(words)", level: to.isEmpty ? .notice : .warning) {
            event in
            event.service = change.server.service
            event.server = "\(change.server.server)"
            event.from = from.isEmpty ? "ready" : from
            event.to = to.isEmpty ? "ready" : to
        }
    }
}
