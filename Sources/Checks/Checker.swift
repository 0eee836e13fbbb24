package import Addresses
package import Agreement
package import NIOCore
package import Settings
import Synchronization

/// A server's verdict changed.
package struct VerdictChange: Hashable, Sendable {
    package var server: ServerKey
    package var verdict: Verdict
    /// Absent: this is the first one.
    package var previous: Verdict?
    package var at: Instant
}

/// A server's agent or script said something else than before.
package struct AdviceChange: Hashable, Sendable {
    package var server: ServerKey
    /// All that it said so far; nothing: nobody speaks for it any more.
    package var advice: Advice
    package var previous: Advice
}

/// What the agent of one server has said.
package struct AgentView: Hashable, Sendable {
    package var advice: Advice
    /// Absent until the first answer, or the lack of one.
    package var newest: Outcome?
}

/// What the checks of one server have shown.
package struct CheckView: Hashable, Sendable {
    /// Absent until the first result.
    package var view: View?
    /// The newest result, which need not agree with the verdict, and when it came.
    package var newest: Outcome?
    package var checkedAt: Instant?
    /// Absent: it has none.
    package var agent: AgentView?
    /// All that its agent and its script said so far.
    package var advice = Advice()
}

/// How much a checker has to do, and whether it keeps up.
package struct CheckLoad: Sendable {
    package var probes: Int
    /// Begun and without a result yet.
    package var running: Int
    /// Due, but as many run already as may at once, or the event loop is behind.
    package var waiting: Int
    /// How many have begun since the checker was made.
    package var begun: UInt64
    /// How many have ended in a failure, the director's own ones too.
    package var failed: UInt64
    /// The queue delay: how long after its moment a probe began, whether it waited for others to end or the event loop
    /// was late. Up to 5 ms are usual, because probes begin by the tick.
    package var delay: LatenessRecord
}

/// Probes servers on one event loop and says when a verdict changes.
///
/// Probes of several services that ask the same server the same thing run once. Every probe keeps to its own slot of
/// its interval, so that thousands do not start together.
package final class Checker: Sendable {
    /// How many probes run at once at the most.
    package static let mostPlaces = 8192
    /// Open files that are not for probes: sockets that are kept for the next connects, scripts, who asks for the
    /// status, the director's own, all of them at their most, and then some.
    private static let otherFiles: UInt64 = 1024

    /// How many probes may run at once where the process may have so many files open: each takes one. They never
    /// take the last ones: Swift's dispatch library, which opens files of /proc once a second while tasks wait for a
    /// processor, ends the process where it cannot (libdispatch, src/event/workqueue.c,
    /// `_dispatch_workq_count_runnable_workers`).
    ///
    /// - Parameter limit: absent: nobody knows.
    package static func places(openFiles limit: UInt64?) -> Int {
        guard let limit else { return mostPlaces }
        let left = limit > otherFiles ? limit - otherFiles : 0
        return Int(min(max(limit / 4, left, 1), UInt64(mostPlaces)))
    }

    private let loop: any EventLoop
    private let rounds: NIOLoopBoundBox<Rounds>
    private let stamp: Mutex<Instant>
    private let now: @Sendable () -> Instant

    /// - Parameters:
    ///   - loop: where everything runs; the checker does not end it.
    ///   - inFlight: how many probes run at once at the most, at least 1; the others wait their turn.
    ///   - rhythm: where its slots are.
    ///   - scripts: who runs scripts; ended with the checker.
    ///   - dataPaths: who asks for virtual addresses; ended with the checker.
    ///   - now: the monotonic clock.
    ///   - onVerdicts: called on `loop` with what changed in one turn of it, in the order in which it did; it must not
    ///     wait for anything.
    ///   - onAdvice: the same for what agents say.
    package init(
        on loop: any EventLoop, inFlight: Int = Checker.mostPlaces, rhythm: Rhythm = Rhythm(),
        scripts: Scripts = Scripts(),
        dataPaths: DataPathProbes = DataPathProbes(),
        now: @escaping @Sendable () -> Instant,
        onAdvice: @escaping @Sendable ([AdviceChange]) -> Void = { _ in },
        onVerdicts: @escaping @Sendable ([VerdictChange]) -> Void
    ) {
        precondition(inFlight >= 1, "a checker runs at least one probe at a time, not \(inFlight)")
        self.loop = loop
        self.now = now
        stamp = Mutex(now())
        rounds = NIOLoopBoundBox.makeBoxSendingValue(
            Rounds(
                on: loop, inFlight: inFlight, rhythm: rhythm, scripts: scripts, dataPaths: dataPaths, now: now,
                onVerdicts: onVerdicts, onAdvice: onAdvice), eventLoop: loop)
    }

    /// Takes over a new set of probes; servers are unique in it. What did not change keeps its slot and its verdict; a
    /// server whose check changed keeps its verdict until the new check decides. Nothing is said of a server without a
    /// check.
    package func adopt(_ probes: [ProbeSettings]) {
        loop.execute { self.rounds.value.adopt(probes) }
        loop.execute { self.keepTime() }
    }

    /// What is known of each server that is checked.
    package func snapshot() async throws -> [ServerKey: CheckView] {
        try await loop.submit { self.rounds.value.snapshot() }.get()
    }

    /// How these servers are checked and what came of it lately.
    package func histories(of servers: [ServerKey]) async throws -> [CheckHistory] {
        try await loop.submit { self.rounds.value.histories(of: servers) }.get()
    }

    /// Runs a server's check once, now, for somebody who wants to see it: it counts for nothing. nil: it has none.
    package func tryOnce(_ server: ServerKey) async throws -> CheckTrial? {
        let promise = loop.makePromise(of: CheckTrial?.self)
        loop.execute { self.rounds.value.tryOnce(server) { promise.succeed($0) } }
        return try await promise.futureResult.get()
    }

    package func load() async throws -> CheckLoad {
        try await loop.submit { self.rounds.value.load }.get()
    }

    /// When the checks last moved on: they do at least every 500 ms while their event loop turns.
    package var progress: Instant { stamp.withLock { $0 } }

    /// Starts no more probes.
    package func stop() {
        loop.execute { self.rounds.value.stop() }
    }

    private func keepTime() {
        guard rounds.value.startsClock() else { return }
        tick()
    }

    private func tick() {
        stamp.withLock { $0 = now() }
        guard rounds.value.isRunning else { return }
        loop.scheduleTask(in: .milliseconds(500)) { self.tick() }
    }
}
