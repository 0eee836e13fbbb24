import Agreement
import Checks
import Control
import Logging
import Settings

extension Journal {
    /// One line for a change of verdict; a server's first good result is no news.
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

    /// - Parameter reason: absent: the addresses are held again.
    func recordWithdrawal(_ sentence: String, of group: String, because reason: String?) -> Event {
        let words = reason.map { "\(sentence): \($0)" } ?? sentence
        return record(.verdict, words, level: reason == nil ? .notice : .warning) { event in
            event.group = group
            event.from = reason == nil ? "withdrawn" : "held"
            event.to = reason == nil ? "held" : "withdrawn"
            event.reason = reason
        }
    }

    /// One line for many servers.
    func record(_ crowd: VerdictTale.Crowd) {
        record(.verdict, "\(crowd)", level: crowd.isUp ? .notice : .warning) { event in
            event.to = crowd.isUp ? "up" : "down"
        }
    }

    /// One line where a service loses its quorum, one where it has it again.
    func record(_ change: QuorumChange) {
        let (view, service) = (change.view, change.service)
        let count = "\(view.up) of \(view.total) servers up, \(view.wanted) wanted"
        let sentence = view.isThere ? "has its quorum again: \(count)" : "lost its quorum: \(count); \(view.remedy)"
        record(.verdict, "service \(service) \(sentence)", level: view.isThere ? .notice : .warning) { event in
            event.service = service
            event.from = view.isThere ? "no quorum" : "quorum"
            event.to = view.isThere ? "quorum" : "no quorum"
            event.reason = count
        }
    }
}

extension QuorumView {
    /// What happens while too few servers are up.
    var remedy: String {
        switch tooFew {
        case .all: "all servers take connections, whatever their verdicts"
        case .keep: "the servers of the last table that had it stay"
        case .fallback: "the fallback answers alone"
        case .withdraw: "the virtual addresses that it listens on are withdrawn"
        }
    }
}

extension DampingSettings {
    /// Why a server is held down, and until when.
    var why: String {
        "it went down \(falls) times within \(DurationText.print(window)), and has to keep its verdict for "
            + DurationText.print(hold)
    }
}
