import Addresses
import Balancing
import Control
import Linux
import Netlink
import Synchronization

/// Reads the kernel's table when somebody asks: on a thread of its own, because the kernel may keep it waiting, and at
/// most a few times a second, however many ask.
final class TableReading: Sendable {
    struct Snapshot: Sendable {
        var at: Instant
        var read: ReadTable
    }

    private typealias Answer = Result<Snapshot, ControlRefusal>

    private struct State {
        var latest: Snapshot?
        var isReading = false
        var waiting: [CheckedContinuation<Answer, Never>] = []
    }

    /// For so long an answer serves others as well.
    private static let freshness = Duration.milliseconds(300)

    private let state = Mutex(State())

    func snapshot() async throws(ControlRefusal) -> Snapshot {
        let answer = await withCheckedContinuation { (continuation: CheckedContinuation<Answer, Never>) in
            let now = Clock.now()
            let (latest, begins) = state.withLock { state -> (Snapshot?, Bool) in
                if let latest = state.latest, now - latest.at < Self.freshness { return (latest, false) }
                state.waiting.append(continuation)
                defer { state.isReading = true }
                return (nil, !state.isReading)
            }
            if let latest { return continuation.resume(returning: .success(latest)) }
            if begins { begin() }
        }
        return try answer.get()
    }

    private func begin() {
        do throws(SystemError) {
            try OSThread.start(name: "table") { [self] in finish(Self.read()) }
        } catch {
            finish(.failure(ControlRefusal(.unavailable, "\(error)")))
        }
    }

    private static func read() -> Answer {
        do throws(NetlinkError) {
            var kernel = try IPVSSocket()
            let read = try kernel.readTable()
            return .success(Snapshot(at: Clock.now(), read: read))
        } catch {
            return .failure(ControlRefusal(.unavailable, "\(error)"))
        }
    }

    private func finish(_ answer: Answer) {
        let waiting = state.withLock { state in
            state.latest = try? answer.get()
            state.isReading = false
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume(returning: answer) }
    }
}
