import Addresses
import Agreement
import Balancing

extension Balancer {
    /// Gives servers that came back the weight of their step, once a second while there are any.
    mutating func climb(_ now: Instant) {
        let before = shares
        shares = rises.compactMapValues { $0.share(now: now) }
        rises = rises.filter { shares[$0.key] != nil }
        if shares != before { wanted = nil }
        nextStep = rises.isEmpty ? .never : now + Rise.step
    }

    /// The table as it will be once all have risen: what the directors compare.
    mutating func wholeTable() -> Table {
        shares.isEmpty
            ? wantedTable()
            : desired(settings, verdicts: verdicts, overrides: overrides, advice: advice, shortages: shortages)
    }
}
