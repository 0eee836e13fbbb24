import Commands
import Control
import Testing

/// Checks and what came of them, as people read it.
struct ChecksTextTests {
    static let now: Int64 = 1_700_000_100

    static let report = ChecksReport(
        director: "lb1",
        checks: [
            CheckStatus(
                service: "web", server: "10.1.0.21:80", target: "10.1.0.21:8080", check: ["http: /", "interval: 2s"],
                own: ViewStatus(director: "lb1", isUp: false, since: now - 60, reason: "HTTP status 503"),
                peer: ViewStatus(director: "lb2", isUp: true, since: now - 7200), streak: 1, decides: 2, nextMS: 640,
                results: [
                    ResultStatus(time: (now - 3) * 1000, tookMS: 1000, isPass: false, reason: "no answer in time"),
                    ResultStatus(time: (now - 1) * 1000, tookMS: 2.5, isPass: true),
                ])
        ])

    @Test func `a server's checks are a page`() {
        #expect(
            ChecksText.checks(Self.report, history: true, now: Self.now * 1000) == """
                10.1.0.21:80 of web, asked at 10.1.0.21:8080: http: /, interval: 2s
                  lb1 has seen it down for 1 min: HTTP status 503
                  lb2 has seen it up for 2 h
                  1 of 2 results say otherwise
                  asked next in 640 ms
                  AGO     TOOK  RESULT
                  1 s   2.5 ms  pass
                  3 s  1000 ms  fail    no answer in time

                """)
    }

    @Test func `a check that is run now shows what was said, and no secret`() {
        let report = TrialsReport(
            director: "lb1",
            trials: [
                TrialStatus(
                    service: "db", server: "10.1.0.21:6379", target: "10.1.0.21:6379",
                    result: ResultStatus(time: 0, tookMS: 4.5, isPass: false, reason: "wrong password"),
                    sayings: [
                        .init(afterMS: 0.5, by: "director", text: nil, bytes: 40),
                        .init(afterMS: 3.5, by: "server", text: "-WRONGPASS\\r\\n-x", bytes: 14),
                    ])
            ])
        #expect(
            ChecksText.trials(report) == """
                10.1.0.21:6379 of db, asked by lb1 at 10.1.0.21:6379
                  0.5 ms > (40 bytes with a secret)
                  3.5 ms < -WRONGPASS\\r\\n
                  3.5 ms < -x
                  4.5 ms  fail: wrong password

                """)
    }
}
