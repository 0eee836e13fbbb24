import Control
import Simulation
import Testing

/// What Prometheus reads, to the letter and by its grammar.
struct MetricsTextTests {
    @Test func `a director with all that it can say gives this text`() {
        let text = MetricsText(.golden).whole
        for (found, wanted) in zip(text.split(separator: "\n"), metricsGolden.split(separator: "\n")) {
            #expect(found == wanted)
        }
        #expect(text == metricsGolden)
    }

    @Test(arguments: MetricsFormat.allCases) func `every line of it is of the format`(format: MetricsFormat) throws {
        let isOpen = format == .openMetrics
        let families = try Exposition(MetricsText(.golden, as: format).whole, isOpen: isOpen).families
        #expect(families.count > 60)
        for (name, family) in families {
            #expect(name.hasPrefix("tandem_"), "\(name)")
            #expect(name.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x5F }, "\(name)")
            #expect((family.type == "counter" && !isOpen) == name.hasSuffix("_total"), "\(name)")
            #expect(family.help.count > 5 && !family.help.hasSuffix("."), "\(name)")
            for unit in ["_ms", "_milliseconds", "_minutes", "_percent"] { #expect(!name.contains(unit), "\(name)") }
        }
    }

    @Test func `a director that knows nothing yet says what it has, by the format`() throws {
        let report = MetricsReport(status: .sample)
        let families = try Exposition(MetricsText(report).whole).families
        #expect(families["tandem_group_role"]?.samples.count == 8)
        #expect(families["tandem_in_sync"] == nil && families["tandem_ipvs_server_weight"] == nil)
    }

    @Test func `names of any kind come back as they were`() throws {
        for seed in 1...50 as ClosedRange<UInt64> {
            var random = SplitMix64(seed: seed)
            let report = MetricsReport.random(&random)
            for format in MetricsFormat.allCases {
                let text = MetricsText(report, as: format).whole
                let families = try Exposition(text, isOpen: format == .openMetrics).families
                let roles = families["tandem_group_role"]?.samples.compactMap { $0.labels["group"] } ?? []
                #expect(Set(roles) == Set(report.status.groups.map(\.name)), "seed \(seed)")
                let servers = families["tandem_server_weight"]?.samples.compactMap { $0.labels["server"] } ?? []
                #expect(servers == report.status.services.flatMap(\.servers).map(\.endpoint), "seed \(seed)")
            }
        }
    }

    @Test func `no reason, warning or path of a file is among the labels`() {
        var report = MetricsReport.golden
        report.status.warnings = ["SECRET"]
        report.status.configuration.file = "/SECRET"
        report.status.groups[0].reason = "SECRET"
        report.status.services[0].servers[0].reason = "SECRET"
        report.status.services[0].servers[0].agent = "SECRET"
        #expect(!MetricsText(report).whole.contains("SECRET"))
    }

    @Test func `of 5,000 servers no piece is longer than 2 MB`() throws {
        var report = MetricsReport.golden
        report.status.services[0].servers = (0..<5000).map { number in
            var server = report.status.services[0].servers[0]
            server.endpoint = "10.\(number >> 8).\(number & 0xFF).1:80"
            return server
        }
        report.counters?.services[0].servers = (0..<5000).map { number in
            var server = ServerCounters(endpoint: "", forwarding: "dr", weight: 1, counters: .init(), rates: .init())
            server.endpoint = "10.\(number >> 8).\(number & 0xFF).1:80"
            return server
        }
        var (text, longest, all) = (MetricsText(report), 0, [UInt8]())
        while let piece = text.piece() {
            longest = max(longest, piece.count)
            all += piece
        }
        #expect(longest < 2 << 20)
        #expect(all.count { $0 == UInt8(ascii: "\n") } > 60_000)
    }
}

extension MetricsReport {
    /// Names that are as awkward as can be.
    static func random(_ random: inout SplitMix64) -> MetricsReport {
        var made = 0
        func name() -> String {
            let letters: [Unicode.Scalar] = [
                "\\", "\"", "\n", "{", "}", ",", "=", " ", "#", "é", "\u{1F980}", "n", "0", "\r", "\t",
            ]
            let scalars = (0..<Int.random(in: 0...12, using: &random)).map { _ in
                letters.randomElement(using: &random) ?? "a"
            }
            made += 1
            return String(String.UnicodeScalarView(scalars)) + "\(made)"
        }
        func number() -> Double {
            [0, 1, 0.1, 1e-9, 1e300, 12345.678, .infinity, .leastNonzeroMagnitude].randomElement(using: &random) ?? 0
        }
        var report = MetricsReport.golden
        report.status.director = name()
        report.status.peer.name = name()
        report.status.timing.intervalMS = number()
        report.status.groups = (0..<3).map { _ in
            var group = report.status.groups[0]
            (group.name, group.term) = (name(), UInt64.random(in: 0...UInt64.max, using: &random))
            let trackers = group.fitness?.trackers ?? []
            group.fitness?.trackers = trackers + trackers
            return group
        }
        report.status.paths = (0..<2).map { _ in
            PathStatus(name: name(), local: name(), peer: name(), loss: number(), roundTripMS: number(), hears: true)
        }
        report.status.services = (0..<3).map { _ in
            ServiceStatus(
                name: name(), listen: [], scheduler: "rr",
                servers: (0..<2).map { _ in
                    ServerStatus(endpoint: name(), forwarding: "dr", weight: 1, verdict: .up)
                })
        }
        report.refusals = [name(), name()]
        return report
    }
}
