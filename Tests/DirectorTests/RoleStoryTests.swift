import Control
import Director
import Election
import Heartbeat
import Testing

struct RoleStoryTests {
    struct Row: Sendable {
        /// 100 ms apart.
        var steps: [(Role, Role, Reason)]
        var told: [String]
    }

    static let rows = [
        Row(
            steps: [(.backup, .claiming, .peerLost), (.claiming, .active, .claimed)],
            told: ["backup → active, the peer is lost, 100 ms"]),
        Row(
            steps: [(.active, .giving, .requested), (.giving, .moving, .peerTookOver), (.moving, .backup, .moved)],
            told: ["active → backup, requested, 200 ms"]),
        Row(steps: [(.active, .giving, .requested), (.giving, .active, .peerSilent)], told: []),
        Row(steps: [(.waiting, .backup, .peerActive)], told: ["waiting → backup, the peer is active, 0 ms"]),
        Row(
            steps: [
                (.backup, .claiming, .peerIdle), (.claiming, .releasing, .claimFailed),
                (.releasing, .backup, .released),
            ], told: []),
        Row(
            steps: [
                (.active, .giving, .requested), (.giving, .active, .peerSilent), (.active, .releasing, .overslept),
                (.releasing, .waiting, .released), (.waiting, .claiming, .nobodyAnswered),
                (.claiming, .active, .claimed),
            ],
            told: [
                "active → waiting, this director woke too late, 100 ms",
                "waiting → active, no peer, and nobody answers for the addresses, 100 ms",
            ]),
    ]

    @Test(arguments: rows) func `a chain of steps is one change, for the reason that it began with`(row: Row) {
        var story = RoleStory()
        var told: [String] = []
        for (index, (from, to, reason)) in row.steps.enumerated() {
            var step = Event(time: 1, monotonic: UInt64(index) * 100_000_000, kind: .role, message: "")
            (step.group, step.from, step.to, step.reason) = ("web", "\(from)", "\(to)", reason.words)
            guard let whole = story.tell(step, from: from, to: to) else { continue }
            told.append(
                "\(whole.from ?? "") → \(whole.to ?? ""), \(whole.reason ?? ""), \(Int(whole.durationMS ?? -1)) ms")
        }
        #expect(told == row.told)
    }
}
