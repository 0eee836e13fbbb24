import Glibc
import Linux
import Logging
import Settings

/// Log lines on standard error, as text or JSON; with systemd's level in front (sd-daemon(3)) where a journal reads
/// them.
struct LineLog: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level
    private let format: LogSettings.Format
    private let hasJournal: Bool

    init(_ settings: LogSettings) {
        logLevel = Logger.Level(settings.level)
        format = settings.format
        hasJournal = settings.sink == .journal && getenv("JOURNAL_STREAM") != nil
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var line = hasJournal ? "<\(event.level.priority)>" : ""
        switch format {
        case .text:
            line += hasJournal ? "\(event.message)" : "\(Clock.wallText()) \(event.level): \(event.message)"
        case .json:
            let fields = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
            line +=
                "{\"time\":\"\(Clock.wallText())\",\"level\":\"\(event.level)\""
            line += ",\"message\":\(quote("\(event.message)"))"
            for (key, value) in fields { line += ",\(quote(key)):\(quote("\(value)"))" }
            line += "}"
        }
        let bytes = Array((line + "\n").utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }

    private func quote(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case _ where scalar.value < 0x20: quoted += " "
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

extension Logger.Level {
    init(_ level: LogSettings.Level) {
        self =
            switch level {
            case .debug: .debug
            case .info: .info
            case .notice: .notice
            case .warning: .warning
            case .error: .error
            }
    }

    /// syslog's number.
    fileprivate var priority: Int {
        switch self {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
