import Commands
import Control
import Testing

struct PagesTests {
    @Test func `lists servers with their verdicts`() {
        let page = ServicesText.servers([Situations.service(up: 1)], now: Situations.now)
        #expect(
            page == """
                SERVER        SERVICE  FORWARD  WEIGHT  VERDICT        FOR  WHY
                10.1.0.21:80  web      dr            1  up       1 h 6 min
                10.1.0.22:80  web      dr            2  down         1 min  connection refused

                """)
    }

    @Test func `paints only when asked to`() {
        let service = [Situations.service(up: 1)]
        #expect(!ServicesText.services(service).contains("\u{1B}"))
        #expect(ServicesText.services(service, style: .coloured).contains("\u{1B}[33m1 of 2\u{1B}[0m"))
        #expect(!StatusText(Situations.troubled, now: Situations.now).text.contains("\u{1B}"))
    }

    @Test func `keeps a status with thousands of things to a page`() {
        var status = Situations.healthy
        status.services = (0..<1000).map { number in
            var service = Situations.service(up: number == 700 ? 1 : 2)
            service.name = "s\(number)"
            return service
        }
        status.groups[0].addresses = (0..<4000).map { number in
            AddressStatus(prefix: "192.0.2.\(number)/32", interface: "eth0", state: number == 3000 ? .absent : .here)
        }
        let text = StatusText(status, now: Situations.now).text
        #expect(text.count { $0 == "\n" } < 60)
        #expect(text.contains("and 980 more: 'tandem services' lists all"))
        #expect(text.contains("and 3990 more"))
        #expect(text.contains("s700"))
        #expect(text.contains("192.0.2.3000/32"))
    }

    @Test func `shows the kernel's table as it is when it is right`() {
        let table = "-A -t 192.0.2.10:80 -s wlc\n"
        #expect(TableText.text(TableReport(desired: table, kernel: table)) == table)
    }

    @Test func `marks what the kernel lacks and what it has too much`() {
        let report = TableReport(desired: "a\nb\nd\ne\n", kernel: "a\nc\nd\n")
        #expect(TableText.text(report) == "  a\n- c\n+ b\n  d\n+ e\n")
        #expect(TableText.text(TableReport(desired: "", kernel: "a\n")) == "- a\n")
        #expect(TableText.text(TableReport(desired: "a\n", kernel: "")) == "+ a\n")
    }

    @Test func `shows what a kernel without ip_vs should hold`() {
        let text = TableText.text(TableReport(desired: "a\n", kernel: nil))
        #expect(text == "The kernel has no ip_vs (modprobe ip_vs). It should hold:\na\n")
    }

    @Test func `shows an event in a line`() {
        var event = Event(time: 0, monotonic: 0, kind: .role, message: "web: backup to active, lb1 fell silent")
        event.term = 4
        event.durationMS = 12.34
        let line = EventText.line(event, at: "04:15:02.123")
        #expect(
            line == "04:15:02.123  role           web: backup to active, lb1 fell silent (term 4, took 12 ms)\n")
    }

    @Test func `follows a handover to its end`() {
        var progress = HandoverProgress(HandoverReport(groups: ["web"], to: "lb2"))
        #expect(!progress.isOver)
        var status = Situations.healthy
        progress.observe(status)
        #expect(!progress.isOver)
        #expect(progress.complaint(after: 15) == "lb2 is not active for web after 15 s: lb1 still holds it")
        status.groups[0].holder = "lb2"
        progress.observe(status)
        #expect(!progress.isOver)
        status.groups[0].role = "backup"
        progress.observe(status)
        #expect(progress.isOver)
    }
}
