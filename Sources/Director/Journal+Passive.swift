import Balancing
import Control
import Logging
import Settings

extension Journal {
    /// One line when a server sends nothing back, and when it does again. It is advice: the verdict stays.
    func record(_ change: SilenceChange) {
        let name = "service \(change.server.service): server \(change.server.server)"
        let (words, state, level): (String, String, Logger.Level) =
            switch change.what {
            case .silent(let silence, let time):
                (
                    "sends nothing back: \(silence.connections) new connections in "
                        + "\(DurationText.print(.seconds(time.components.seconds))), and not one packet from it",
                    "silent", .warning
                )
            case .answers: ("sends packets back again", "answers", .notice)
            case .idle: ("gets no new connections any more; whether it would answer is not known", "idle", .notice)
            }
        record(.verdict, "\(name) \(words)", level: level) { event in
            event.service = change.server.service
            event.server = "\(change.server.server)"
            event.to = state
        }
    }
}
