import Addresses

/// A connection that is made beside the long ones, says one message, hears it and ends.
struct NewConnection {
    enum Progress {
        case goesOn
        /// The socket is to be watched for reading now.
        case connected
        case done
        case failed(String)
    }

    let socket: TCPSocket
    let began: Instant
    private(set) var connectTime: Duration?
    private(set) var isWrong = false
    private let payload: Payload
    private var received = 0

    init(number: Int, socket: TCPSocket, now: Instant) {
        self.socket = socket
        began = now
        payload = Payload(connection: number)
    }

    mutating func writable(now: Instant) -> Progress {
        guard connectTime == nil else { return .goesOn }
        let outcome = socket.connectOutcome
        guard outcome == 0 else { return .failed(DrillError.words(outcome)) }
        connectTime = now - began
        let isSent = socket.write(payload.bytes(0..<LoadSettings.messageLength)) == LoadSettings.messageLength
        return isSent ? .connected : .failed("could not send")
    }

    mutating func readable(into buffer: inout [UInt8]) -> Progress {
        switch socket.read(into: &buffer) {
        case .nothing: return .goesOn
        case .over(let reason): return .failed(reason)
        case .bytes(let count):
            if !payload.matches(buffer[..<count], at: received) { isWrong = true }
            received += count
            return received >= LoadSettings.messageLength ? .done : .goesOn
        }
    }
}
