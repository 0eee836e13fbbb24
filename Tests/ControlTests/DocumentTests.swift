import Control
import FoundationEssentials
import Testing

struct DocumentTests {
    /// Docs/API.md of this repository.
    private static func document() throws -> String {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        return try String(contentsOfFile: "/\(root)/Docs/API.md", encoding: .utf8)
    }

    private static let full: (Status, Event) = {
        var status = Status.sample
        status.groups[0].holder = "lb1"
        status.groups[0].peerRole = "backup"
        status.groups[0].waitingFor = "interface eth0"
        status.groups[0].fitness = FitnessStatus(
            score: 50, peer: 100,
            trackers: [TrackerStatus(name: "a", weight: 50, state: .failing, points: 50, since: 1, reason: "b")])
        status.groups[0].addresses = [AddressStatus(prefix: "192.0.2.10/32", interface: "eth0", state: .here)]
        status.paths = [
            PathStatus(
                name: "path 0", local: "a", peer: "b", interface: "c", loss: 0, lastHeard: 0.1, roundTripMS: 0.4)
        ]
        status.services = [
            ServiceStatus(
                name: "web", group: "web", listen: ["a"], scheduler: "wlc",
                servers: [
                    ServerStatus(
                        endpoint: "a", forwarding: "dr", weight: 1, verdict: .down, since: 1, reason: "b",
                        drain: OverrideMark(author: Author(at: "lb1", uid: 0), since: 1, reason: "a"),
                        override: OverrideMark(author: Author(at: "lb1", uid: 0), since: 1, weight: 5))
                ])
        ]
        (status.services[0].servers[0].active, status.services[0].servers[0].inactive) = (1, 2)
        let author = Author(at: "lb1", uid: 0)
        status.standby = [StandbyStatus(director: "lb2", author: author, since: 1, reason: "a", shared: true)]
        status.pause = PauseStatus(author: author, since: 1, until: 2, reason: "a", shared: false)
        status.overrides = [
            OverrideStatus(
                server: "a", service: "b", weight: 5, author: author, since: 1, reason: "c", shared: true,
                servers: ["d"], connections: DrainConnections(here: 1, there: 2), isDrained: false)
        ]
        status.witness = WitnessStatus(
            address: "a", state: .heard, since: 1, lastHeard: 0.1, roundTripMS: 0.4, restarts: 1,
            grants: [GrantStatus(group: "web", holder: "lb1", leftMS: 900)])
        status.table.digest = "ab"
        (status.table.drifts, status.table.refused) = (1, 2)
        (status.paths[0].sent, status.paths[0].heard, status.paths[0].missed) = (1, 2, 3)
        status.groups[0].changes = ChangeCounts()
        status.checks = ChecksStatus(
            probes: 1, running: 2, waiting: 3, begun: 4, queueDelay: LatenessStatus(), failed: 5)
        status.table.foreign = 1
        status.table.masquerade = MasqueradeStatus(services: 1, servers: 2, isKept: true)
        status.configuration.refusedAt = 1
        status.agreement = AgreementStatus(isInSync: false, differences: ["a"])
        let side = SyncSide(
            interface: "a", id: 9, isMasterRunning: true, isBackupRunning: false, problem: "b",
            connections: [GroupConnections(group: "web", isHeld: true)])
        status.sync = SyncStatus(here: side, there: side, isTelling: true, toldAt: 1, told: 2, toldMS: 3)
        var event = Event(time: 1, monotonic: 2, kind: .role, message: "a")
        (event.group, event.from, event.to, event.term, event.reason) = ("a", "b", "c", 4, "d")
        (event.previousHolder, event.durationMS, event.lastHeard) = ("a", 1, 2)
        (event.service, event.server, event.uid, event.mac) = ("a", "b", 0, "c")
        return (status, event)
    }()

    /// The keys of a JSON text, however deep.
    private func keys(_ value: some Encodable) throws -> Set<String> {
        let text = String(decoding: try JSON.encode(value), as: UTF8.self)
        let keys = text.matches(of: /"([^"]*)":/).map { String($0.1) }
        return Set(keys)
    }

    @Test func `names every key of a status and of an event`() throws {
        let document = try Self.document()
        let keys = try keys(Self.full.0).union(keys(Self.full.1))
        #expect(keys.count > 50)
        for key in keys.sorted() { #expect(document.contains("`\(key)`"), "Docs/API.md does not explain \(key)") }
    }

    @Test func `names every key of a difference`() async throws {
        let document = try Self.document()
        var report = try await SampleTarget().diff(limit: 1)
        report.subjects[0].entries[0].there = "wrr"
        let names = try keys(report).sorted()
        for key in names { #expect(document.contains("`\(key)`"), "Docs/API.md does not explain \(key)") }
        for subject in SubjectDiff.Subject.allCases { #expect(document.contains("`\(subject.rawValue)`")) }
    }

    @Test func `names every key of counters and of an explanation`() async throws {
        let document = try Self.document()
        var counters = try await SampleTarget().counters()
        counters.services[0].persistence = 300
        let explanation = ExplainReport(
            flow: "a", listen: "b", service: "c", found: "d", scheduler: "e", present: "f", kept: "g", choice: "h",
            server: "i", candidates: [CandidateReport(endpoint: "j", weight: 1, active: 2, inactive: 3, share: 0.5)],
            sentences: ["k"])
        let names = try keys(counters).union(keys(explanation)).sorted()
        #expect(names.count > 25)
        for key in names { #expect(document.contains("`\(key)`"), "Docs/API.md does not explain \(key)") }
        for layout in ListingRequest.Layout.allCases { #expect(document.contains("`\(layout.rawValue)`")) }
    }

    @Test func `names every key of a plan, and of what comes of it`() async throws {
        let document = try Self.document()
        let names = try keys(SampleTarget.plan).union(keys(PlanRequest(files: [.init(path: "a", text: "b")])))
            .union(keys(ApplyReport(configuration: "a"))).union(keys(AdoptReport(services: [])))
        for key in names { #expect(document.contains("`\(key)`") || document.contains("\"\(key)\""), "\(key)") }
        for action in PlanStep.Action.allCases { #expect(document.contains("`\(action.rawValue)`")) }
    }

    @Test func `names every state`() throws {
        let document = try Self.document()
        let states =
            PeerStatus.State.allCases.map(\.rawValue) + TableStatus.State.allCases.map(\.rawValue)
            + AddressStatus.State.allCases.map(\.rawValue) + ServerStatus.Verdict.allCases.map(\.rawValue)
            + TrackerStatus.State.allCases.map(\.rawValue)
            + WitnessStatus.State.allCases.map(\.rawValue) + Event.Kind.allCases.map(\.rawValue)
        for state in states { #expect(document.contains("`\(state)`"), "Docs/API.md does not explain \(state)") }
    }

    @Test func `reads back what it wrote`() throws {
        let (status, event) = Self.full
        #expect(try JSON.decode(Status.self, from: JSON.encode(status)) == status)
        #expect(try JSON.decode(Event.self, from: JSON.encode(event)) == event)
    }
}
