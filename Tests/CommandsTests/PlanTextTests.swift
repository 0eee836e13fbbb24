import Commands
import Control
import Testing

struct PlanTextTests {
    private let web = "tcp://192.0.2.10:80"

    @Test func `shows the steps of a service together`() {
        let report = PlanReport(
            steps: [
                PlanStep(.add, service: "tcp://192.0.2.11:80", server: nil, before: nil, after: "wlc"),
                PlanStep(.add, service: "tcp://192.0.2.11:80", server: "10.1.0.21:80", before: nil, after: "-g -w 1"),
                PlanStep(.change, service: web, server: "10.1.0.22:80", before: "-g -w 1", after: "-g -w 0"),
                PlanStep(.remove, service: web, server: "10.1.0.23:80", before: "-g -w 1", after: nil),
                PlanStep(.remove, service: "udp://192.0.2.10:53", server: nil, before: "rr", after: nil),
            ], notes: ["servers not checked yet, counted as up: 1"])
        #expect(
            PlanText.text(report) == """
                + tcp://192.0.2.11:80  wlc
                +     10.1.0.21:80  -g -w 1
                  tcp://192.0.2.10:80
                ~     10.1.0.22:80  -g -w 1 → -g -w 0
                -     10.1.0.23:80  -g -w 1
                - udp://192.0.2.10:53  rr
                Services: 1 to add, 0 to change, 1 to remove. Servers: 1 to add, 1 to change, 1 to remove.
                servers not checked yet, counted as up: 1

                """)
    }

    @Test func `says that there is nothing to do, and what would refuse it`() {
        #expect(
            PlanText.text(PlanReport(steps: [], obstacles: ["it would remove all"])) == """
                Nothing to do: the kernel holds what the configuration wants.
                Refused: it would remove all

                """)
    }

    @Test func `shows the services that are not Tandem's below the table`() {
        let report = TableReport(desired: "a\n", kernel: "a\n", foreign: "b\n")
        #expect(TableText.text(report) == "a\n\nNot Tandem's:\nb\n")
    }
}
