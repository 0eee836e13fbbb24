import Addresses

/// The new connections of a load: one at every beat, and how they fared.
struct NewConnections {
    private(set) var made = 0
    private(set) var failed = 0
    private(set) var wrong = 0
    private(set) var slowest = Duration.zero
    private(set) var reasons: [String] = []
    private var open: [UInt64: NewConnection] = [:]

    private let settings: LoadSettings
    /// The token of the first; the others count up from there.
    private let firstToken: UInt64

    init(settings: LoadSettings, firstToken: UInt64) {
        self.settings = settings
        self.firstToken = firstToken
    }

    var areAllOver: Bool { open.isEmpty }

    mutating func begin(now: Instant, poller: borrowing Poller) {
        let token = firstToken + UInt64(made)
        made += 1
        do {
            let socket = try TCPSocket.connecting(to: settings.target(of: made))
            poller.add(socket, .writing, token: token)
            open[token] = NewConnection(number: Int(token), socket: socket, now: now)
        } catch {
            fail(error.description, at: now)
        }
    }

    mutating func handle(_ ready: Poller.Ready, now: Instant, poller: borrowing Poller, buffer: inout [UInt8]) {
        guard var connection = open.removeValue(forKey: ready.token) else { return }
        let isConnected = connection.connectTime != nil
        let progress = isConnected ? connection.readable(into: &buffer) : connection.writable(now: now)
        switch progress {
        case .goesOn: open[ready.token] = connection
        case .connected:
            poller.change(connection.socket, to: .reading, token: ready.token)
            slowest = max(slowest, connection.connectTime ?? .zero)
            open[ready.token] = connection
        case .done: if connection.isWrong { wrong += 1 }
        case .failed(let reason): fail("\(reason), port \(connection.socket.localPort)", at: now)
        }
    }

    /// Gives up on those that take longer than the patience; all of them when `isTheEnd`.
    mutating func expire(now: Instant, isTheEnd: Bool = false) {
        for (token, connection) in open where isTheEnd || now - connection.began > settings.patience {
            open[token] = nil
            let what = connection.connectTime == nil ? "not connected" : "not answered"
            fail("\(what) after \(LoadReport.milliseconds((now - connection.began).milliseconds))", at: now)
        }
    }

    private mutating func fail(_ reason: String, at now: Instant) {
        failed += 1
        if reasons.count < 5 { reasons.append("new connection: \(reason)") }
    }
}
