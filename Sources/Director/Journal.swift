import Addresses
import Control
import Election
import Linux
import Logging
import Settings

/// Tells people what happens: into the events of the API and the log, from any thread but the heart's.
struct Journal: Sendable {
    let events: EventLog
    let logger: Logger

    /// A sentence that somebody should read.
    func warn(_ sentence: String) {
        record(.warning, sentence, level: .warning)
    }

    func warn(_ sentence: String, about group: String) {
        record(.warning, sentence, level: .warning) { $0.group = group }
    }

    /// For the log alone.
    func inform(_ sentence: String) { logger.notice("\(sentence)") }

    @discardableResult
    func record(
        _ kind: Event.Kind, _ sentence: String, level: Logger.Level = .notice, _ fill: (inout Event) -> Void = { _ in }
    ) -> Event {
        var event = Event(
            time: Clock.wallMilliseconds(), monotonic: Clock.now().nanoseconds, kind: kind, message: sentence)
        fill(&event)
        logger.log(level: level, "\(sentence)", metadata: event.metadata)
        return events.append(event)
    }
}

extension Event {
    /// What a journal can be searched by.
    fileprivate var metadata: Logger.Metadata {
        var metadata: Logger.Metadata = ["kind": "\(kind.rawValue)"]
        let fields: [(String, String?)] = [
            ("group", group), ("from", from), ("to", to), ("term", term.map(String.init)), ("reason", reason),
            ("previous_holder", previousHolder), ("mac", mac), ("service", service), ("server", server),
        ]
        for case (let name, let value?) in fields { metadata[name] = "\(value)" }
        return metadata
    }
}
