import Commands
import Control
import Testing

struct PluginReportTests {
    @Test func `is content with a healthy pair`() {
        let report = PluginReport(Situations.healthy)
        #expect(report.level == .ok)
        #expect(
            report.line
                == "TANDEM OK - lb1 active for web, peer lb2 heard | active=1;;;0;1 servers_up=2;;;0;2")
    }

    @Test func `warns of a lost peer`() {
        let report = PluginReport(Situations.takeover)
        #expect(report.level == .warning)
        #expect(report.line == "TANDEM WARNING - peer lb1 lost | active=1;;;0;1 servers_up=2;;;0;2")
    }

    @Test func `alarms when nobody is active, the gravest first`() {
        let report = PluginReport(Situations.alone)
        #expect(report.level == .critical)
        #expect(
            report.line == """
                TANDEM CRITICAL - nobody is active for web; 0 of 2 servers up for web; the kernel has no ip_vs; \
                web waits for interface eth0; peer lb2 never; The kernel has no ip_vs: load it with 'modprobe ip_vs'. \
                | active=0;;;0;1 servers_up=0;;;0;2
                """)
    }

    @Test func `alarms when an active director lacks an address`() {
        var status = Situations.healthy
        status.groups[0].addresses[0].state = .absent
        #expect(PluginReport(status).level == .critical)
        #expect(PluginReport(status).line.contains("192.0.2.10/32 of web is not on eth0"))
    }

    @Test func `alarms when an address is withdrawn, and says why`() {
        var status = Situations.healthy
        status.groups[0].addresses[0].state = .absent
        status.groups[0].addresses[0].withdrawn = "web has 1 of 2 servers that it needs"
        let report = PluginReport(status)
        #expect(report.level == .critical)
        let line = "CRITICAL - 192.0.2.10/32 of web is withdrawn: web has 1 of 2 servers that it needs |"
        #expect(report.line.contains(line), "\(report.line)")
    }

    @Test func `warns of a silent path while the others are heard`() {
        var status = Situations.healthy
        status.paths[1].lastHeard = 1.1
        #expect(PluginReport(status).level == .warning)
        status.paths[1].lastHeard = nil
        #expect(PluginReport(status).line.contains("no heartbeats on path 1"))
    }

    @Test func `stays one line whatever a sentence holds`() {
        var status = Situations.healthy
        status.warnings = ["two\nlines | and a bar"]
        let line = PluginReport(status).line
        #expect(!line.contains("\n"))
        #expect(line.count { $0 == "|" } == 1)
    }

    @Test func `is unknown without an answer`() {
        let report = PluginReport(unknown: "cannot reach tandemd")
        #expect(report.level.rawValue == 3)
        #expect(report.line == "TANDEM UNKNOWN - cannot reach tandemd")
    }

    @Test func `warns of a standby and of a pause`() {
        let report = PluginReport(Situations.maintenance)
        #expect(report.level == .warning)
        #expect(report.line.contains("lb1 is in standby, asked for by uid 1000 at lb2: new disk"))
        #expect(report.line.contains("paused until 2027-01-1"))
    }
}
