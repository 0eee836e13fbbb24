/// What clients noticed.
package struct LoadReport: Codable, Hashable, Sendable {
    /// Long connections, and how many of them were idle.
    package var connections = 0
    package var idle = 0
    /// Idle connections that answered when they were asked at last.
    package var idleAnswered = 0
    /// Long connections that ended, or that left something unanswered for longer than the patience.
    package var broken = 0
    /// Connections, long or new, that brought back other bytes than they were given.
    package var wrong = 0
    /// The longest time, in milliseconds, between two answers on a connection that sends all the time.
    package var longestSilenceMS = 0.0
    package var newConnections = 0
    /// New connections that could not be made, or did not bring back their message.
    package var failedNew = 0
    /// The longest time, in milliseconds, that connecting took.
    package var slowestConnectMS = 0.0
    /// TcpRetransSegs of the client: until the failure, and from then on. Absent if the kernel does not say.
    package var retransmittedBefore: UInt64?
    package var retransmittedAfter: UInt64?
    /// The first few reasons why something broke or failed.
    package var reasons: [String] = []

    package init() {}

    mutating func note(_ reason: String) {
        if reasons.count < 10 { reasons.append(reason) }
    }
}

extension LoadReport {
    package var text: String {
        let retransmitted = retransmittedAfter.map { "\($0)" } ?? "unknown"
        let earlier = retransmittedBefore.map { " (and \($0) before the failure)" } ?? ""
        return """
            broken connections       \(broken) of \(connections)
            wrong payload            \(wrong)
            idle ones that answered  \(idleAnswered) of \(idle)
            longest silence          \(Self.milliseconds(longestSilenceMS))
            new connections          \(newConnections), \(failedNew) failed
            slowest new connect      \(Self.milliseconds(slowestConnectMS))
            retransmitted segments   \(retransmitted)\(earlier)

            """ + reasons.map { "  \($0)\n" }.joined()
    }

    /// With one digit after the point.
    package static func milliseconds(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10) ms"
    }
}
