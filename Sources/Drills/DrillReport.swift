/// What `tandem drill run --json` writes: one pair, its drills, their rounds.
package struct DrillReport: Codable, Hashable, Sendable {
    package var pair: PairFacts
    package var drills: [DrillSeries]
    /// Why a drill could not be run to its end, in a sentence; the drills behind it did not begin.
    package var failure: String?

    package init(pair: PairFacts, drills: [DrillSeries] = []) {
        self.pair = pair
        self.drills = drills
    }

    package var passes: Bool { failure == nil && drills.allSatisfy { $0.rounds.allSatisfy(\.broken.isEmpty) } }
}

/// The rounds of one drill.
package struct DrillSeries: Codable, Hashable, Sendable {
    package var drill: Drill
    package var rounds: [Round]

    package init(drill: Drill, rounds: [Round] = []) {
        self.drill = drill
        self.rounds = rounds
    }

    package var passed: Int { rounds.count(where: \.broken.isEmpty) }

    package var detection: Spread? { Spread(rounds.compactMap(\.detectionMS)) }
    /// Rounds whose outage never ended are left out: they have broken a rule.
    package var outage: Spread? { Spread(rounds.compactMap(\.outageMS)) }
    /// nil: nothing was probed.
    package var mostLost: Int? { rounds.compactMap(\.lost).max() }
    /// Of the load that judges; nil: none ran.
    package var brokenConnections: Int? {
        let loads = rounds.compactMap(\.load)
        return loads.isEmpty ? nil : loads.reduce(0) { $0 + $1.broken }
    }
}

/// The least, the mean and the greatest of some times in milliseconds.
package struct Spread: Codable, Hashable, Sendable {
    package var least: Double
    package var mean: Double
    package var greatest: Double

    /// nil: of nothing.
    package init?(_ values: [Double]) {
        guard let least = values.min(), let greatest = values.max() else { return nil }
        self.least = least
        self.greatest = greatest
        mean = values.reduce(0, +) / Double(values.count)
    }
}
