extension Settings {
    /// What is wrong with trackers and notifications.
    func trackerViolations() -> [Violation] {
        var violations = limit(pair.notify, at: Place(.pair, nil, "notify"))
        for (index, group) in groups.enumerated() {
            violations += limit(group.notify, at: Place(.groups, index, "notify"))
            if group.trackers.count > TrackerSettings.limit {
                let sentence = "group \(group.name) has \(group.trackers.count) trackers; it may have "
                violations.append(
                    Violation(at: Place(.groups, index, "track"), sentence + "\(TrackerSettings.limit)"))
            }
            for (element, tracker) in group.trackers.enumerated() {
                violations += self.violations(of: tracker, at: Place(.groups, index, "track", element))
            }
        }
        return violations
    }

    /// The most of a pair, and of a group.
    private static let commandLimit = 16

    private func limit(_ commands: [CommandSettings], at place: Place) -> [Violation] {
        guard commands.count > Self.commandLimit else { return [] }
        return [Violation(at: place, "\(commands.count) commands to be told; there may be \(Self.commandLimit)")]
    }

    private func violations(of tracker: TrackerSettings, at place: Place) -> [Violation] {
        switch tracker.kind {
        case .script(let command) where command.timeout > tracker.interval:
            let (timeout, interval) = (DurationText.print(command.timeout), DurationText.print(tracker.interval))
            return [Violation(at: place, "timeout \(timeout) is longer than the interval, \(interval)")]
        case .servers(let name?, _) where !services.contains { $0.name == name }:
            return [
                Violation(
                    at: place, because: [Place(.services)], "there is no service \(name) to track",
                    suggestion: Words.nearest(to: name, among: services.map(\.name)))
            ]
        default: return []
        }
    }
}
