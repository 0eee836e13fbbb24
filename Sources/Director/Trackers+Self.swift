import Addresses
import Agreement
import Settings

/// What every director looks at without being told to: whether its own organs go on, whether the kernel takes its
/// tables, and what the lookout tells of the gateways.
struct BuiltInTracker {
    enum Subject: Hashable {
        case organ(String)
        case table
        /// Of one group.
        case gateways(Int)
        /// The servers of one group, compared to what the peer sees of them.
        case sight(Int)
    }

    let subject: Subject
    var tracker = Tracker(rise: 1, fall: 1)

    // Implementation constants, in points.

    /// An organ that stands still.
    static let organ = 50
    /// Steps that the kernel refused: the rest of the table is right.
    static let refusedSteps = 50
    /// Without ip_vs nothing is balanced; but where neither director has it the group stays where it is.
    static let noTable = 99

    /// The share of a group's servers that the peer sees and this director does not; a director that sees none of them
    /// can still hold the group when the peer is gone.
    static func sight(_ lost: Int, _ all: Int) -> Int { min(99, (lost * 100 + all - 1) / max(all, 1)) }

    /// A table concerns the groups that have services.
    func groups(in settings: Settings) -> [Int] {
        switch subject {
        case .organ: Array(settings.groups.indices)
        case .table: settings.groups.indices.filter { settings.hasServices(settings.groups[$0]) }
        case .gateways(let group), .sight(let group): settings.groups.indices.filter { $0 == group }
        }
    }

    var entry: FitnessBoard.Entry {
        FitnessBoard.Entry(name: name, weight: max(tracker.points, Self.organ), tracker: tracker, isBuiltIn: true)
    }

    var name: String {
        switch subject {
        case .organ(let name): "organ \(name)"
        case .table: "kernel table"
        case .gateways: "gateways"
        case .sight: "servers in sight"
        }
    }
}

extension Trackers {
    /// An organ that did not go round for so long stands still: more than a busy machine or a big table takes.
    private static var patience: Duration { .seconds(15) }

    mutating func lookAtSelf(_ now: Instant) {
        for (organ, lastRound) in ports.progress() {
            let silence = now - lastRound
            let isStuck = silence > Self.patience
            let seconds = silence.components.seconds
            observe(.organ(organ), isStuck ? .fault(BuiltInTracker.organ, "no progress for \(seconds) s") : .fine, now)
        }
        observe(.table, table, now)
    }

    private var table: Finding {
        switch ports.balancerBoard.current.state {
        case .pending, .ok: .fine
        case .failed(let sentences):
            .fault(BuiltInTracker.refusedSteps, sentences.first ?? "the kernel refused a step")
        case .missing: .fault(BuiltInTracker.noTable, "the kernel has no ip_vs")
        }
    }

    mutating func observe(_ subject: BuiltInTracker.Subject, _ finding: Finding, _ now: Instant) {
        let index = builtIn.firstIndex { $0.subject == subject } ?? builtIn.count
        if index == builtIn.count { builtIn.append(BuiltInTracker(subject: subject)) }
        let before = builtIn[index].tracker
        guard builtIn[index].tracker.observe(finding, now: now) else { return }
        let own = builtIn[index]
        tell(own.name, own.tracker, before, groups: own.groups(in: settings), now)
    }
}
