/// One client of an echo server: decides from its first bytes whether it wants an echo or asks for health.
struct EchoClient {
    private enum Manner {
        case undecided
        case echo
        /// The answer is on its way, then the connection ends.
        case answered
    }

    let socket: TCPSocket
    private var manner = Manner.undecided
    private var request: [UInt8] = []
    private var unsent: [UInt8] = []
    private var hasFailed = false

    private static let requestStart = Array("GET ".utf8)
    private static let requestEnd = Array("\r\n\r\n".utf8)
    private static let requestLimit = 8192

    init(socket: TCPSocket) {
        self.socket = socket
    }

    /// It does not take what it shall get: nothing more is read from it until it does.
    var isStuck: Bool { !unsent.isEmpty }

    var isOver: Bool {
        if hasFailed { return true }
        if case .answered = manner { return unsent.isEmpty }
        return false
    }

    mutating func read(into buffer: inout [UInt8]) -> TCPSocket.Reading {
        let reading = socket.read(into: &buffer)
        if case .over = reading { hasFailed = true }
        return reading
    }

    /// - Parameter isHealthy: asked when the client asks.
    mutating func take(_ bytes: ArraySlice<UInt8>, isHealthy: () -> Bool) {
        switch manner {
        case .echo: unsent += bytes
        case .answered: break
        case .undecided:
            request += bytes
            decide(isHealthy: isHealthy)
        }
    }

    private mutating func decide(isHealthy: () -> Bool) {
        guard request.starts(with: Self.requestStart) || Self.requestStart.starts(with: request) else {
            manner = .echo
            unsent += request
            request = []
            return
        }
        if request.suffix(4).elementsEqual(Self.requestEnd) {
            manner = .answered
            unsent = Self.answer(to: request, isHealthy: isHealthy)
        } else if request.count > Self.requestLimit {
            hasFailed = true
        }
    }

    private static func answer(to request: [UInt8], isHealthy: () -> Bool) -> [UInt8] {
        let isKnown = request.starts(with: Array("GET /healthz ".utf8))
        let status = !isKnown ? "404 Not Found" : isHealthy() ? "200 OK" : "503 Service Unavailable"
        let text =
            "HTTP/1.1 \(status)\r\nContent-Length: \(status.utf8.count + 1)\r\nConnection: close\r\n\r\n\(status)\n"
        return Array(text.utf8)
    }

    mutating func send() {
        guard !unsent.isEmpty, !hasFailed else { return }
        guard let count = socket.write(unsent) else {
            hasFailed = true
            return
        }
        unsent.removeFirst(count)
    }
}
