import Control

extension StatusText {
    /// The score of each group that is tracked or less than wholly fit, with a line for each tracker.
    var fitness: String {
        status.groups.compactMap { group in
            guard let fitness = group.fitness, !fitness.trackers.isEmpty || fitness.score < 100 else { return nil }
            let score = style.paint("\(fitness.score) of 100", fitness.score == 100 ? .green : .yellow)
            let peer = fitness.peer.map { ", and \($0) on \(status.peer.name)" } ?? ""
            return "Fitness for \(group.name): \(score) on \(status.director)\(peer)\n"
                + fitness.trackers.map { "  \(line($0))\n" }.joined()
        }.joined()
    }

    private func line(_ tracker: TrackerStatus) -> String {
        let name = "\(tracker.name) (\(tracker.state == .failing ? tracker.points : tracker.weight))"
        let time = tracker.since.map { " for \(age($0))" } ?? ""
        return switch tracker.state {
        case .pending: "\(name) has not been looked at yet"
        case .passing: "\(name) passes\(time)"
        case .failing:
            "\(name) " + style.paint("fails", .red) + time + (tracker.reason.map { ": \($0)" } ?? "")
        }
    }
}
