import Balancing
import Glibc
import Testing

/// The laws of `plan`, each over pairs of tables from a seed: most of them small and alike, some with up to 300 services
/// that overlap by half. TANDEM_CASES says how many; all of Deploy/test takes ten thousand.
@Suite struct PlanLawsTests {
    /// Two tables, and the plan between them. All services are ours.
    struct Case: Sendable {
        let seed: UInt64
        let held: Table
        let desired: Table
        let steps: [Step]

        init(seed: UInt64) {
            var generator = SplitMix64(seed: seed)
            self.seed = seed
            switch seed {
            case _ where seed % 500 == 0: (held, desired) = generator.overlapping(size: 300)
            case _ where seed % 50 == 0: (held, desired) = generator.overlapping(size: 30)
            case _ where seed % 3 == 0: (held, desired) = generator.overlapping(size: 4)
            default: (held, desired) = (generator.table(), generator.table())
            }
            steps = plan(from: held, to: desired, owned: Set(held.services.keys))
        }

        /// Whether a table has of a service what both ends have of it: itself, its servers, and one that takes
        /// connections.
        func keeps(_ table: Table, _ service: ServiceIdentity) -> Bool {
            guard let first = held.services[service], let last = desired.services[service] else { return true }
            guard let now = table.services[service] else { return false }
            let both = first.servers.keys.filter { last.servers[$0] != nil }
            let isServed = !first.takesConnections || !last.takesConnections || now.takesConnections
            return isServed && both.allSatisfy { now.servers[$0] != nil }
        }
    }

    private static let cases = (1...count).map { Case(seed: $0) }
    private static let count = getenv("TANDEM_CASES").flatMap { UInt64(String(cString: $0)) } ?? 500

    /// Calls `law` with each case and what else needs chance; it says whether it holds.
    private func forAll(_ law: (Case, inout SplitMix64) throws -> Bool) rethrows {
        for one in Self.cases {
            var generator = SplitMix64(seed: ~one.seed)
            guard try !law(one, &generator) else { continue }
            Issue.record("it does not hold for seed \(one.seed)")
            return
        }
    }

    /// Carries steps out, or says that one cannot be, or left something out that both ends have.
    private func make(_ steps: some Sequence<Step>, of one: Case, _ table: inout Table) -> Bool {
        for step in steps {
            guard (try? table.apply(step)) != nil, one.keeps(table, step.service) else { return false }
        }
        return true
    }

    private func reaches(_ one: Case, from table: Table) -> Bool {
        var table = table
        let steps = plan(from: table, to: one.desired, owned: Set(one.held.services.keys))
        return make(steps, of: one, &table) && table == one.desired
    }

    @Test func `carrying out a plan makes the one table of the other, and no step loses what both have`() {
        forAll { one, _ in
            var table = one.held
            return make(one.steps, of: one, &table) && table == one.desired
        }
    }

    @Test func `the cases are as large and as much alike as they should be`() {
        let large = Self.cases.filter { $0.held.services.count > 150 }
        let shared = large.map { one in one.held.services.keys.count { one.desired.services[$0] != nil } }
        #expect(!large.isEmpty && shared.reduce(0, +) * 5 > large.reduce(0) { $0 + $1.held.services.count } * 2)
        #expect(Self.cases.contains { $0.steps.count > 400 })
    }

    @Test func `there is nothing to do between equal tables`() {
        forAll { one, _ in plan(from: one.held, to: one.held, owned: Set(one.held.services.keys)).isEmpty }
    }

    @Test func `a service that stays as it is gets no step`() {
        forAll { one, _ in
            one.steps.allSatisfy { one.held.services[$0.service] != one.desired.services[$0.service] }
        }
    }

    @Test func `planning again after any part of a plan reaches the same table`() {
        forAll { one, generator in
            var table = one.held
            let part = one.steps.prefix(Int.random(in: 0...one.steps.count, using: &generator))
            return make(part, of: one, &table) && reaches(one, from: table)
        }
    }

    @Test func `when a step fails, what depends on it is left out, the rest is done, and nothing is lost`() {
        forAll { one, generator in
            guard let failed = one.steps.randomElement(using: &generator) else { return true }
            return survives([failed], one)
        }
    }

    @Test func `when many steps fail, what depends on them is left out, the rest is done, and nothing is lost`() {
        forAll { one, generator in
            survives(Set(one.steps.filter { _ in Int.random(in: 0..<3, using: &generator) == 0 }), one)
        }
    }

    private func survives(_ failed: Set<Step>, _ one: Case) -> Bool {
        let skipped = dependents(of: failed, in: one.steps, from: one.held)
        guard skipped.isDisjoint(with: failed) else { return false }
        let troubled = Set(failed.map(\.service))
        guard skipped.allSatisfy({ troubled.contains($0.service) }) else { return false }
        var table = one.held
        let rest = one.steps.filter { !failed.contains($0) && !skipped.contains($0) }
        return make(rest, of: one, &table) && reaches(one, from: table)
    }

    @Test func `other people's services get no step`() {
        forAll { one, _ in
            plan(from: one.held, to: one.desired, owned: []).allSatisfy { one.desired.services[$0.service] != nil }
        }
    }

    @Test func `a plan is the same every time`() {
        forAll { one, _ in
            var shuffled = Table()
            for (identity, service) in one.held.services.reversed() { shuffled.services[identity] = service }
            return plan(from: shuffled, to: one.desired, owned: Set(one.held.services.keys)) == one.steps
        }
    }

    @Test func `what differs is told as drift, and what does not is not`() {
        forAll { one, _ in
            let drift = Drift.all(from: one.held, to: one.desired)
            return Set(drift.map(\.service)) == Set(one.steps.map(\.service))
                && drift.allSatisfy { !$0.changes.isEmpty }
        }
    }

    @Test func `tables have equal digests only when they are equal`() {
        forAll { one, _ in (one.held.digest == one.desired.digest) == (one.held == one.desired) }
    }
}
