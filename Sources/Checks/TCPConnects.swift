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
    /// Sockets of one kind can stand in for each other.
    private struct Kind: Hashable {
        var isV6: Bool
        var exit: ProbeExit
    }

    private struct Connect {
        var descriptor: Int32
        var kind: Kind
        var target: clinux_endpoint
        var start: NIODeadline
        var timeout: TimeAmount
        var done: (Outcome) -> Void
    }

    // Implementation constants

    /// Who began a shorter time ago is not asked yet: a server nearby has answered by then.
    private static let patience = TimeAmount.milliseconds(1)
    /// How many sockets are kept for later. At 5,000 connects a second, some 30 are in use.
    private static let mostIdle = 256

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
    private var idle: [Kind: [Int32]] = [:]
    private var idleCount = 0

    init(on loop: any EventLoop) {
        self.loop = loop
        epoll = clinux_open_connects()
    }

    deinit {
        for one in young { close(one.descriptor) }
        for one in slow.values { close(one.descriptor) }
        closeIdle()
        if epoll >= 0 { close(epoll) }
    }

    /// Calls `done` once, on the loop, at the latest a few milliseconds after the timeout.
    func begin(_ target: Endpoint, _ exit: ProbeExit, timeout: TimeAmount, done: @escaping (Outcome) -> Void) {
        defer { setAlarm() }
        let target = clinux_endpoint(target)
        let kind = Kind(isV6: target.is_v6, exit: exit)
        let descriptor = takeSocket(kind)
        guard descriptor >= 0 else { return fail(CheckFailure(errno: -descriptor, connected: false), done) }
        let number = clinux_begin_connect(descriptor, target)
        guard number == 0 else {
            close(descriptor)
            return fail(CheckFailure(errno: number, connected: false), done)
        }
        young.append(
            Connect(
                descriptor: descriptor, kind: kind, target: target, start: .now(), timeout: timeout, done: done))
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
                keep(one)
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
        let count = unsafe clinux_ended_connects(epoll, &marks, Looks.batch)
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

    // MARK: Sockets

    /// - Returns: a descriptor, or a negative errno.
    private func takeSocket(_ kind: Kind) -> Int32 {
        guard let descriptor = idle[kind]?.popLast() else {
            // Another kind's may have all the room, and nobody may want them any more.
            if idleCount == Self.mostIdle { closeIdle() }
            return unsafe clinux_open_connect(kind.isV6, kind.exit.mark, kind.exit.source?.bytes)
        }
        idleCount -= 1
        return descriptor
    }

    private func closeIdle() {
        for descriptor in idle.values.joined() { close(descriptor) }
        idle = [:]
        idleCount = 0
    }

    /// Ends the connection.
    private func keep(_ one: Connect) {
        guard idleCount < Self.mostIdle, clinux_renew_connect(one.descriptor) == 0 else {
            close(one.descriptor)
            return
        }
        idle[one.kind, default: []].append(one.descriptor)
        idleCount += 1
    }
}

extension clinux_endpoint {
    fileprivate init(_ endpoint: Endpoint) {
        switch endpoint.address {
        case .v4(let address):
            self.init(high: 0, low: UInt64(address.number), port: endpoint.port, is_v6: false)
        case .v6(let address):
            self.init(high: address.high, low: address.low, port: endpoint.port, is_v6: true)
        }
    }
}
