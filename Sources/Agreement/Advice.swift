/// What a server's agent, or a check's script, says of it, besides what its check shows. What was never said is
/// absent, and changes nothing. A value of fixed size.
package struct Advice: Hashable, Sendable {
    package enum Mode: String, Hashable, Sendable, CaseIterable {
        /// No drain and no maintenance any more.
        case ready
        /// No new connections: weight 0.
        case drain
        /// Out, whatever its check shows.
        case maint
    }

    package enum State: String, Hashable, Sendable, CaseIterable {
        /// As its check shows.
        case up
        /// Out, whatever its check shows: three words for people to tell apart.
        case down, fail, stopped
    }

    /// Instead of the configured weight: a script's word.
    package var fixed: UInt32?
    /// Of the weight, 0 to 100.
    package var percent: UInt8?
    package var mode: Mode?
    package var state: State?

    package init(fixed: UInt32? = nil, percent: UInt8? = nil, mode: Mode? = nil, state: State? = nil) {
        self.fixed = fixed
        self.percent = percent
        self.mode = mode
        self.state = state
    }

    /// Only what is said anew changes: whoever said `drain` has to say `ready`.
    package mutating func take(_ newer: Advice) {
        fixed = newer.fixed ?? fixed
        percent = newer.percent ?? percent
        mode = newer.mode ?? mode
        state = newer.state ?? state
    }

    /// Whether the server is to be treated as one that is down.
    package var isOut: Bool { mode == .maint || state != nil && state != .up }

    /// Whether it gives the server a weight other than the configured one.
    package var isAboutWeight: Bool { fixed != nil || percent != nil && percent != 100 }

    /// The weight that a server has while it is up. A part of a weight is at least 1, for 0 would be a drain.
    package func weight(of configured: UInt32) -> UInt32 {
        guard mode != .drain else { return 0 }
        let whole = fixed ?? configured
        guard let percent, percent > 0, whole > 0 else { return percent == 0 ? 0 : whole }
        return UInt32(max(1, UInt64(whole) * UInt64(min(percent, 100)) / 100))
    }

    /// What only a script says, and what only an agent does.
    package var ofScript: Advice { Advice(fixed: fixed) }
    package var ofAgent: Advice { Advice(percent: percent, mode: mode, state: state) }
}

extension Advice: CustomStringConvertible {
    /// What makes a difference: `drain, 50%`; empty: nothing does.
    package var description: String {
        let words = [
            state == .up ? nil : state?.rawValue, mode == .ready ? nil : mode?.rawValue,
            fixed.map { "weight \($0)" }, percent == 100 ? nil : percent.map { "\($0)%" },
        ]
        return words.compactMap(\.self).joined(separator: ", ")
    }
}
