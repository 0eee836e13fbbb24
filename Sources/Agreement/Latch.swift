package import Addresses

/// Something that a director remembers and that both have to hold the same, like whether a service has lost its quorum.
///
/// It does not follow from the verdicts that stand now, so it is told to the peer just as they are. A director that
/// just started takes the peer's; where both remember something else the holder's counts, and without one what is on.
package struct Latch: Hashable, Sendable {
    package var isOn: Bool
    /// By this director's clock.
    package var since: Instant
    /// More than one bit that goes with it; absent: nothing does.
    package var word: UInt32?

    package init(isOn: Bool, since: Instant, word: UInt32? = nil) {
        self.isOn = isOn
        self.since = since
        self.word = word
    }
}

extension SharedVerdicts {
    /// What counts of a latch; nil: neither director knows anything of it.
    ///
    /// - Parameter group: whose holder decides; absent: nobody does.
    func settled(_ mark: UInt64, group: Int?) -> Latch? {
        let (mine, theirs) = (latch(mark), peerLatch(mark))
        guard let mine else { return theirs }
        guard let theirs, isPeerHeard, theirs.isOn != mine.isOn else { return mine }
        switch holder(of: group) {
        case .own: return mine
        case .peer: return theirs
        case .nobody: return mine.isOn ? mine : theirs
        }
    }
}
