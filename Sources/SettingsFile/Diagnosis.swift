import Settings

/// Collects problems by place.
struct Diagnosis {
    /// The names of the files, in the order of `Mark.file`.
    var files: [String] = []
    /// How many nodes and bytes have been read of all files.
    var nodes = 0
    var bytes = 0
    private var found: [(mark: Mark, problem: Problem)] = []
    private var known: Set<Problem> = []
    private var dropped = 0
    private(set) var hasErrors = false

    mutating func error(_ mark: Mark, _ message: String, suggestion: String? = nil) {
        report(.error, mark, message, suggestion: suggestion)
    }

    mutating func warning(_ mark: Mark, _ message: String, suggestion: String? = nil) {
        report(.warning, mark, message, suggestion: suggestion)
    }

    mutating func report(_ severity: Problem.Severity, _ mark: Mark, _ message: String, suggestion: String? = nil) {
        if severity == .error { hasErrors = true }
        let problem = Problem(
            severity: severity, file: files[mark.file], line: mark.line, column: mark.column, message: message,
            suggestion: suggestion)
        guard known.count < Limits.problems else {
            dropped += 1
            return
        }
        if known.insert(problem).inserted { found.append((mark, problem)) }
    }

    /// `file:line` of a mark, for messages about two places.
    func place(_ mark: Mark) -> String { "\(files[mark.file]):\(mark.line)" }

    /// By file in the order of reading, then by line and column; errors first.
    func sorted() -> [Problem] {
        let ordered = found.sorted { left, right in
            let places = (
                (left.mark.file, left.mark.line, left.mark.column),
                (right.mark.file, right.mark.line, right.mark.column)
            )
            if places.0 != places.1 { return places.0 < places.1 }
            if left.problem.severity != right.problem.severity { return left.problem.severity == .error }
            return left.problem.message < right.problem.message
        }
        var problems = ordered.map(\.problem)
        if dropped > 0, let file = files.first {
            let more = Words.count(dropped, "more problem") + " not shown; mend these first"
            problems.append(Problem(severity: hasErrors ? .error : .warning, file: file, message: more))
        }
        return problems
    }
}
