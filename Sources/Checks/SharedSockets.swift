import Agreement
import NIOCore

/// Sockets that serve many probes and are looked at every few milliseconds while any of those waits. Lives on the
/// checker's event loop.
protocol SharedSockets: AnyObject {
    var loop: any EventLoop { get }
    var looks: Looks { get set }
    /// Whether anybody waits for an answer.
    var isAwaited: Bool { get }
    /// How long a result may wait to be noticed.
    var pause: TimeAmount { get }

    /// Takes what has come, as much as one turn of the loop may.
    ///
    /// - Returns: whether there may be more.
    func collect() -> Bool

    /// Ends those that have waited for too long.
    func expire(_ now: NIODeadline)
}

struct Looks {
    static let pause = TimeAmount.milliseconds(5)
    /// How many results are taken in one turn of the loop, and how long others have it when there are more.
    static let batch = 256
    static let shortPause = TimeAmount.milliseconds(1)

    fileprivate var alarm: (at: NIODeadline, task: Scheduled<Void>)?
    /// Those that ended before they began: who asked is told later, never while he asks.
    fileprivate var failed: [(CheckFailure, (Outcome) -> Void)] = []
}

extension SharedSockets {
    /// To be followed by `setAlarm`.
    func fail(_ failure: CheckFailure, _ done: @escaping (Outcome) -> Void) { looks.failed.append((failure, done)) }

    var pause: TimeAmount { Looks.pause }

    /// Sees to it that there is a look, if there is anything to look for.
    func setAlarm() { setAlarm(in: pause) }

    private func setAlarm(in pause: TimeAmount) {
        guard isAwaited || !looks.failed.isEmpty else { return }
        let at = NIODeadline.now() + pause
        if let alarm = looks.alarm {
            guard at < alarm.at else { return }
            alarm.task.cancel()
        }
        looks.alarm = (at, loop.assumeIsolated().scheduleTask(deadline: at) { [weak self] in self?.look() })
    }

    private func look() {
        looks.alarm = nil
        let failures = looks.failed
        looks.failed = []
        for (failure, done) in failures { done(.fail(failure)) }
        let isBehind = collect()
        // What has come in time must not count as late because nobody has looked yet.
        if !isBehind { expire(NIODeadline.now()) }
        setAlarm(in: isBehind ? Looks.shortPause : pause)
    }
}
