import Addresses
import Control
import Director
import Election
import Glibc
import Heartbeat
import Synchronization
import Testing

struct MetricsReadingTests {
    private final class Count: Sendable {
        let value = Mutex(0)
    }

    private static let status = Status(
        pair: "edge", director: "lb1", version: "0.1", since: 1,
        peer: PeerStatus(name: "lb2", state: .heard, since: 1), table: TableStatus(state: .missing),
        configuration: ConfigurationStatus(file: "a", digest: "b", loadedAt: 1),
        timing: TimingStatus(intervalMS: 200, misses: 5))

    @Test func `many who ask at once get what one of them does, and a second later it is made anew`() async {
        let reading = MetricsReading()
        let made = Count()
        let ask: @Sendable () async -> MetricsReading.Pieces = {
            await reading.pieces(.text) {
                made.value.withLock { $0 += 1 }
                try? await Task.sleep(for: .milliseconds(100))
                return MetricsReport(status: Self.status)
            }
        }
        let answers = await withTaskGroup(of: MetricsReading.Pieces.self) { group in
            for _ in 0..<50 { group.addTask { await ask() } }
            return await group.reduce(into: Set<[[UInt8]]>()) { $0.insert($1) }
        }
        #expect(answers.count == 1 && made.value.withLock { $0 } == 1)
        try? await Task.sleep(for: .milliseconds(1200))
        #expect(await ask() == answers.first)
        #expect(made.value.withLock { $0 } == 2)
    }
}

struct ChangeBoardTests {
    private func count(_ from: Role, _ to: Role, _ reason: Reason, on board: ChangeBoard) {
        board.count(from: from, to: to, reason, group: 1)
    }

    @Test(arguments: [
        (Reason.peerLost, 1, 0), (.peerLeft, 1, 0), (.nobodyAnswered, 1, 0), (.peerGives, 0, 1), (.peerIdle, 0, 0),
        (.returned, 0, 0),
    ])
    func `a claim counts by its reason once the addresses are here`(reason: Reason, takeovers: UInt64, taken: UInt64) {
        let board = ChangeBoard(groups: 2)
        count(.backup, .claiming, reason, on: board)
        #expect(board.current[1] == ChangeCounts())
        count(.claiming, .active, .claimed, on: board)
        #expect(board.current == [ChangeCounts(), ChangeCounts(takeovers: takeovers, taken: taken)])
    }

    @Test func `a handover counts when the peer has the group, and not when it did not take it`() {
        let board = ChangeBoard(groups: 2)
        count(.active, .giving, .requested, on: board)
        count(.giving, .active, .peerSilent, on: board)
        count(.active, .giving, .requested, on: board)
        count(.giving, .moving, .peerTookOver, on: board)
        #expect(board.current[1] == ChangeCounts(given: 1))
    }
}

/// Real daemons whose figures are asked for.
@Suite(.serialized, .enabled(if: Namespaces.isAvailable, "needs root, iproute2 and the built daemons"))
struct MetricsDaemonTests {
    private static let ask = """
        exec 3<>/dev/tcp/192.0.2.2/9640
        printf 'GET /metrics HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n' >&3
        cat <&3
        """

    @Test func `figures are had on the socket and over TCP, and follow a reload`() throws {
        let lab = try Namespaces()
        func metrics(_ lines: String) throws {
            try lab.write(Namespaces.configuration(lab.folder) + lines, to: "tandem.yaml")
        }
        func scrape() -> String {
            (try? lab.shell("ip netns exec \(lab.tag)-cl timeout -s KILL 5 bash \(lab.folder)/ask")) ?? ""
        }
        try lab.write(Self.ask, to: "ask")
        try metrics("metrics: {listen: {lb1: 192.0.2.2:9640}}\n")
        try lab.start("lb1")
        try lab.start("lb2")
        try #require(lab.eventually { lab.holds("lb1") })
        #expect(lab.eventually { scrape().contains("tandem_group_role{group=\"web\",role=\"active\"} 1\n") })
        #expect(scrape().contains("tandem_heartbeats_sent_total{path=\"1\",local=\"192.0.2.2\",peer=\"192.0.2.3\"} "))
        let other = try lab.tandem("metrics", on: "lb2")
        #expect(other.contains("tandem_group_role{group=\"web\",role=\"backup\"} 1\n"), "\(other)")
        try metrics("metrics: {listen: {lb1: 192.0.2.99:9640}}\n")
        lab.signal("lb1", SIGHUP)
        let warning = "metrics cannot be served on 192.0.2.99:9640: Cannot assign requested address"
        #expect(lab.eventually(10) { ((try? lab.tandem("status", on: "lb1")) ?? "").contains(warning) })
        #expect(!scrape().contains("200"))
        try lab.shell("ip -n \(lab.tag)-lb1 addr add 192.0.2.99/32 dev eth0")
        #expect(lab.eventually(15) { !((try? lab.tandem("status", on: "lb1")) ?? "").contains(warning) })
        #expect(lab.stop("lb1") == 0)
    }

    @Test func `clients that ask without end, or say nothing, cost the heart nothing`() throws {
        let lab = try Namespaces()
        try lab.write(
            Namespaces.configuration(lab.folder) + "metrics: {listen: {lb1: 0.0.0.0:9640}}\n", to: "tandem.yaml")
        try lab.start("lb1")
        try lab.start("lb2")
        try #require(lab.eventually { lab.holds("lb1") })
        try lab.write(Self.ask, to: "ask")
        let before = try lab.tandem("events --json", on: "lb2")
        try lab.shell(
            """
            ip netns exec \(lab.tag)-cl bash -c '
              ask() { while [ $SECONDS -lt 5 ]; do timeout -s KILL 2 bash \(lab.folder)/ask; done; }
              for n in 1 2 3 4 5 6; do ask >/dev/null 2>&1 & done
              for n in 1 2 3 4 5 6; do (exec 3<>/dev/tcp/192.0.2.2/9640; sleep 5) 2>/dev/null & done
              wait'
            """)
        #expect(lab.holds("lb1") && !lab.holds("lb2"))
        let after = try lab.tandem("events --json", on: "lb2")
        #expect(after.components("is lost") == before.components("is lost"))
        #expect(lab.stop("lb1") == 0)
    }
}

extension String {
    fileprivate func components(_ text: String) -> Int { ranges(of: text).count }
}
