import Commands
import Control
import Testing

struct StatusTextTests {
    private func page(_ status: Status) -> String {
        "\n" + StatusText(status, now: Situations.now).text
    }

    @Test func `shows a healthy pair`() {
        #expect(
            page(Situations.healthy) == """

                Pair edge, seen from lb1, which has run for 12 d 4 h (tandem 0.1.0, heartbeats 200 ms × 5)
                Peer lb2 is heard, in a session of 12 d 3 h
                Hearts woke late by 0.2 ms at worst in 10 s (4.4 ms in 60 s) on lb1

                GROUP  ACTIVE  HERE    PEER    TERM       FOR  WHY
                web    lb1     active  backup     1  12 d 3 h  it is preferred

                ADDRESS           GROUP  INTERFACE  HERE
                192.0.2.10/32     web    eth0       yes
                2001:db8::10/128  web    eth0       yes

                PATH    FROM       TO         INTERFACE   LOSS  LAST HEARD  ROUND TRIP
                path 0  192.0.2.2  192.0.2.3  eth0         0 %   80 ms ago     0.41 ms
                path 1  10.9.0.2   10.9.0.3   eth1       0.3 %  130 ms ago        4 ms

                SERVICE  GROUP  LISTEN                                       SCHEDULER  SERVERS UP
                web      web    tcp://192.0.2.10:80 tcp://[2001:db8::10]:80  wlc            2 of 2

                Table: the kernel holds what it should (digest 5f1c9a30).
                Configuration: /etc/tandem/tandem.yaml, loaded 1 d 1 h ago (digest 8ba1f00d).

                """)
    }

    @Test(arguments: [
        (0, "Probes began late by 4.9 ms at worst in 10 s (61 ms in 60 s), 5000 of them"),
        (
            12,
            "Probes began late by 4.9 ms at worst in 10 s (61 ms in 60 s), 5000 of them, 12 due ones wait"
        ),
    ]) func `says whether the checks keep up`(waiting: Int, line: String) {
        var status = Situations.healthy
        status.checks = ChecksStatus(
            probes: 5000, running: 30, waiting: waiting, begun: 812_345,
            queueDelay: LatenessStatus(lastMS: 2.2, secondMS: 4.4, tenSecondsMS: 4.9, minuteMS: 61))
        #expect(page(status).split(separator: "\n").contains { $0 == line })
    }

    @Test(arguments: [
        (true, "Masqueraded by this director: services 1, servers 2."),
        (false, "Masqueraded by this director: services 1, servers 2; not all of them are."),
    ]) func `says what is masqueraded`(isKept: Bool, line: String) {
        var status = Situations.healthy
        status.table.masquerade = MasqueradeStatus(services: 1, servers: 2, isKept: isKept)
        #expect(page(status).split(separator: "\n").contains { $0 == line })
    }

    @Test(arguments: [
        (
            WitnessStatus.State.heard,
            "Witness 192.0.2.9:5391 is heard, round trip 0.31 ms; grant of web: lb1, for 905 ms more"
        ),
        (.silent, "Witness 192.0.2.9:5391 has been silent for 8 s; grant of web: lb1, for 905 ms more"),
        (.never, "Witness 192.0.2.9:5391 has not been heard since this director started"),
    ]) func `says how the witness is`(state: WitnessStatus.State, line: String) {
        var status = Situations.healthy
        status.witness = WitnessStatus(
            address: "192.0.2.9:5391", state: state, since: Situations.now - 8, lastHeard: state == .never ? nil : 8,
            roundTripMS: state == .heard ? 0.31 : nil,
            grants: state == .never ? [] : [GrantStatus(group: "web", holder: "lb1", leftMS: 905)])
        #expect(page(status).split(separator: "\n").contains { $0 == line })
    }

    @Test func `says which address is withdrawn, and why`() {
        var status = Situations.healthy
        let why = "web has 1 of 2 servers that it needs"
        status.groups[0].addresses[0].state = .absent
        status.groups[0].addresses[0].withdrawn = why
        status.services[0].withdrawn = WithdrawalStatus(addresses: ["192.0.2.10"], reason: why)
        let text = page(status)
        #expect(text.contains("192.0.2.10/32     web    eth0       withdrawn\n"), "\(text)")
        #expect(text.contains("2001:db8::10/128  web    eth0       yes\n"), "\(text)")
        #expect(text.contains("\n192.0.2.10 withdrawn: web has 1 of 2 servers that it needs\n"), "\(text)")
    }

    @Test func `shows who took over, when and why`() {
        #expect(
            page(Situations.takeover) == """

                Pair edge, seen from lb2, which has run for 12 d 4 h (tandem 0.1.0, heartbeats 200 ms × 5)
                Peer lb1 has been lost for 3 min, restarted once
                Hearts woke late by 0.2 ms at worst in 10 s (4.4 ms in 60 s) on lb2

                GROUP  ACTIVE  HERE    TERM    FOR  WHY
                web    lb2     active     2  3 min  lb1 fell silent

                ADDRESS           GROUP  INTERFACE  HERE
                192.0.2.10/32     web    eth0       yes
                2001:db8::10/128  web    eth0       yes

                PATH    FROM       TO         INTERFACE   LOSS  LAST HEARD
                path 0  192.0.2.2  192.0.2.3  eth0       100 %   3 min ago
                path 1  10.9.0.2   10.9.0.3   eth1       100 %   3 min ago

                SERVICE  GROUP  LISTEN                                       SCHEDULER  SERVERS UP
                web      web    tcp://192.0.2.10:80 tcp://[2001:db8::10]:80  wlc            2 of 2

                Table: the kernel holds what it should (digest 5f1c9a30).
                Configuration: /etc/tandem/tandem.yaml, loaded 1 d 1 h ago (digest 8ba1f00d).
                Datagrams refused: 3 replayed, 12 too short.

                """)
    }

    @Test func `shows a director that just started alone, without ip_vs`() {
        #expect(
            page(Situations.alone) == """

                Pair edge, seen from lb1, which has run for 2 s (tandem 0.1.0, heartbeats 200 ms × 5)
                Peer lb2 has not been heard since this director started
                Hearts woke late by 0.2 ms at worst in 10 s (4.4 ms in 60 s) on lb1

                GROUP  ACTIVE  HERE    TERM  FOR  WHY
                web    nobody  backup     0  2 s  it just started

                ADDRESS        GROUP  INTERFACE  HERE
                192.0.2.10/32  web    eth0       no

                PATH    FROM       TO         LAST HEARD
                path 0  192.0.2.2  192.0.2.3       never

                SERVICE  GROUP  LISTEN                                       SCHEDULER  SERVERS UP
                web      web    tcp://192.0.2.10:80 tcp://[2001:db8::10]:80  wlc            0 of 2

                SERVER        SERVICE  FORWARD  WEIGHT  VERDICT
                10.1.0.21:80  web      dr            1  unknown
                10.1.0.22:80  web      dr            2  unknown

                Table: the kernel has no ip_vs (modprobe ip_vs).
                Configuration: /etc/tandem/tandem.yaml, loaded 2 s ago (digest 8ba1f00d).

                Warning: Group web is waiting for interface eth0.
                Warning: The kernel has no ip_vs: load it with 'modprobe ip_vs'.

                """)
    }

    @Test func `shows a failing table, a refused reload and a peer that left`() {
        #expect(
            page(Situations.troubled) == """

                Pair edge, seen from lb1, which has run for 12 d 4 h (tandem 0.1.0, heartbeats 200 ms × 5)
                Peer lb2 left 1 min ago, with a goodbye, restarted 2 times
                Hearts woke late by 0.2 ms at worst in 10 s (4.4 ms in 60 s) on lb1

                GROUP  ACTIVE  HERE    PEER    TERM       FOR  WHY
                web    lb1     active  backup     1  12 d 3 h  it is preferred

                ADDRESS           GROUP  INTERFACE  HERE
                192.0.2.10/32     web    eth0       yes
                2001:db8::10/128  web    eth0       on lo, leaving

                PATH    FROM       TO         INTERFACE   LOSS  LAST HEARD  ROUND TRIP
                path 0  192.0.2.2  192.0.2.3  eth0         0 %   80 ms ago     0.41 ms
                path 1  10.9.0.2   10.9.0.3   eth1       0.3 %  130 ms ago        4 ms

                SERVICE  GROUP  LISTEN                                       SCHEDULER  SERVERS UP
                web      web    tcp://192.0.2.10:80 tcp://[2001:db8::10]:80  wlc            1 of 2

                SERVER        SERVICE  FORWARD  WEIGHT  VERDICT    FOR  WHY
                10.1.0.22:80  web      dr            2  down     1 min  connection refused

                Table: the kernel refused a part: the scheduler ip_vs_wlc is not there (modprobe ip_vs_wlc).
                Configuration: /etc/tandem/tandem.yaml, loaded 1 d 1 h ago (digest 8ba1f00d); a newer one was refused 30 s ago:
                  /etc/tandem/tandem.yaml:3:1: unknown key 'pear'; did you mean 'pair'?
                  /etc/tandem/tandem.yaml:9:5: 'forward' is missing: nat, dr or tun

                Warning: net.ipv4.vs.sync_threshold is '3 50'; 'sysctl: manage' would set it to '0 0'.

                """)
    }

    @Test func `explains a fitness with a line for each tracker`() {
        var status = Situations.healthy
        let now = Situations.now
        status.groups[0].fitness = FitnessStatus(
            score: 50, peer: 100,
            trackers: [
                TrackerStatus(
                    name: "script /bin/check", weight: 50, state: .failing, points: 50, since: now - 8,
                    reason: "exit 2: \"no route\""),
                TrackerStatus(name: "process haproxy", weight: 20, state: .passing, points: 0, since: now - 4000),
                TrackerStatus(name: "file /run/unfit", weight: 100, state: .pending, points: 0),
            ])
        #expect(
            page(status).contains(
                """

                Fitness for web: 50 of 100 on lb1, and 100 on lb2
                  script /bin/check (50) fails for 8 s: exit 2: "no route"
                  process haproxy (20) passes for 1 h 6 min
                  file /run/unfit (100) has not been looked at yet

                """))
        #expect(
            PluginReport(status).line.hasPrefix(
                "TANDEM WARNING - script /bin/check of web fails: exit 2: \"no route\" |"))
        status.groups[0].fitness = FitnessStatus(score: 100, peer: 100)
        #expect(page(status) == page(Situations.healthy))
    }

    @Test func `shows who is in standby and that the pair is paused`() {
        let page = page(Situations.maintenance)
        #expect(page.contains("\nlb1 is in standby for 10 min, asked for by uid 1000 at lb2: new disk\n"))
        #expect(page.contains("The pair is paused until 2027-01-1"))
        #expect(page.contains(", 40 min from now, asked for by uid 0 at lb1, the peer does not know yet\n"))
        #expect(page.contains("web    lb2     backup, standby  active"))
    }
}
