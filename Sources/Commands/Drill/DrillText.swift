package import Drills

/// Drills in words and tables for people.
package enum DrillText {
    /// `tandem drill list`.
    package static func list(style: Style = .plain) -> String {
        var table = TextTable([("DRILL", .left), ("ON", .left), ("WHAT HAPPENS", .left), ("WHAT IT PROVES", .left)])
        for drill in Drill.allCases {
            table.add([
                .init(drill.rawValue, .bold), .init(drill.isSafe ? "live pair" : "lab"), .init(drill.sentence),
                .init(drill.proves),
            ])
        }
        return table.text(style)
    }

    /// `tandem drill report`: a line for each drill, the last round of each as it went, and every rule that was broken.
    package static func report(_ report: DrillReport, style: Style = .plain) -> String {
        [heading(report.pair), table(report, style), timelines(report), loads(report), verdict(report, style)]
            .filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private static func heading(_ pair: PairFacts) -> String {
        let timing = "\(Words.milliseconds(pair.intervalMS)) × \(pair.misses)"
        return "pair \(pair.pair), \(timing), \(pair.policy.rawValue), margin \(Words.milliseconds(pair.marginMS))\n"
    }

    private static func table(_ report: DrillReport, _ style: Style) -> String {
        var table = TextTable([
            ("DRILL", .left), ("PASSED", .right), ("DETECTED AFTER, MS", .right), ("OUTAGE, MS", .right),
            ("PROBES LOST", .right), ("CONNECTIONS BROKEN", .right),
        ])
        for series in report.drills {
            let passes = series.passed == series.rounds.count
            table.add([
                .init(series.drill.rawValue),
                .init("\(series.passed) of \(series.rounds.count)", passes ? .green : .red),
                .init(spread(series.detection)), .init(spread(series.outage)),
                .init(series.mostLost.map { "\($0)" } ?? ""),
                .init(series.brokenConnections.map { "\($0)" } ?? ""),
            ])
        }
        return table.text(style)
    }

    /// `201.2 / 204.0 / 210.9`: the least, the mean, the greatest.
    private static func spread(_ spread: Spread?) -> String {
        guard let spread else { return "" }
        return [spread.least, spread.mean, spread.greatest].map(tenths).joined(separator: " / ")
    }

    private static func tenths(_ value: Double) -> String { String(LoadReport.milliseconds(value).dropLast(3)) }

    private static func timelines(_ report: DrillReport) -> String {
        let rounds = report.drills.compactMap { series in series.rounds.last.map { (series.drill, $0) } }
        guard !rounds.isEmpty else { return "" }
        return "The last round of each, in seconds:\n"
            + rounds.map { "  \($0.0.rawValue): \(timeline($0.1, of: $0.0))\n" }.joined()
    }

    /// `0.000 cut lb1 · 0.301 lb2 active, term 5 · 4.200 ended · 4.250 lb1 backup`.
    package static func timeline(_ round: Round, of drill: Drill) -> String {
        var parts: [String] = []
        var there: [String: Int] = [:]
        for moment in round.timeline {
            if moment.kind == .address, let director = moment.director {
                there[director, default: 0] += moment.isThere == true ? 1 : -1
            }
            guard moment.atMS >= 0, let words = words(moment, drill, there) else { continue }
            parts.append("\(seconds(moment.atMS)) \(words)")
        }
        return parts.joined(separator: " · ")
    }

    /// nil: no news. Roles on the way to another one are none, nor is an address that comes with its role.
    private static func words(_ moment: Moment, _ drill: Drill, _ there: [String: Int]) -> String? {
        let director = moment.director ?? "?"
        switch moment.kind {
        case .begun: return "\(drill.rawValue) \(director)"
        case .ended: return "ended"
        case .alarm: return "\(director) notices a foreign claim"
        case .settled: return "one pair"
        case .over: return nil
        case .role:
            guard let role = moment.to, ["active", "backup", "waiting", "giving"].contains(role) else { return nil }
            return "\(director) \(role)" + (role == "active" ? moment.term.map { ", term \($0)" } ?? "" : "")
        case .address:
            return moment.isThere == false && there[director] == 0 ? "\(director) off the wire" : nil
        }
    }

    private static func seconds(_ milliseconds: Double) -> String {
        let whole = Int(milliseconds.rounded())
        return "\(whole / 1000).\(String(1000 + whole % 1000).dropFirst())"
    }

    /// What the load that judges noticed, of the last round of each.
    private static func loads(_ report: DrillReport) -> String {
        let loads = report.drills.compactMap { series in series.rounds.last?.load.map { (series.drill, $0) } }
        return loads.map { "\($0.0.rawValue), under load\n\n\($0.1.text)" }.joined(separator: "\n")
    }

    private static func verdict(_ report: DrillReport, _ style: Style) -> String {
        let broken = report.drills.flatMap { series in
            series.rounds.flatMap { round in
                round.broken.map { "\(series.drill.rawValue), round \(round.number): \($0.line)\n" }
            }
        }
        let failures = broken + (report.failure.map { ["\($0)\n"] } ?? [])
        guard !failures.isEmpty else { return style.paint("No rule was broken.", .green) + "\n" }
        return failures.map { style.paint("FAIL", .red) + "  \($0)" }.joined()
    }

    /// How a round went, in a line.
    package static func progress(_ round: Round, of drill: Drill) -> String {
        guard round.broken.isEmpty else {
            return "\(drill.rawValue) \(round.number): FAIL  " + round.broken.map(\.line).joined(separator: "; ") + "\n"
                + "  \(timeline(round, of: drill))\n"
        }
        let figures = [
            round.detectionMS.map { "detected after \(LoadReport.milliseconds($0))" },
            round.outageMS.map { $0 > 0 ? "outage \(LoadReport.milliseconds($0))" : "no probe lost" },
        ]
        return "\(drill.rawValue) \(round.number): pass  " + figures.compactMap(\.self).joined(separator: ", ") + "\n"
    }
}
