import Addresses
import Agreement
import CLinux
import Dialogues
import Glibc
import NIOCore

/// Connections that dialogues lead: moves bytes between a server and a dialogue, until the dialogue has its outcome or
/// the time is over.
///
/// A channel of NIO's for each costs more than a conversation does, and thousands a second are usual. So they have
/// sockets of their own, which are used again; one epoll has all of them. Lives on the checker's event loop.
final class Streams: SharedSockets {
    // Implementation constants

    /// How much is read of one server before others have their turn, in bytes.
    private static let share = 65_536
    /// How many are taken from the epoll at once.
    private static let batch = 32
    /// How long one look may take before the event loop has other turns: handshakes of TLS take a millisecond each.
    private static let lookLength = TimeAmount.milliseconds(5)
    /// Who waits for long may wait longer to be noticed, by an eighth.
    private static let stillnessShare: Int64 = 8

    let loop: any EventLoop
    var looks = Looks()
    private let epoll: Int32
    private var spares: SpareSockets
    /// By descriptor.
    private var streams: [Int32: Stream] = [:]
    /// Read up to their share.
    private var eager = CircularBuffer<Int32>()
    private var deadlines = Deadlines()
    private var newest: UInt64 = 0
    private var stirred = NIODeadline.now()
    private var marks = [UInt64](repeating: 0, count: Streams.batch)
    private var buffer = [UInt8](repeating: 0, count: 16_384)

    init(on loop: any EventLoop) {
        self.loop = loop
        let epoll = clinux_open_epoll()
        self.epoll = epoll
        spares = SpareSockets { kind in
            unsafe clinux_open_stream(epoll, kind.isV6, kind.exit.mark, kind.exit.source?.bytes)
        }
    }

    deinit {
        for descriptor in streams.keys { close(descriptor) }
        spares.close()
        if epoll >= 0 { close(epoll) }
    }

    /// Calls `done` once, on the loop, at the latest a few milliseconds after the timeout.
    func begin(
        _ target: Endpoint, _ exit: ProbeExit, _ dialogue: any Dialogue, timeout: TimeAmount,
        done: @escaping (Outcome) -> Void
    ) {
        stirred = .now()
        defer { setAlarm() }
        let target = clinux_endpoint(target)
        let kind = SpareSockets.Kind(isV6: target.is_v6, exit: exit)
        do throws(CheckFailure) {
            let descriptor = try spares.connect(to: target, kind: kind)
            newest += 1
            let mark = newest << 32 | UInt64(descriptor)
            streams[descriptor] = Stream(descriptor, kind, target, mark, stirred + timeout, dialogue, done)
            deadlines.insert(mark, in: timeout, from: stirred)
        } catch {
            fail(error, done)
        }
    }

    var isAwaited: Bool { !streams.isEmpty }

    var pause: TimeAmount {
        let stillness = (NIODeadline.now() - stirred).nanoseconds / Self.stillnessShare
        return min(max(.nanoseconds(stillness), Looks.shortPause), Looks.pause)
    }

    func collect() -> Bool {
        let end = NIODeadline.now() + Self.lookLength
        for _ in 0..<eager.count {
            guard NIODeadline.now() < end, let descriptor = eager.popFirst() else { break }
            goOn(descriptor)
        }
        while NIODeadline.now() < end {
            let count = unsafe clinux_told_marks(epoll, &marks, Self.batch)
            for mark in marks[..<count] { goOn(Int32(mark)) }
            guard count == Self.batch else { return !eager.isEmpty }
        }
        return true
    }

    func expire(_ now: NIODeadline) {
        let isWaiting = { (mark: UInt64) in self.streams[Int32(truncatingIfNeeded: mark)]?.mark == mark }
        while let mark = deadlines.popLate(now, isWaiting: isWaiting) {
            guard let stream = streams[Int32(truncatingIfNeeded: mark)] else { continue }
            end(stream, stream.phase == .connecting ? .fail(.connectTimeout) : stream.dialogue.late)
        }
    }

    /// Something may have changed about it, or about another one that had this descriptor before.
    private func goOn(_ descriptor: Int32) {
        guard let stream = streams[descriptor] else { return }
        stirred = .now()
        if stream.phase == .connecting { open(stream) }
        flush(stream)
        listen(to: stream)
    }

    private func open(_ stream: Stream) {
        let number = clinux_ask_connect(stream.descriptor, stream.target)
        guard number != EALREADY else { return }
        guard number == 0 else { return end(stream, .fail(CheckFailure(errno: number, connected: false))) }
        stream.phase = .talking
        take(stream.dialogue.begin(), stream)
    }

    private func listen(to stream: Stream) {
        var heard = 0
        // Whoever is asked more and more and hears none of it has to wait.
        while stream.isOpen, stream.unsent.isEmpty {
            guard heard < Self.share else { return eager.append(stream.descriptor) }
            let count = unsafe recv(stream.descriptor, &buffer, buffer.count, 0)
            guard count >= 0 else { return stumble(stream) }
            heard += count
            hear(buffer[..<count], from: stream)
        }
    }

    /// - Parameter bytes: none: it says no more.
    private func hear(_ bytes: ArraySlice<UInt8>, from stream: Stream) {
        switch stream.phase {
        case .talking:
            guard !bytes.isEmpty else { return end(stream, stream.dialogue.end()) }
            take(stream.dialogue.receive(bytes), stream)
        case .leaving:
            if bytes.isEmpty { leave(stream, isReusable: true) } else if stream.ignores(bytes.count) { leave(stream) }
        case .connecting, .over: break
        }
    }

    private func take(_ turn: Turn, _ stream: Stream) {
        switch turn {
        case .listen: break
        case .say(let bytes):
            stream.unsent += bytes
            flush(stream)
        case .secure, .sayAndSecure:
            // Whoever wants TLS is led by a dialogue that speaks it.
            end(stream, .fail(.tls(.protocolUnknown)))
        case .salt(let salting, let words):
            if !words.isEmpty { take(.say(words), stream) }
            SaltedPasswords.shared.begin(salting, until: stream.deadline, on: loop) { [weak self] result in
                self?.goOn(with: result, stream)
            }
        case .end(let outcome):
            guard outcome.isPass, stream.dialogue.leavesClosingToServer else { return end(stream, outcome) }
            stream.phase = .leaving
            stream.tell(outcome)
        }
    }

    private func goOn(with salted: Result<[UInt8], CheckFailure>, _ stream: Stream) {
        guard stream.phase == .talking else { return }
        stirred = .now()
        switch salted {
        case .success(let bytes): take(stream.dialogue.salted(bytes), stream)
        case .failure(let failure): end(stream, .fail(failure))
        }
    }

    private func flush(_ stream: Stream) {
        while stream.isOpen, !stream.unsent.isEmpty {
            let count = unsafe stream.unsent.withUnsafeBytes { bytes in
                unsafe send(stream.descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            }
            guard count >= 0 else { return stumble(stream) }
            stream.unsent.removeFirst(count)
        }
    }

    /// After a call that failed: only those that would have to wait are nothing.
    private func stumble(_ stream: Stream) {
        let number = errno
        guard number != EAGAIN, number != EINTR else { return }
        end(stream, .fail(CheckFailure(errno: number, connected: true)))
    }

    private func end(_ stream: Stream, _ outcome: Outcome) {
        leave(stream, isReusable: outcome.isPass)
        stream.tell(outcome)
    }

    private func leave(_ stream: Stream, isReusable: Bool = false) {
        stream.phase = .over
        streams[stream.descriptor] = nil
        if isReusable {
            spares.keep(stream.descriptor, kind: stream.kind)
        } else {
            close(stream.descriptor)
        }
    }
}

/// One connection and what is said over it.
private final class Stream {
    enum Phase {
        case connecting
        case talking
        /// The outcome is told, and the server is to close.
        case leaving
        case over
    }

    /// How much is read while it is leaving, in bytes, before the connection is reset that the server was to close.
    private static let leavingLimit = 65_536

    let descriptor: Int32
    let kind: SpareSockets.Kind
    let target: clinux_endpoint
    /// No other one's, ever.
    let mark: UInt64
    let deadline: NIODeadline
    var phase = Phase.connecting
    var dialogue: any Dialogue
    /// What the kernel has not taken yet.
    var unsent: ArraySlice<UInt8> = []
    private var ignored = 0
    private var done: ((Outcome) -> Void)?

    init(
        _ descriptor: Int32, _ kind: SpareSockets.Kind, _ target: clinux_endpoint, _ mark: UInt64,
        _ deadline: NIODeadline, _ dialogue: any Dialogue, _ done: @escaping (Outcome) -> Void
    ) {
        self.descriptor = descriptor
        self.kind = kind
        self.target = target
        self.mark = mark
        self.deadline = deadline
        self.dialogue = dialogue
        self.done = done
    }

    var isOpen: Bool { phase == .talking || phase == .leaving }

    /// Once; then nothing.
    func tell(_ outcome: Outcome) {
        guard let done else { return }
        self.done = nil
        done(outcome)
    }

    /// - Returns: whether that is too much.
    func ignores(_ count: Int) -> Bool {
        ignored += count
        return ignored > Self.leavingLimit
    }
}
