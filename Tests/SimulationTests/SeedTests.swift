import Simulation
import Testing

struct SeedTests {
    @Test(arguments: 0..<4)
    func `whatever a seed does to the pair, no rule is broken`(batch: UInt64) async {
        let result = await campaign(first: 1 + batch * 3, seeds: 3)
        #expect(result.broken.isEmpty, "\(result.broken)")
        #expect(result.tally.failures >= 60)
    }

    @Test func `the same seed tells the same story`() {
        var first = Fate(seed: 4711, failures: 5, isTold: true)
        var second = Fate(seed: 4711, failures: 5, isTold: true)
        #expect(first.play().story == second.play().story)
    }

    @Test func `a campaign counts the same whether it is told or not, on one thread or two`() async {
        var fate = Fate(seed: 5, failures: 5, isTold: true)
        var campaign = Campaign(first: 5, seeds: 1, failuresPerSeed: 5, jobs: 1)
        #expect(await campaign.run().tally == fate.play().tally)
        campaign.seeds = 3
        let alone = await campaign.run().tally
        campaign.jobs = 2
        #expect(await campaign.run().tally == alone)
    }

    @Test func `failures overlap`() async {
        let tally = await campaign(first: 100, seeds: 2).tally
        #expect(tally.overlapped.reduce(0, +) * 5 >= tally.failures)
    }

    private func campaign(first: UInt64, seeds: UInt64) async -> Campaign.Result {
        await Campaign(first: first, seeds: seeds, failuresPerSeed: 20, jobs: 2).run()
    }
}
