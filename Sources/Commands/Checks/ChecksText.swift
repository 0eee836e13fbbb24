package import Control

/// Checks and what came of them, as pages for people; times are milliseconds of the Unix epoch.
package enum ChecksText {
    package static func checks(
        _ report: ChecksReport, history: Bool, now: Int64, style: Style = .plain
    ) -> String {
        report.checks.map { check in
            let title = style.paint("\(check.server) of \(check.service)", .bold)
            let target = check.target == check.server ? "" : ", asked at \(check.target)"
            return "\(title)\(target): \(check.check.joined(separator: ", "))\n"
                + views(check, now, style) + next(check)
                + results(check.results.suffix(history ? check.results.count : 1), now, style)
        }.joined(separator: "\n")
    }

    private static func views(_ check: CheckStatus, _ now: Int64, _ style: Style) -> String {
        [check.own, check.peer].compactMap(\.self).map { view in
            let state = style.paint(view.isUp ? "up" : "down", view.isUp ? .green : .red)
            let why = view.reason.map { ": \($0)" } ?? ""
            return "  \(view.director) has seen it \(state) for \(Words.duration(now / 1000 - view.since))\(why)\n"
        }.joined()
    }

    private static func next(_ check: CheckStatus) -> String {
        let streak = check.streak == 0 ? "" : "  \(check.streak) of \(check.decides) results say otherwise\n"
        guard let next = check.nextMS else { return streak }
        return streak + "  asked next in \(Words.milliseconds(next))\n"
    }

    private static func results(_ results: ArraySlice<ResultStatus>, _ now: Int64, _ style: Style) -> String {
        guard !results.isEmpty else { return "  no result yet\n" }
        var table = TextTable([("  AGO", .right), ("TOOK", .right), ("RESULT", .left), ("", .left)])
        for result in results.reversed() {
            table.add([
                .init(Words.duration(Double(now - result.time) / 1000)),
                .init(Words.milliseconds(result.tookMS)),
                .init(result.isPass ? "pass" : "fail", result.isPass ? .green : .red), .init(result.reason ?? ""),
            ])
        }
        return table.text(style)
    }

    package static func trials(_ report: TrialsReport, style: Style = .plain) -> String {
        report.trials.map { trial in
            let title = style.paint("\(trial.server) of \(trial.service)", .bold)
            let state = style.paint(trial.result.isPass ? "pass" : "fail", trial.result.isPass ? .green : .red)
            let why = trial.result.reason.map { ": \($0)" } ?? ""
            let end = "\(Words.milliseconds(trial.result.tookMS))  \(state)\(why)"
            return "\(title), asked by \(report.director) at \(trial.target)\n"
                + trial.sayings.map { saying($0, report.director, style) }.joined() + "  \(end)\n"
        }.joined(separator: "\n")
    }

    private static func saying(_ saying: TrialStatus.Saying, _ director: String, _ style: Style) -> String {
        let mark = saying.by == "director" ? ">" : "<"
        let text = saying.text ?? "(\(saying.bytes) bytes with a secret)"
        let lines = text.split(separator: "\\n", omittingEmptySubsequences: false)
        let broken = lines.enumerated().map { $0 + 1 < lines.count ? $1 + "\\n" : $1 }.filter { !$0.isEmpty }
        let time = Words.milliseconds(saying.afterMS)
        return broken.map { "  \(time) \(mark) \($0)\n" }.joined()
    }
}
