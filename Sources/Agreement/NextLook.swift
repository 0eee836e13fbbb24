package import Settings

extension CheckSettings {
    /// How long after the start of one probe the next one is to start, by what they have shown so far.
    package func interval(after tally: Tally) -> Duration {
        if tally.streak > 0 { return fastInterval ?? interval }
        if let view = tally.view, !view.verdict.isUp { return downInterval ?? interval }
        return interval
    }
}
