import Drills
import Testing

@Suite struct JudgementTests {
    private func good() -> LoadReport {
        var report = LoadReport()
        report.connections = 100
        report.idle = 50
        report.idleAnswered = 50
        report.slowestConnectMS = 3
        report.retransmittedBefore = 4
        report.retransmittedAfter = 0
        return report
    }

    @Test func `lets pass what the caller allows, and no more`() {
        var report = good()
        report.failedNew = 2
        report.retransmittedAfter = 9
        #expect(Judgement.handover(report, slowest: 250, young: 2, repeats: 9).allSatisfy { $0.holds })
        #expect(Judgement.handover(report, slowest: 250, young: 1, repeats: 8).count { !$0.holds } == 2)
    }

    @Test func `a handover that nobody noticed passes`() {
        #expect(Judgement.handover(good(), slowest: 250).allSatisfy { $0.holds })
    }

    @Test(arguments: [(1, 0), (0, 1)])
    func `one broken or wrong connection fails both`(broken: Int, wrong: Int) {
        var report = good()
        report.broken = broken
        report.wrong = wrong
        #expect(Judgement.takeover(report).count { !$0.holds } == 1)
        #expect(Judgement.handover(report, slowest: 250).count { !$0.holds } == 1)
    }

    @Test func `an idle connection that does not answer fails both`() {
        var report = good()
        report.idleAnswered = 49
        #expect(!Judgement.takeover(report).allSatisfy { $0.holds })
        #expect(!Judgement.handover(report, slowest: 250).allSatisfy { $0.holds })
    }

    @Test func `a takeover may delay, a handover may not`() {
        var report = good()
        report.failedNew = 1
        report.slowestConnectMS = 250
        report.retransmittedAfter = 7
        #expect(Judgement.takeover(report).allSatisfy { $0.holds })
        #expect(Judgement.handover(report, slowest: 250).count { !$0.holds } == 3)
    }

    @Test func `segments that nobody counted are no pass`() {
        var report = good()
        report.retransmittedAfter = nil
        #expect(!Judgement.handover(report, slowest: 250).allSatisfy { $0.holds })
    }
}
