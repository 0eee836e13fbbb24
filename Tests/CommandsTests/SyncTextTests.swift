import Commands
import Control
import Testing

struct SyncTextTests {
    private func foot(_ change: (inout Status) -> Void) -> [String] {
        var status = Situations.healthy
        change(&status)
        let lines = StatusText(status, now: Situations.now).text.split(separator: "\n").map(String.init)
        return Array(lines.drop { !$0.hasPrefix("Configuration:") }.dropFirst())
    }

    private static let there = SyncSide(
        interface: "eth1", id: 12, isMasterRunning: true, isBackupRunning: true,
        connections: [GroupConnections(group: "web", isHeld: false, established: 998)])

    private static func sync(there: SyncSide? = there, told: Int? = nil) -> SyncStatus {
        SyncStatus(
            here: SyncSide(
                interface: "bond0", id: 11, isMasterRunning: true, isBackupRunning: true,
                connections: [
                    GroupConnections(
                        group: "web", isHeld: true, established: 1000, young: 3, recent: 120, other: 5,
                        masqueraded: 4, templates: 7),
                    GroupConnections(group: "mail", isHeld: true),
                ]), there: there, toldAt: Situations.now - 64, told: told, toldMS: 312)
    }

    @Test func `says in one line that both are in sync`() {
        let lines = foot { $0.agreement = AgreementStatus(isInSync: true) }
        #expect(lines == ["IN SYNC: both directors have the same configuration and the same tables"])
    }

    @Test func `says what differs, and where the entries are to be had`() {
        let lines = foot { $0.agreement = AgreementStatus(isInSync: false, differences: ["a", "b"]) }
        #expect(lines == ["NOT IN SYNC ('tandem diff' names the entries):", "  a", "  b"])
    }

    @Test func `shows both sides of the connection sync`() {
        let lines = foot { $0.sync = Self.sync(told: 1000) }
        #expect(
            lines == [
                "Connections are synced: lb1 as 11 on bond0; lb2 as 12 on eth1",
                "lb2 was told of 1000 connections 1 min ago, in 312 ms",
                "  web: lb1 holds 1000 established (3 younger than 2 s, 120 younger than 60 s), 5 closing or opening, "
                    + "7 templates; 4 masqueraded, not promised; lb2 knows 998 established",
            ])
    }

    @Test func `shows what the other director holds from its side, and daemons that are missing`() {
        let lines = foot { status in
            var there = Self.there
            there.isBackupRunning = false
            there.connections?[0].isHeld = true
            status.sync = Self.sync(there: there)
            status.sync?.here.connections?[0] = GroupConnections(group: "web", isHeld: false, established: 990)
        }
        #expect(
            lines == [
                "Connections are synced: lb1 as 11 on bond0; lb2 as 12 on eth1 without backup daemon",
                "  web: lb2 holds 998 established; lb1 knows 990 established",
            ])
    }

    @Test func `says that the peer says nothing`() {
        let lines = foot { $0.sync = Self.sync(there: nil) }
        #expect(lines[0] == "Connections are synced: lb1 as 11 on bond0; lb2 says nothing")
    }

    @Test func `a check warns of what differs`() {
        var status = Situations.healthy
        status.agreement = AgreementStatus(isInSync: false, differences: ["the kernels hold different tables"])
        let report = PluginReport(status)
        #expect(report.level == .warning && report.line.contains("the kernels hold different tables"))
    }

    @Test func `differences are lines with both values`() {
        let report = DiffReport(
            director: "lb1", peer: "lb2",
            subjects: [
                SubjectDiff(
                    subject: .configuration, isSame: false,
                    entries: [
                        DiffEntry(path: "services.web.scheduler", here: "wlc", there: "wrr"),
                        DiffEntry(path: "groups.web.prefer", here: nil, there: "lb1"),
                    ], hasMore: true),
                SubjectDiff(subject: .kernel, isSame: true),
            ])
        #expect(
            DiffText.text(report) == """
                Configuration: differs
                  services.web.scheduler: wlc here, wrr on lb2
                  groups.web.prefer: absent here, lb1 on lb2
                  and more: --limit shows them
                Table in the kernel: the same

                """)
        #expect(!report.isSame)
    }
}
