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

/// What the checks of one server have shown.
package struct CheckView: Hashable, Sendable {
    /// Absent until the first result.
    package var view: View?
    /// The newest result, which need not agree with the verdict, and when it came.
    package var newest: Outcome?
    package var checkedAt: Instant?
}

/// Probes servers on one event loop and says when a verdict changes.
///
/// Probes of several services that ask the same server the same thing run once. Every probe keeps to its own slot of
/// its interval, so that thousands do not start together.
package final class Checker: Sendable {
    private let loop: any EventLoop
    private let rounds: NIOLoopBoundBox<Rounds>
    private let stamp: Mutex<Instant>
    private let now: @Sendable () -> Instant

    /// - Parameters:
    ///   - loop: where everything runs; the checker does not end it.
    ///   - inFlight: how many probes run at once at the most, at least 1; the others wait their turn.
    ///   - now: the monotonic clock.
    ///   - onVerdict: called on `loop`, at once; it must not wait for anything.
    package init(
        on loop: any EventLoop, inFlight: Int = 8192, now: @escaping @Sendable () -> Instant,
        onVerdict: @escaping @Sendable (VerdictChange) -> Void
    ) {
        precondition(inFlight >= 1, "a checker runs at least one probe at a time, not \(inFlight)")
        self.loop = loop
        self.now = now
        stamp = Mutex(now())
        rounds = NIOLoopBoundBox.makeBoxSendingValue(
            Rounds(on: loop, inFlight: inFlight, now: now, onVerdict: onVerdict), eventLoop: loop)
    }

    /// Takes over a new set of probes; servers are unique in it. What did not change keeps its slot and its verdict; a
    /// server whose check changed keeps its verdict until the new check decides. A server without a check is up at
    /// once.
    package func adopt(_ probes: [ProbeSettings]) {
        loop.execute { self.rounds.value.adopt(probes) }
        loop.execute { self.keepTime() }
    }

    /// What is known of each server that is checked.
    package func snapshot() async throws -> [ServerKey: CheckView] {
        try await loop.submit { self.rounds.value.snapshot() }.get()
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
