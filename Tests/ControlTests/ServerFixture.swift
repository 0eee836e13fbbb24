import CLinux
import Control
import Glibc
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization
import Testing

/// A director that says what the tests expect.
struct SampleTarget: ControlTarget {
    func status() async -> Status { .sample }

    func tables() async throws(ControlRefusal) -> TableReport {
        TableReport(desired: "-A -t 192.0.2.10:80 -s wlc\n", kernel: nil)
    }

    func diff(limit: Int) async throws(ControlRefusal) -> DiffReport {
        let entry = DiffEntry(path: "services.web.scheduler", here: "wlc", there: nil)
        return DiffReport(
            director: "lb1", peer: "lb2",
            subjects: [
                SubjectDiff(
                    subject: .configuration, isSame: false, entries: Array(repeating: entry, count: min(limit, 30)),
                    hasMore: true, note: "a")
            ])
    }

    func keys() async -> KeysReport { .sample }

    func changeKeys(_ order: KeyOrder) async throws(ControlRefusal) -> KeysReport {
        guard order.task != .retire else { throw ControlRefusal(.conflict, "key 1 is sent with") }
        return .sample
    }

    func handover(_ request: HandoverRequest) async throws(ControlRefusal) -> HandoverReport {
        guard request.group != "mail" else { throw ControlRefusal(.unknown, "there is no group mail") }
        return HandoverReport(groups: [request.group ?? "web"], to: request.to ?? "lb2")
    }

    func wish(_ order: WishOrder, by uid: UInt32) async throws(ControlRefusal) -> WishReport {
        switch order {
        case .standby(let request): WishReport(wish: "standby", director: request.node ?? "lb1")
        case .online(let request): WishReport(wish: "online", director: request.node ?? "lb1")
        case .pause(let request): WishReport(wish: "pause", until: 1_700_000_000 + (request.seconds ?? 3600))
        case .resume: WishReport(wish: "resume", warnings: ["uid \(uid)"])
        }
    }
}

extension SampleTarget {
    func override(_ order: ServerOrder, by uid: UInt32) async throws(ControlRefusal) -> ServerReport {
        let request = order.request
        guard request.server != "10.1.0.99" else { throw ControlRefusal(.unknown, "there is no server 10.1.0.99") }
        let word =
            switch order {
            case .drain: "drain"
            case .ready: "ready"
            case .weight: request.original == true ? "original" : "weight"
            }
        return ServerReport(
            order: word, server: request.server, service: request.service, weight: request.weight,
            servers: ["\(request.server) of web"], warnings: ["uid \(uid)"])
    }
}

extension SampleTarget {
    func checks(_ request: CheckRequest) async throws(ControlRefusal) -> ChecksReport {
        let result = ResultStatus(time: 1_700_000_000_500, tookMS: 1.5, isPass: false, reason: "connection refused")
        return ChecksReport(
            director: "lb1",
            checks: [
                CheckStatus(
                    service: request.service ?? "web", server: request.server, target: request.server,
                    check: ["tcp"], streak: 1, decides: 3, nextMS: 250, results: [result])
            ])
    }

    func check(_ request: CheckRequest) async throws(ControlRefusal) -> TrialsReport {
        guard request.server != "10.1.0.99" else { throw ControlRefusal(.unknown, "there is no server 10.1.0.99") }
        return TrialsReport(director: "lb1", trials: [])
    }
}

extension SampleTarget {
    func counters() async throws(ControlRefusal) -> CountersReport {
        CountersReport(
            monotonic: 1_000_000_000,
            services: [
                ServiceCounters(
                    listen: "tcp://192.0.2.10:80", name: "web", scheduler: "wlc", counters: Counters(connections: 7),
                    rates: Counters(),
                    servers: [
                        ServerCounters(
                            endpoint: "10.1.0.21:80", forwarding: "dr", weight: 1, active: 3,
                            counters: Counters(connections: 7, bytesIn: 1 << 40), rates: Counters(bytesIn: 12))
                    ])
            ])
    }

    func metrics(as format: MetricsFormat) async -> [[UInt8]] {
        var text = MetricsText(.golden, as: format)
        var pieces: [[UInt8]] = []
        while let piece = text.piece() { pieces.append(piece) }
        return pieces
    }

    func listing(_ request: ListingRequest) async throws(ControlRefusal) -> ListingReport {
        ListingReport(text: "\(request.layout) \(request.isExact)\n")
    }

    func explain(_ request: ExplainRequest) async throws(ControlRefusal) -> ExplainReport {
        guard request.flow.hasPrefix("tcp") else { throw ControlRefusal(.malformed, "no flow") }
        return ExplainReport(flow: request.flow, choice: "nobody", sentences: ["mark \(request.mark)"])
    }

    func connections(limit: Int) async throws(ControlRefusal) -> any ConnectionPages {
        guard limit != 13 else { throw ControlRefusal(.unavailable, "no ip_vs") }
        return SamplePages(limit: limit)
    }
}

/// `limit` lines, and the end unless there are 14.
final class SamplePages: ConnectionPages {
    private let left: Mutex<Int>
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
        left = Mutex(limit + 1)
    }

    func next() -> [UInt8]? {
        left.withLock { left in
            left -= 1
            if left > 0 { return Array("TCP line \(left)\n".utf8) }
            return left == 0 && limit != 14 ? Array("end \(limit) more\n".utf8) : nil
        }
    }
}

extension Status {
    static let sample = Status(
        pair: "edge", director: "lb1", version: "0.1", since: 1_700_000_000,
        peer: PeerStatus(name: "lb2", state: .heard, since: 1_700_000_001, sessionSince: 1_700_000_001),
        groups: [GroupStatus(name: "web", role: "active", term: 3, since: 1_700_000_002, reason: "it was alone")],
        table: TableStatus(state: .missing),
        configuration: ConfigurationStatus(file: "/etc/tandem/tandem.yaml", digest: "ab", loadedAt: 1_700_000_000),
        timing: TimingStatus(intervalMS: 200, misses: 5))
}

extension KeysReport {
    static let sample = KeysReport(
        path: "/etc/tandem/keys.d", canRotate: true, director: "lb1", peer: "lb2", peerAnswered: true,
        keys: [
            KeyStatus(
                id: "0badcafe", name: "1", here: KeyUse(isSending: true, isInUse: true, lastSeen: 0.25),
                there: KeyUse(isSending: true, isInUse: true, lastSeen: nil))
        ])
}

func sampleServer(
    at path: String, events: EventLog = EventLog(), limits: ControlServer.Limits = ControlServer.Limits()
) -> ControlServer {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    return ControlServer(
        path: path, target: SampleTarget(), events: events, group: MultiThreadedEventLoopGroup.singleton,
        limits: limits, logger: logger)
}

/// Runs a server while `body` does, and ends it as a daemon does.
@discardableResult
func withServer<Answer: Sendable>(
    _ path: String? = nil, limits: ControlServer.Limits = ControlServer.Limits(),
    _ body: (ControlClient, EventLog) async throws -> Answer
) async throws -> Answer {
    let path = try path ?? Files.path()
    let events = EventLog()
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let daemon = ServiceGroup(services: [sampleServer(at: path, events: events, limits: limits)], logger: logger)
    let running = Task { try await daemon.run() }
    let answer: Result<Answer, any Error>
    do {
        try await Files.waitForSocket(at: path)
        answer = .success(try await body(Files.client(at: path), events))
    } catch {
        answer = .failure(error)
    }
    await daemon.triggerGracefulShutdown()
    try await running.value
    return try answer.get()
}

/// Says anything at all to a socket and reads until the end or a moment of silence.
enum RawClient {
    static func ask(_ path: String, _ request: String) async throws -> String {
        try await connect(path).executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: request))
            var answer = ""
            for try await bytes in inbound {
                answer += String(buffer: bytes)
                if answer.contains("\r\n\r\n") { break }
            }
            return answer
        }
    }

    /// Says the beginning of a request and waits until the server closes.
    static func dawdle(_ path: String) async throws {
        try await connect(path).executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: "GET /v1/sta"))
            for try await _ in inbound {}
        }
    }

    private static func connect(_ path: String) async throws -> NIOAsyncChannel<ByteBuffer, ByteBuffer> {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(unixDomainSocketPath: path) { channel in
                channel.eventLoop.makeCompletedFuture { try NIOAsyncChannel(wrappingChannelSynchronously: channel) }
            }
    }
}

/// The files of these tests.
enum Files {
    static let ownPID = getpid()
    static let ownUID = geteuid()

    private static let folders = Atomic(0)
    /// A directory below /tmp that is gone when the tests end.
    private static let root: String = {
        var template = Array("/tmp/tandem-control-XXXXXX\0".utf8CString.dropLast())
        precondition(mkdtemp(&template) != nil, "no directory could be made below /tmp")
        atexit { _ = system("rm -r \(Files.root)") }
        return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }()

    /// A path in a new directory.
    static func path() throws -> String {
        let folder = "\(root)/\(folders.add(1, ordering: .relaxed).newValue)"
        guard mkdir(folder, 0o700) == 0 else { throw Errno(code: errno) }
        return folder + "/api.sock"
    }

    static func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }

    static func mode(of path: String) throws -> UInt32 {
        var status = stat()
        guard lstat(path, &status) == 0 else { throw Errno(code: errno) }
        return status.st_mode & 0o777
    }

    static func write(_ text: String, to path: String) throws {
        guard let file = fopen(path, "w") else { throw Errno(code: errno) }
        fputs(text, file)
        fclose(file)
    }

    /// What a daemon leaves that was killed.
    static func leaveSocket(at path: String) throws {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else { throw Errno(code: errno) }
    }

    /// More patient than people: tests that calculate leave an answer no processor for seconds.
    static func client(at path: String) -> ControlClient { ControlClient(path: path, patience: 60) }

    /// Until somebody answers there, a minute at the most.
    static func waitForSocket(at path: String) async throws {
        let end = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < end {
            if (try? await client(at: path).status()) != nil { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("nobody answered at \(path)")
    }

    struct Errno: Error {
        var code: Int32
    }
}
