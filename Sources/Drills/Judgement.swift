/// One thing that a drill must show, and whether it did.
package struct Judgement: Hashable, Sendable {
    /// What is asked and what was measured, in words.
    package var sentence: String
    package var holds: Bool

    init(_ sentence: String, _ holds: Bool) {
        self.sentence = sentence
        self.holds = holds
    }

    /// A takeover may be noticed, but it breaks nothing.
    package static func takeover(_ report: LoadReport) -> [Judgement] {
        unbroken(report)
    }

    /// A handover is not noticed at all.
    ///
    /// - Parameters:
    ///   - slowest: what connecting may take at most, in milliseconds.
    ///   - young: how many connections may fail that the switch caught in the middle of their handshake: the kernel
    ///     syncs a TCP connection once it is established (net/netfilter/ipvs/ip_vs_sync.c, `ip_vs_sync_conn_needed`).
    ///   - repeats: how many segments may be sent again.
    package static func handover(
        _ report: LoadReport, slowest: Double, young: Int = 0, repeats: UInt64 = 0
    ) -> [Judgement] {
        unbroken(report) + [
            Judgement(
                (young == 0 ? "no new connection fails" : "at most \(young) new connections fail")
                    + ": \(report.failedNew) did", report.failedNew <= young),
            Judgement(
                "connecting takes less than \(LoadReport.milliseconds(slowest)): "
                    + "at most \(LoadReport.milliseconds(report.slowestConnectMS))",
                report.slowestConnectMS < slowest),
            Judgement(
                (repeats == 0 ? "nothing is sent twice" : "at most \(repeats) segments are sent twice")
                    + ": \(report.retransmittedAfter.map { "\($0)" } ?? "an unknown number") were",
                report.retransmittedAfter.map { $0 <= repeats } ?? false),
        ]
    }

    private static func unbroken(_ report: LoadReport) -> [Judgement] {
        [
            Judgement("no connection breaks: \(report.broken) of \(report.connections) did", report.broken == 0),
            Judgement("every byte comes back as it was: \(report.wrong) connections differ", report.wrong == 0),
            Judgement(
                "idle connections answer afterwards: \(report.idleAnswered) of \(report.idle) did",
                report.idle > 0 && report.idleAnswered == report.idle),
        ]
    }

    package var line: String { "\(holds ? "pass" : "FAIL")  \(sentence)" }
}
