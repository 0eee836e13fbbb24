import ArgumentParser
package import Control

/// A plan as a diff for people: a line for each service that has steps, and below it its servers'.
package enum PlanText {
    package static func text(_ report: PlanReport, _ style: Style = .plain) -> String {
        let chapters = chapters(report.steps).map { text($0, style) }.joined()
        let obstacles = report.obstacles.map { style.paint("Refused: ", .red) + $0 + "\n" }.joined()
        let notes = report.notes.map { $0 + "\n" }.joined()
        return chapters + summary(report.steps) + "\n" + notes + obstacles
    }

    /// What belongs to one service, in the order of its first step.
    private struct PlanChapter {
        var service: String
        var own: PlanStep?
        var servers: [PlanStep] = []
    }

    private static func chapters(_ steps: [PlanStep]) -> [PlanChapter] {
        var chapters: [PlanChapter] = []
        var places: [String: Int] = [:]
        for step in steps {
            let place = places[step.service] ?? chapters.count
            if place == chapters.count { chapters.append(PlanChapter(service: step.service)) }
            places[step.service] = place
            if step.server == nil { chapters[place].own = step } else { chapters[place].servers.append(step) }
        }
        return chapters
    }

    private static func text(_ chapter: PlanChapter, _ style: Style) -> String {
        let head = chapter.own.map { line($0, chapter.service, style) } ?? "  \(chapter.service)\n"
        return head + chapter.servers.map { line($0, "    \($0.server ?? "")", style) }.joined()
    }

    private static func line(_ step: PlanStep, _ name: String, _ style: Style) -> String {
        switch step.action {
        case .add: style.paint("+ \(name)  \(step.after ?? "")", .green) + "\n"
        case .change: style.paint("~ \(name)  \(step.before ?? "?") → \(step.after ?? "?")", .yellow) + "\n"
        case .remove: style.paint("- \(name)  \(step.before ?? "")", .red) + "\n"
        }
    }

    private static func summary(_ steps: [PlanStep]) -> String {
        guard !steps.isEmpty else { return "Nothing to do: the kernel holds what the configuration wants." }
        return "Services: \(counts(steps.filter { $0.server == nil })). "
            + "Servers: \(counts(steps.filter { $0.server != nil }))."
    }

    private static func counts(_ steps: [PlanStep]) -> String {
        let words: [(PlanStep.Action, String)] = [(.add, "to add"), (.change, "to change"), (.remove, "to remove")]
        return words.map { action, word in "\(steps.count { $0.action == action }) \(word)" }.joined(separator: ", ")
    }

    static func lines(_ sentences: [String], before: String = "", after: String = "") -> String {
        sentences.map { before + $0 + after + "\n" }.joined()
    }

    /// Says on standard error what the kernel refuses, and exits with 1 if it is anything.
    static func complain(_ failures: [String]) throws {
        for failure in failures { Terminal.complain(failure) }
        if !failures.isEmpty { throw ExitCode(1) }
    }
}
