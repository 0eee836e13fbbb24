package import Addresses
import Glibc

/// Asks an address for an echo at a steady pace and remembers when it did not answer.
package struct Probe: ~Copyable {
    private var echo: ICMPEcho
    private let address: IPAddress
    private let interval: Duration

    /// - Parameters:
    ///   - interval: 100 µs or more.
    ///   - lane: another one for each probe of this process.
    package init(address: IPAddress, interval: Duration, lane: UInt16 = 0) throws(DrillError) {
        precondition(interval >= .microseconds(100), "a probe every \(interval) is a flood")
        echo = try ICMPEcho(to: address, identifier: UInt16(truncatingIfNeeded: getpid()) &+ lane)
        self.address = address
        self.interval = interval
    }

    /// Probes until the condition is true, waits for late answers and reports.
    ///
    /// - Parameter patience: how long an answer may take after the last request.
    package mutating func run(patience: Duration = .seconds(1), until isOver: () -> Bool) -> ProbeReport {
        var record = ProbeRecord()
        var due = MonotonicClock.now
        while !isOver() {
            MonotonicClock.sleep(until: due)
            let now = MonotonicClock.now
            _ = echo.send(UInt32(truncatingIfNeeded: record.count))
            record.sent(at: now)
            while let number = echo.nextAnswer() { record.answered(number) }
            // A prober that was late goes on from now; it does not make up for it with a burst.
            due = max(due + interval, now)
        }
        let end = MonotonicClock.now + patience
        while MonotonicClock.now < end, !record.isComplete {
            MonotonicClock.sleep(until: MonotonicClock.now + .milliseconds(1))
            while let number = echo.nextAnswer() { record.answered(number) }
        }
        return record.report(target: address.description)
    }
}
