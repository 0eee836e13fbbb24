import Addresses

/// The load that judges: long connections of which some are idle, and new connections beside them.
///
/// It runs on one thread. First every long connection is made and greets; then it says `.ready`, talks for
/// `before`, says `.now` for whoever causes the failure, talks for `after`, and at last asks the idle ones.
package struct Load: ~Copyable {
    package enum Moment: String, Sendable {
        /// All long connections stand; from here on the idle ones say nothing.
        case ready
        /// The failure is due.
        case now
    }

    private let settings: LoadSettings
    private var poller: Poller
    private var long: [LongConnection] = []
    private var new: NewConnections
    private var report = LoadReport()
    private var buffer = [UInt8](repeating: 0, count: 64 * 1024)

    package init(_ settings: LoadSettings) throws(DrillError) {
        self.settings = settings
        poller = try Poller()
        new = NewConnections(settings: settings, firstToken: UInt64(settings.connections))
    }

    /// Runs the whole load: `before` + `after` and some seconds more.
    ///
    /// - Throws: if not every long connection can be made at the beginning.
    package mutating func run(_ announce: (Moment) -> Void) throws(DrillError) -> LoadReport {
        try openAll()
        let start = MonotonicClock.now
        for index in long.indices { long[index].beginToListen(now: start) }
        let retransmitted = TCPCounters.retransmittedSegments ?? 0
        announce(.ready)
        talk(from: start, until: start + settings.before)
        let retransmittedThen = TCPCounters.retransmittedSegments
        announce(.now)
        talk(from: MonotonicClock.now, until: MonotonicClock.now + settings.after)
        askIdle()
        report.retransmittedBefore = retransmittedThen.map { $0 - retransmitted }
        report.retransmittedAfter = TCPCounters.retransmittedSegments.map { $0 - (retransmittedThen ?? 0) }
        sum()
        return report
    }

    private mutating func openAll() throws(DrillError) {
        for number in 0..<settings.connections {
            let socket = try TCPSocket.connecting(to: settings.target(of: number))
            poller.add(socket, .writing, token: UInt64(number))
            // Spread evenly among the targets, whatever the share.
            let isIdle =
                (number + 1) * settings.idle / settings.connections > number * settings.idle / settings.connections
            long.append(LongConnection(number: number, isIdle: isIdle, socket: socket))
            handleReady(until: MonotonicClock.now + .milliseconds(2))
        }
        let deadline = MonotonicClock.now + settings.patience
        while !long.allSatisfy(\.isAnswered), MonotonicClock.now < deadline {
            handleReady(until: MonotonicClock.now + .milliseconds(50))
        }
        let standing = long.count(where: \.isAnswered)
        guard standing == long.count else {
            let why = report.reasons.first.map { ": \($0)" } ?? ""
            throw DrillError("only \(standing) of \(long.count) connections stand at the beginning\(why)")
        }
    }

    /// Sends and connects at the settings' pace. The talkers take turns, so that they do not all speak at once.
    private mutating func talk(from start: Instant, until end: Instant) {
        let talkers = long.indices.filter { !long[$0].isIdle }
        let beat = settings.sendEvery / max(talkers.count, 1)
        var turn = 0
        var nextSend = talkers.isEmpty ? Instant.never : start
        var nextConnect = start
        while true {
            let now = MonotonicClock.now
            guard now < end else { return }
            while nextSend <= now {
                say(talkers[turn % talkers.count])
                turn += 1
                nextSend = nextSend + beat
            }
            while nextConnect <= now {
                new.begin(now: now, poller: poller)
                nextConnect = nextConnect + settings.connectEvery
            }
            new.expire(now: now)
            handleReady(until: min(nextSend, nextConnect, end))
        }
    }

    private mutating func askIdle() {
        for index in long.indices where long[index].isIdle { say(index) }
        let deadline = MonotonicClock.now + settings.patience
        let isSettled = { (load: borrowing Load) in
            load.new.areAllOver && load.long.allSatisfy { $0.isAnswered || $0.state == .broken }
        }
        while !isSettled(self), MonotonicClock.now < deadline {
            handleReady(until: MonotonicClock.now + .milliseconds(50))
        }
    }

    private mutating func say(_ index: Int) {
        if let reason = long[index].say() { report.note("connection \(index): \(reason)") }
    }

    private mutating func handleReady(until deadline: Instant) {
        for ready in poller.wait(until: deadline) {
            let now = MonotonicClock.now
            if ready.token < UInt64(long.count) {
                handle(Int(ready.token), now: now)
            } else {
                new.handle(ready, now: now, poller: poller, buffer: &buffer)
            }
        }
    }

    private mutating func handle(_ index: Int, now: Instant) {
        var reason: String?
        if long[index].state == .connecting {
            reason = long[index].connected() ?? long[index].say()
            poller.change(long[index].socket, to: .reading, token: UInt64(index))
        } else {
            reason = long[index].hear(into: &buffer, now: now)
        }
        guard let reason else { return }
        report.note("connection \(index), port \(long[index].socket.localPort): \(reason)")
        poller.remove(long[index].socket)
    }

    private mutating func sum() {
        let now = MonotonicClock.now
        new.expire(now: now, isTheEnd: true)
        for index in long.indices {
            if let reason = long[index].giveUp(now: now) { report.note("connection \(index): \(reason)") }
        }
        report.connections = long.count
        report.idle = long.count(where: \.isIdle)
        report.idleAnswered = long.count { $0.isIdle && $0.isAnswered }
        report.broken = long.count { $0.state == .broken }
        report.wrong = long.count(where: \.isWrong) + new.wrong
        report.longestSilenceMS = (long.map(\.longestSilence).max() ?? .zero).milliseconds
        report.newConnections = new.made
        report.failedNew = new.failed
        report.slowestConnectMS = new.slowest.milliseconds
        for reason in new.reasons { report.note(reason) }
    }
}
