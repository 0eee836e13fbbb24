import Addresses

/// A connection that stands for the whole drill, and what has been said on it.
struct LongConnection {
    enum State: Equatable {
        case connecting, standing, broken
    }

    let socket: TCPSocket
    /// Says nothing between the greeting and the end.
    let isIdle: Bool
    private(set) var state = State.connecting
    private(set) var isWrong = false
    private(set) var longestSilence = Duration.zero

    private let payload: Payload
    /// What was to be sent, what the kernel took, and what came back, in bytes.
    private var owed = 0
    private var sent = 0
    private var received = 0
    private var lastAnswer = Instant(nanoseconds: 0)

    init(number: Int, isIdle: Bool, socket: TCPSocket) {
        self.socket = socket
        self.isIdle = isIdle
        payload = Payload(connection: number)
    }

    /// Everything that it sent has come back.
    var isAnswered: Bool { state == .standing && received == owed }

    /// Returns a sentence if connecting failed.
    mutating func connected() -> String? {
        let outcome = socket.connectOutcome
        guard outcome == 0 else {
            state = .broken
            return DrillError.words(outcome)
        }
        state = .standing
        return nil
    }

    /// Silence counts from here on.
    mutating func beginToListen(now: Instant) {
        lastAnswer = now
        longestSilence = .zero
    }

    /// Sends one more message, and what the kernel would not take before. Returns a sentence if that cannot be.
    mutating func say() -> String? {
        guard state == .standing else { return nil }
        owed += LoadSettings.messageLength
        guard let count = socket.write(payload.bytes(sent..<owed)) else {
            state = .broken
            return "could not send"
        }
        sent += count
        return nil
    }

    /// Takes what came back. Returns a sentence if the connection is over.
    mutating func hear(into buffer: inout [UInt8], now: Instant) -> String? {
        guard state == .standing else { return nil }
        switch socket.read(into: &buffer) {
        case .nothing: return nil
        case .over(let reason):
            state = .broken
            return reason
        case .bytes(let count):
            if received + count > sent || !payload.matches(buffer[..<count], at: received) { isWrong = true }
            received += count
            if !isIdle { longestSilence = max(longestSilence, now - lastAnswer) }
            lastAnswer = now
            return nil
        }
    }

    /// The end: whoever has not answered by now is broken. Returns a sentence then.
    mutating func giveUp(now: Instant) -> String? {
        if !isIdle, state == .standing, !isAnswered { longestSilence = max(longestSilence, now - lastAnswer) }
        guard state != .broken, !isAnswered else { return nil }
        state = .broken
        return "\(owed - received) bytes were not answered"
    }
}
