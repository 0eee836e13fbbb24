/// When a server that goes up and down is held down.
package struct DampingSettings: Hashable, Sendable {
    /// So often it goes down within the window before it is held, 2 to 100.
    package var falls: Int
    /// 1 s to 24 h.
    package var window: Duration
    /// How long it has to keep its verdict until it is let go, 1 s to 24 h.
    package var hold: Duration

    package init(falls: Int = 3, window: Duration = .seconds(300), hold: Duration = .seconds(300)) {
        self.falls = falls
        self.window = window
        self.hold = hold
    }
}

extension DampingSettings: CustomStringConvertible {
    /// `3 in 5m, 10m`.
    package var description: String {
        "\(falls) in \(DurationText.print(window)), \(DurationText.print(hold))"
    }
}
