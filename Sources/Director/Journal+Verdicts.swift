import Agreement
import Checks
import Control
import Logging
import Settings

extension Journal {
    /// One line per change of verdict; a server's first good result is no news.
    func record(_ change: VerdictChange) {
        let service = change.server.service
        var server: String { "\(change.server.server)" }
        switch change.verdict {
        case .up:
            guard change.previous != nil else { return }
            record(.verdict, "service \(service): server \(server) is up") { event in
                event.service = service
                event.server = server
                event.from = "down"
                event.to = "up"
            }
        case .down(let failure):
            record(.verdict, "service \(service): server \(server) is down: \(failure)", level: .warning) { event in
                event.service = service
                event.server = server
                event.from = change.previous == nil ? "unknown" : "up"
                event.to = "down"
                event.reason = failure.description
            }
        }
    }
}
