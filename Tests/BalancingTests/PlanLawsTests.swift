import Balancing
import Testing

/// The laws of `plan`, each over thousands of pairs of tables from a seed.
@Suite struct PlanLawsTests {
    private static let cases: UInt64 = 4000

    /// Calls `law` with two tables, the plan between them, and what else needs chance. All services are ours.
    private func forAll(_ law: (Table, Table, [Step], inout SplitMix64) throws -> Void) rethrows {
        for seed in 1...Self.cases {
            var generator = SplitMix64(seed: seed)
            let held = generator.table()
            let desired = generator.table()
            let steps = plan(from: held, to: desired, owned: Set(held.services.keys))
            try law(held, desired, steps, &generator)
        }
    }

    @Test func `carrying out a plan makes the one table of the other`() throws {
        try forAll { held, desired, steps, _ in
            var table = held
            for step in steps { try table.apply(step) }
            #expect(table == desired)
        }
    }

    @Test func `there is nothing to do between equal tables`() {
        forAll { held, _, _, _ in
            #expect(plan(from: held, to: held, owned: Set(held.services.keys)).isEmpty)
        }
    }

    @Test func `no step leaves a service empty that has servers in both tables`() throws {
        try forAll { held, desired, steps, _ in
            let both = held.services.filter { identity, service in
                service.takesConnections && desired.services[identity]?.takesConnections == true
            }
            var table = held
            for step in steps {
                try table.apply(step)
                for identity in both.keys { #expect(table.services[identity]?.takesConnections == true) }
            }
        }
    }

    @Test func `a service that stays as it is gets no step`() {
        forAll { held, desired, steps, _ in
            for step in steps { #expect(held.services[step.service] != desired.services[step.service]) }
        }
    }

    @Test func `planning again after any part of a plan reaches the same table`() throws {
        try forAll { held, desired, steps, generator in
            var table = held
            for step in steps.prefix(Int.random(in: 0...steps.count, using: &generator)) { try table.apply(step) }
            for step in plan(from: table, to: desired, owned: Set(held.services.keys)) { try table.apply(step) }
            #expect(table == desired)
        }
    }

    @Test func `what does not depend on a failed step can be carried out, and planning again finishes the work`() throws
    {
        try forAll { held, desired, steps, generator in
            let failed = Set(steps.filter { _ in Int.random(in: 0..<4, using: &generator) == 0 })
            let skipped = dependents(of: failed, in: steps, from: held)
            #expect(skipped.isDisjoint(with: failed))
            var table = held
            for step in steps where !failed.contains(step) && !skipped.contains(step) { try table.apply(step) }
            for step in plan(from: table, to: desired, owned: Set(held.services.keys)) { try table.apply(step) }
            #expect(table == desired)
        }
    }

    @Test func `failures leave no service empty that has servers in both tables`() throws {
        try forAll { held, desired, steps, generator in
            let failed = Set(steps.filter { _ in Bool.random(using: &generator) })
            let skipped = dependents(of: failed, in: steps, from: held)
            var table = held
            for step in steps where !failed.contains(step) && !skipped.contains(step) {
                let before = table.services[step.service]?.takesConnections
                try table.apply(step)
                guard before == true, desired.services[step.service]?.takesConnections == true else { continue }
                #expect(table.services[step.service]?.takesConnections == true)
            }
        }
    }

    @Test func `other people's services get no step`() {
        forAll { held, desired, _, _ in
            for step in plan(from: held, to: desired, owned: []) {
                #expect(desired.services[step.service] != nil)
            }
        }
    }

    @Test func `a plan is the same every time`() {
        forAll { held, desired, steps, _ in
            var shuffled = Table()
            for (identity, service) in held.services.reversed() { shuffled.services[identity] = service }
            #expect(plan(from: shuffled, to: desired, owned: Set(held.services.keys)) == steps)
        }
    }

    @Test func `tables have equal digests only when they are equal`() {
        forAll { held, desired, _, _ in
            #expect((held.digest == desired.digest) == (held == desired))
        }
    }
}
