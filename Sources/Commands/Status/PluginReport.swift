package import Control

/// A status as a monitoring plugin says it: one line and an exit code (Monitoring Plugins Development Guidelines, 2).
package struct PluginReport: Hashable, Sendable {
    package enum Level: Int32, Hashable, Sendable, Comparable {
        case ok = 0
        case warning = 1
        case critical = 2
        case unknown = 3

        package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    package private(set) var level = Level.ok
    private var complaints: [(Level, String)] = []
    private var summary = ""
    private var figures = ""

    package init(_ status: Status) {
        judgeGroups(status)
        judgePeer(status)
        judgeServices(status)
        judgeRest(status)
        let groups = status.groups.map { "\($0.holder ?? "nobody") active for \($0.name)" }
        summary = (groups + ["peer \(status.peer.name) \(status.peer.state.rawValue)"]).joined(separator: ", ")
        let up = status.services.reduce(0) { $0 + $1.up }
        let total = status.services.reduce(0) { $0 + $1.total }
        let active = status.groups.count { $0.role == "active" }
        figures = "active=\(active);;;0;\(status.groups.count) servers_up=\(up);;;0;\(total)"
    }

    /// The daemon did not answer.
    package init(unknown sentence: String) {
        level = .unknown
        complaints = [(.unknown, sentence)]
    }

    package var line: String {
        let words = ["OK", "WARNING", "CRITICAL", "UNKNOWN"][Int(level.rawValue)]
        let gravest = complaints.sorted { $0.0 > $1.0 }.map(\.1)
        let text = gravest.isEmpty ? summary : gravest.joined(separator: "; ")
        let safe = text.map { $0 == "|" || $0.isNewline ? " " : $0 }
        return "TANDEM \(words) - \(String(safe))" + (figures.isEmpty ? "" : " | \(figures)")
    }

    package static func == (left: Self, right: Self) -> Bool { left.line == right.line }

    package func hash(into hasher: inout Hasher) { hasher.combine(line) }

    private mutating func complain(_ level: Level, _ sentence: String) {
        self.level = max(self.level, level)
        complaints.append((level, sentence))
    }

    private mutating func judgeGroups(_ status: Status) {
        for group in status.groups {
            if group.holder == nil { complain(.critical, "nobody is active for \(group.name)") }
            let missing = group.addresses.filter { $0.state == .absent && $0.withdrawn == nil }
            if group.role == "active", let first = missing.first {
                complain(.critical, "\(first.prefix) of \(group.name) is not on \(first.interface)")
            }
            if let (address, why) = group.addresses.lazy.compactMap({ address in
                address.withdrawn.map { (address.prefix, $0) }
            }).first {
                complain(.critical, "\(address) of \(group.name) is withdrawn: \(why)")
            }
            for tracker in group.fitness?.trackers ?? [] where tracker.state == .failing {
                complain(.warning, "\(tracker.name) of \(group.name) fails\(tracker.reason.map { ": \($0)" } ?? "")")
            }
            if let waitingFor = group.waitingFor { complain(.warning, "\(group.name) waits for \(waitingFor)") }
        }
    }

    private mutating func judgePeer(_ status: Status) {
        if status.peer.state != .heard { complain(.warning, "peer \(status.peer.name) \(status.peer.state.rawValue)") }
        for path in status.paths where status.peer.state == .heard {
            let silence = path.lastHeard.map { $0 * 1000 } ?? .infinity
            if silence > status.timing.takeoverTimeMS { complain(.warning, "no heartbeats on \(path.name)") }
        }
    }

    private mutating func judgeServices(_ status: Status) {
        for service in status.services where service.up < service.total {
            let level: Level = service.up == 0 ? .critical : .warning
            complain(level, "\(service.up) of \(service.total) servers up for \(service.name)")
        }
    }

    private mutating func judgeRest(_ status: Status) {
        switch status.table.state {
        case .ok, .pending: break
        case .failed: complain(.critical, "the kernel refused a part of the table")
        case .missing: complain(.critical, "the kernel has no ip_vs")
        }
        for standby in status.standby { complain(.warning, standby.sentence) }
        if let pause = status.pause { complain(.warning, pause.sentence) }
        if status.configuration.refusedAt != nil { complain(.warning, "a newer configuration was refused") }
        for difference in status.agreement?.differences ?? [] { complain(.warning, difference) }
        for warning in status.warnings { complain(.warning, warning) }
    }
}
