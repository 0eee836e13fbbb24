/// Something that was seen during a drill, on the clock of the machine that ran it.
package struct Moment: Codable, Hashable, Sendable {
    package enum Kind: String, Codable, Hashable, Sendable {
        /// The fault began, or ended.
        case begun, ended
        /// A director changed its role.
        case role
        /// A virtual address came to a director's wire, or left it.
        case address
        /// A director noticed a foreign claim.
        case alarm
        /// The pair was one again: one active, one backup, and each hears the other.
        case settled
        /// Nobody looked any longer.
        case over
    }

    /// Milliseconds since the fault began; negative before.
    package var atMS: Double
    package var kind: Kind
    package var director: String?
    /// Of a role: the old and the new one, the term, the reason in the log's words.
    package var from: String?
    package var to: String?
    package var term: UInt64?
    package var reason: String?
    /// Of a role: how long the peer had been silent.
    package var silenceMS: Double?
    /// Of an address: which, and whether it is there now.
    package var address: String?
    package var isThere: Bool?

    package init(
        _ atMS: Double, _ kind: Kind, _ director: String? = nil, from: String? = nil, to: String? = nil,
        term: UInt64? = nil, reason: String? = nil, silenceMS: Double? = nil, address: String? = nil,
        isThere: Bool? = nil
    ) {
        self.atMS = atMS
        self.kind = kind
        self.director = director
        self.from = from
        self.to = to
        self.term = term
        self.reason = reason
        self.silenceMS = silenceMS
        self.address = address
        self.isThere = isThere
    }

    /// Between two times in nanoseconds, to a microsecond.
    package static func milliseconds(_ time: UInt64, since origin: UInt64) -> Double {
        (Double(Int64(time) - Int64(origin)) / 1000).rounded() / 1000
    }
}

/// What a probe of one address saw during a drill.
package struct Outage: Codable, Hashable, Sendable {
    package var address: String
    package var lost: Int
    /// The longest silence between two answers; absent: nothing was lost, or it never answered again.
    package var longestMS: Double?
    /// When that silence ended, counted from the fault; absent with `lost` above 0: it never answered again.
    package var answeredMS: Double?

    package init(address: String, lost: Int = 0, longestMS: Double? = nil, answeredMS: Double? = nil) {
        self.address = address
        self.lost = lost
        self.longestMS = longestMS
        self.answeredMS = answeredMS
    }

    /// - Parameter origin: when the fault began, on the probe's clock, in nanoseconds.
    package init(_ report: ProbeReport, origin: UInt64) {
        let worst = report.gaps.first { $0.firstAnswered == nil } ?? report.longest
        self.init(
            address: report.target, lost: report.lost, longestMS: worst?.lengthMS,
            answeredMS: worst?.firstAnswered.map { Moment.milliseconds($0, since: origin) })
    }
}
