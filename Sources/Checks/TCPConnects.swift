import Addresses
import Agreement
import CLinux
import Glibc
import NIOCore

/// Plain connects: whose kernel accepts is up. A reset ends the connection before the handshake is over: the server's
/// program never learns of it, neither side keeps a TIME_WAIT, and it costs less than half of a whole connection. A
/// server whose program does not keep up shows all the same, because a full backlog drops what asks for a connection.
///
/// Thousands a second are usual, and a channel of NIO's for each costs three times as much as the connection. So they
/// have an epoll of their own, which is looked at every few milliseconds while any of them waits. Lives on the
/// checker's event loop.
final class TCPConnects {
    private struct Waiting {
        var descriptor: Int32
        var done: (Outcome) -> Void
    }

    // Implementation constants

    /// How long a result may wait to be noticed.
    private static let pause = TimeAmount.milliseconds(5)
    /// How many results are taken in one turn of the loop, and how long others have it when there are more.
    private static let batch = 256
    private static let shortPause = TimeAmount.milliseconds(1)

    private let loop: any EventLoop
    private let epoll: Int32
    private var waiting: [UInt64: Waiting] = [:]
    private var deadlines = Deadlines()
    /// Those that ended before they began: who asked is told later, never while he asks.
    private var failed: [(CheckFailure, (Outcome) -> Void)] = []
    private var newest: UInt64 = 0
    private var hasAlarm = false
    private var marks = [UInt64](repeating: 0, count: TCPConnects.batch)

    init(on loop: any EventLoop) {
        self.loop = loop
        epoll = clinux_open_connects()
    }

    deinit {
        for one in waiting.values { close(one.descriptor) }
        if epoll >= 0 { close(epoll) }
    }

    /// Calls `done` once, on the loop, at the latest a few milliseconds after the timeout.
    func begin(_ target: Endpoint, mark: UInt32, timeout: TimeAmount, done: @escaping (Outcome) -> Void) {
        newest += 1
        let bytes = target.address.bytes
        let descriptor = unsafe clinux_begin_connect(epoll, newest, bytes, bytes.count, target.port, mark)
        if descriptor < 0 {
            failed.append((CheckFailure(errno: -descriptor, connected: false), done))
        } else {
            waiting[newest] = Waiting(descriptor: descriptor, done: done)
            deadlines.insert(newest, in: timeout)
        }
        setAlarm()
    }

    private func setAlarm(in pause: TimeAmount = TCPConnects.pause) {
        guard !hasAlarm, !(waiting.isEmpty && failed.isEmpty) else { return }
        hasAlarm = true
        loop.assumeIsolated().scheduleTask(in: pause) { [weak self] in self?.look() }
    }

    private func look() {
        hasAlarm = false
        let failures = failed
        failed = []
        for (failure, done) in failures { done(.fail(failure)) }
        let isBehind = collect()
        // What has ended in time must not count as late because nobody has looked yet.
        if !isBehind { expire(NIODeadline.now()) }
        setAlarm(in: isBehind ? Self.shortPause : Self.pause)
    }

    /// - Returns: whether there may be more.
    private func collect() -> Bool {
        let count = unsafe clinux_ended_connects(epoll, &marks, Self.batch)
        for mark in marks[..<count] {
            guard let one = waiting.removeValue(forKey: mark) else { continue }
            let number = clinux_end_connect(one.descriptor)
            one.done(number == 0 ? .pass : .fail(CheckFailure(errno: number, connected: false)))
        }
        return count == Self.batch
    }

    private func expire(_ now: NIODeadline) {
        while let mark = deadlines.popLate(now, isWaiting: { self.waiting[$0] != nil }) {
            guard let one = waiting.removeValue(forKey: mark) else { continue }
            _ = clinux_end_connect(one.descriptor)
            one.done(.fail(.connectTimeout))
        }
    }
}
