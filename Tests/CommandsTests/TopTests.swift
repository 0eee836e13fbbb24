import Commands
import Control
import Testing

struct TopTests {
    static func report(_ second: UInt64, _ services: [(String, UInt64, UInt64)]) -> CountersReport {
        CountersReport(
            monotonic: second * 1_000_000_000,
            services: services.map { listen, connections, bytes in
                let counters = Counters(connections: connections, packetsIn: connections * 3, bytesIn: bytes)
                return ServiceCounters(
                    listen: listen, name: listen.hasSuffix("80") ? "web" : nil, scheduler: "wlc", counters: counters,
                    rates: Counters(),
                    servers: [
                        ServerCounters(
                            endpoint: "10.1.0.21:80", forwarding: "dr", weight: 2, active: 5, inactive: 1,
                            counters: counters, rates: Counters())
                    ])
            })
    }

    @Test func `rates are differences, and new or renewed counters count from 0`() {
        let before = Self.report(10, [("tcp://192.0.2.10:80", 100, 1000), ("udp://192.0.2.10:53", 50, 900)])
        let now = Self.report(
            12, [("tcp://192.0.2.10:80", 120, 5000), ("udp://192.0.2.10:53", 4, 40), ("tcp://192.0.2.11:25", 2, 2)])
        let traffic = Traffic(from: before, to: now)
        #expect(traffic.seconds == 2)
        #expect(
            traffic.services.map(\.listen) == ["tcp://192.0.2.10:80", "udp://192.0.2.10:53", "tcp://192.0.2.11:25"])
        #expect(traffic.services.map(\.perSecond.connections) == [10, 2, 1])
        #expect(traffic.services.map(\.perSecond.bytesIn) == [2000, 20, 1])
        #expect(traffic.services[0].servers[0].perSecond.packetsIn == 30)
        #expect(Traffic(from: before, to: now, only: "web").services.count == 1)
        #expect(Traffic(from: before, to: now, only: "udp://192.0.2.10:53").services.count == 1)
    }

    @Test func `a reading that did not move on divides by no zero`() {
        let report = Self.report(10, [("tcp://192.0.2.10:80", 100, 1000)])
        #expect(Traffic(from: report, to: report).services[0].perSecond.connections == 0)
    }

    @Test func `the page has a line for each service and server`() {
        let traffic = Traffic(
            from: Self.report(10, [("tcp://192.0.2.10:80", 100, 1000)]),
            to: Self.report(11, [("tcp://192.0.2.10:80", 112, 2_501_000)]))
        #expect(
            TopText.page(traffic) == """
                SERVICE                  SERVER        WEIGHT  ACTIVE  INACTIVE  CONN/S  PKT/S IN  PKT/S OUT  BYTE/S IN  BYTE/S OUT
                web tcp://192.0.2.10:80                             5         1      12        36          0       2.5M           0
                                         10.1.0.21:80       2       5         1      12        36          0       2.5M           0

                """)
        #expect(TopText.page(traffic, height: 4).hasSuffix("and 1 more lines: 'tandem top --once' has all\n"))
    }

    @Test(arguments: [
        (0.0, "0"), (0.04, "0.1"), (0.4, "0.4"), (9.94, "9.9"), (12.4, "12"), (999.4, "999"), (1000, "1K"),
        (1234, "1.23K"),
        (45_600_000, "45.6M"), (999_600, "1M"), (1e15, "1000T"),
    ])
    func `numbers have three digits`(value: Double, text: String) {
        #expect(TopText.number(value) == text)
    }

    @Test func `an explanation is a page with the chosen server marked`() {
        let report = ExplainReport(
            flow: "tcp 198.51.100.7:40000 192.0.2.10:80", listen: "tcp://192.0.2.10:80", service: "web", found: "port",
            scheduler: "mh", choice: "certain", server: "10.1.0.22:80",
            candidates: [
                CandidateReport(endpoint: "10.1.0.21:80", weight: 1, active: 3, inactive: 0, share: 0.25),
                CandidateReport(endpoint: "10.1.0.22:80", weight: 3, active: 9, inactive: 4, share: 0.75),
            ], sentences: ["first", "second"])
        #expect(
            ExplainText.text(report) == """
                tcp 198.51.100.7:40000 192.0.2.10:80 (service web)
                  first
                  second

                SERVER        WEIGHT  ACTIVE  INACTIVE  SHARE
                10.1.0.21:80       1       3         0   25 %
                10.1.0.22:80       3       9         4   75 %  <- a new connection

                """)
    }

    @Test func `a connection is an object for programs`() {
        #expect(
            ConnectionText.json("TCP 14:59  ESTABLISHED 198.51.100.7:40000 192.0.2.10:80      10.1.0.21:80")
                == "  {\"protocol\": \"TCP\", \"expires\": \"14:59\", \"state\": \"ESTABLISHED\", "
                + "\"client\": \"198.51.100.7:40000\", \"service\": \"192.0.2.10:80\", \"server\": \"10.1.0.21:80\"}")
    }
}
