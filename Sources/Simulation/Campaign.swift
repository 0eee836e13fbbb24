/// Many seeds, each played by itself, as many at once as there is room for.
package struct Campaign: Sendable {
    package var first: UInt64
    package var seeds: UInt64
    package var failuresPerSeed: Int
    package var jobs: Int
    package var without: Protection?

    package init(first: UInt64, seeds: UInt64, failuresPerSeed: Int, jobs: Int, without: Protection? = nil) {
        self.first = first
        self.seeds = seeds
        self.failuresPerSeed = failuresPerSeed
        self.jobs = jobs
        self.without = without
    }

    /// The first seed of those that broke something, and what.
    package struct Broken: Sendable {
        package var seed: UInt64
        package var violations: [String]
    }

    package struct Result: Sendable {
        package var tally = Tally()
        package var broken: [Broken] = []
    }

    /// Plays all seeds; `progress` is told after each one. Stops early when `limit` seeds have broken something.
    package func run(limit: Int = 10, progress: (Result) -> Void = { _ in }) async -> Result {
        await withTaskGroup(of: (UInt64, Fate.Outcome).self) { group in
            var result = Result()
            var next = first
            let end = first + seeds
            while next < end, next < first + UInt64(jobs) { start(&next, in: &group) }
            while let (seed, outcome) = await group.next() {
                result.tally.add(outcome.tally)
                if !outcome.violations.isEmpty {
                    result.broken.append(Broken(seed: seed, violations: outcome.violations))
                }
                progress(result)
                if next < end, result.broken.count < limit { start(&next, in: &group) }
            }
            result.broken.sort { $0.seed < $1.seed }
            return result
        }
    }

    private func start(_ next: inout UInt64, in group: inout TaskGroup<(UInt64, Fate.Outcome)>) {
        let seed = next
        next += 1
        group.addTask {
            var fate = Fate(seed: seed, failures: failuresPerSeed, without: without)
            return (seed, fate.play())
        }
    }
}
