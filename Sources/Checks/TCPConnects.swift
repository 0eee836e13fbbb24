import Addresses
import Agreement
import CLinux
import Glibc
import NIOCore

/// Plain connects: whose kernel accepts is up. A reset ends the connection before the handshake is over: the server's
/// program never learns of it, neither side keeps a TIME_WAIT, and it costs less than half of a whole connection. A
/// server whose program does not keep up shows all the same, because a full backlog drops what asks for a connection.
///
/// Thousands a second are usual, and a channel of NIO's for each costs several times as much as the connection. So they
/// have sockets of their own, which are used again and again. Whether a server has answered is asked after a few
/// milliseconds, and an epoll tells of those that take longer. Lives on the checker's event loop.
final class TCPConnects: SharedSockets {
    private struct Connect {
        var descriptor: Int32
        var kind: SpareSockets.Kind
        var target: clinux_endpoint
        var start: NIODeadline
        var timeout: TimeAmount
        var done: (Outcome) -> Void
    }

    // Implementation constants

    /// Who began a shorter time ago is not asked yet: a server nearby has answered by then.
    private static let patience = TimeAmount.milliseconds(1)

    let loop: any EventLoop
    var looks = Looks()
    private let epoll: Int32
    /// In the order in which they began.
    private var young = CircularBuffer<Connect>()
    /// Those that had no answer when they were asked, by what the epoll calls them.
    private var slow: [UInt64: Connect] = [:]
    private var deadlines = Deadlines()
    private var newest: UInt64 = 0
    private var marks = [UInt64](repeating: 0, count: Looks.batch)
    private var spares = SpareSockets { kind in
        unsafe clinux_open_connect(kind.isV6, kind.exit.mark, kind.exit.source?.bytes)
    }

    init(on loop: any EventLoop) {
        self.loop = loop
        epoll = clinux_open_epoll()
    }

    deinit {
        for one in young { close(one.descriptor) }
        for one in slow.values { close(one.descriptor) }
        spares.close()
        if epoll >= 0 { close(epoll) }
    }

    /// Calls `done` once, on the loop, at the latest a few milliseconds after the timeout.
    func begin(_ target: Endpoint, _ exit: ProbeExit, timeout: TimeAmount, done: @escaping (Outcome) -> Void) {
        defer { setAlarm() }
        let target = clinux_endpoint(target)
        let kind = SpareSockets.Kind(isV6: target.is_v6, exit: exit)
        do throws(CheckFailure) {
            let descriptor = try spares.connect(to: target, kind: kind)
            young.append(
                Connect(
                    descriptor: descriptor, kind: kind, target: target, start: .now(), timeout: timeout, done: done))
        } catch {
            fail(error, done)
        }
    }

    var isAwaited: Bool { !young.isEmpty || !slow.isEmpty }

    func collect() -> Bool {
        // Both, whatever the first one brings.
        let areMoreSlow = collectSlow()
        return askYoung() || areMoreSlow
    }

    private func askYoung() -> Bool {
        let ripe = NIODeadline.now() - Self.patience
        for _ in 0..<Looks.batch {
            guard let one = young.first, one.start <= ripe else { return false }
            young.removeFirst()
            let number = clinux_ask_connect(one.descriptor, one.target)
            if number == EALREADY {
                watch(one)
            } else {
                spares.keep(one.descriptor, kind: one.kind)
                tell(one, number)
            }
        }
        return true
    }

    private func watch(_ one: Connect) {
        newest += 1
        let number = clinux_watch_connect(epoll, newest, one.descriptor)
        guard number == 0 else {
            close(one.descriptor)
            return tell(one, number)
        }
        slow[newest] = one
        deadlines.insert(newest, in: one.timeout, from: one.start)
    }

    private func collectSlow() -> Bool {
        guard !slow.isEmpty else { return false }
        let count = unsafe clinux_told_marks(epoll, &marks, Looks.batch)
        for mark in marks[..<count] {
            guard let one = slow[mark] else { continue }
            let number = clinux_ask_connect(one.descriptor, one.target)
            guard number != EALREADY else { continue }
            slow[mark] = nil
            // The epoll forgets it with that.
            close(one.descriptor)
            tell(one, number)
        }
        return count == Looks.batch
    }

    func expire(_ now: NIODeadline) {
        while let mark = deadlines.popLate(now, isWaiting: { self.slow[$0] != nil }) {
            guard let one = slow.removeValue(forKey: mark) else { continue }
            close(one.descriptor)
            one.done(.fail(.connectTimeout))
        }
    }

    private func tell(_ one: Connect, _ number: Int32) {
        one.done(number == 0 ? .pass : .fail(CheckFailure(errno: number, connected: false)))
    }
}

extension clinux_endpoint {
    init(_ endpoint: Endpoint) {
        switch endpoint.address {
        case .v4(let address):
            self.init(high: 0, low: UInt64(address.number), port: endpoint.port, is_v6: false)
        case .v6(let address):
            self.init(high: address.high, low: address.low, port: endpoint.port, is_v6: true)
        }
    }
}
