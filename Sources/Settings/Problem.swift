/// Something wrong in a configuration file, for the person who wrote it.
package struct Problem: Hashable, Sendable {
    package enum Severity: String, Hashable, Sendable, CaseIterable {
        /// The file is not used.
        case error
        /// The file is used, and somebody should look.
        case warning
    }

    package var severity: Severity
    /// As the person named it, or as the pattern of an `include` found it.
    package var file: String
    /// From 1; 0 when the whole file is meant.
    package var line: Int
    /// From 1, in characters; 0 when the whole file is meant.
    package var column: Int
    /// A sentence without full stop that names the thing and the remedy.
    package var message: String
    /// The nearest valid word.
    package var suggestion: String?

    package init(
        severity: Severity = .error, file: String, line: Int = 0, column: Int = 0, message: String,
        suggestion: String? = nil
    ) {
        self.severity = severity
        self.file = file
        self.line = line
        self.column = column
        self.message = message
        self.suggestion = suggestion
    }
}

extension Problem: CustomStringConvertible {
    /// `tandem.yaml:12:8: error: sentence (did you mean "x"?)`
    package var description: String {
        let place = line == 0 ? file : "\(file):\(line):\(column)"
        let hint = suggestion.map { " (did you mean \"\($0)\"?)" } ?? ""
        return "\(place): \(severity.rawValue): \(message)\(hint)"
    }
}
