/// When new connections to a server and nothing that comes back from it are worth a warning.
package struct PassiveSettings: Hashable, Sendable {
    /// For so long nothing has come back, 5 s to 1 h.
    package var period: Duration
    /// So many new connections began meanwhile, 1 to 1,000,000.
    package var connections: Int

    package init(period: Duration = .seconds(30), connections: Int = 10) {
        self.period = period
        self.connections = connections
    }
}

extension PassiveSettings: CustomStringConvertible {
    /// `10 in 30s`.
    package var description: String { "\(connections) in \(DurationText.print(period))" }
}
