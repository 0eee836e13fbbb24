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
final class TCPConnects: SharedSockets {
    private struct Waiting {
        var descriptor: Int32
        var done: (Outcome) -> Void
    }

    let loop: any EventLoop
    var looks = Looks()
    private let epoll: Int32
    private var waiting: [UInt64: Waiting] = [:]
    private var deadlines = Deadlines()
    private var newest: UInt64 = 0
    private var marks = [UInt64](repeating: 0, count: Looks.batch)

    init(on loop: any EventLoop) {
        self.loop = loop
        epoll = clinux_open_connects()
    }

    deinit {
        for one in waiting.values { close(one.descriptor) }
        if epoll >= 0 { close(epoll) }
    }

    /// Calls `done` once, on the loop, at the latest a few milliseconds after the timeout.
    func begin(_ target: Endpoint, _ exit: ProbeExit, timeout: TimeAmount, done: @escaping (Outcome) -> Void) {
        newest += 1
        let bytes = target.address.bytes
        let descriptor = unsafe clinux_begin_connect(
            epoll, newest, bytes, bytes.count, target.port, exit.mark, exit.source?.bytes)
        if descriptor < 0 {
            fail(CheckFailure(errno: -descriptor, connected: false), done)
        } else {
            waiting[newest] = Waiting(descriptor: descriptor, done: done)
            deadlines.insert(newest, in: timeout)
        }
        setAlarm()
    }

    var isAwaited: Bool { !waiting.isEmpty }

    func collect() -> Bool {
        let count = unsafe clinux_ended_connects(epoll, &marks, Looks.batch)
        for mark in marks[..<count] {
            guard let one = waiting.removeValue(forKey: mark) else { continue }
            let number = clinux_end_connect(one.descriptor)
            one.done(number == 0 ? .pass : .fail(CheckFailure(errno: number, connected: false)))
        }
        return count == Looks.batch
    }

    func expire(_ now: NIODeadline) {
        while let mark = deadlines.popLate(now, isWaiting: { self.waiting[$0] != nil }) {
            guard let one = waiting.removeValue(forKey: mark) else { continue }
            _ = clinux_end_connect(one.descriptor)
            one.done(.fail(.connectTimeout))
        }
    }
}
