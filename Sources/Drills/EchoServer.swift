package import Addresses
import Glibc

/// A server for drills: sends back what it gets, byte by byte, and answers `GET /healthz`.
package struct EchoServer: ~Copyable {
    private var poller: Poller
    private let listeners: [TCPSocket]
    private var clients: [UInt64: EchoClient] = [:]
    private var nextToken: UInt64
    private let failFile: String?
    private var buffer = [UInt8](repeating: 0, count: 16 * 1024)

    /// Memory stays bounded whatever the clients do.
    private static let clientLimit = 4096

    /// - Parameter failFile: while this file exists, the answer to the question for health is 503, not 200.
    package init(endpoints: [Endpoint], failFile: String? = nil) throws(DrillError) {
        let poller = try Poller()
        var listeners: [TCPSocket] = []
        for (token, endpoint) in endpoints.enumerated() {
            let listener = try TCPSocket.listening(on: endpoint)
            poller.add(listener, .reading, token: UInt64(token))
            listeners.append(listener)
        }
        self.listeners = listeners
        self.failFile = failFile
        nextToken = UInt64(listeners.count)
        self.poller = poller
    }

    /// The ports that it listens on, in the order of the endpoints.
    package var ports: [UInt16] { listeners.map(\.localPort) }

    /// Serves until the condition, asked at least every 100 ms, is true.
    package mutating func run(until isOver: () -> Bool) {
        while !isOver() {
            for ready in poller.wait(until: MonotonicClock.now + .milliseconds(100)) {
                if ready.token < listeners.count {
                    accept(listeners[Int(ready.token)])
                } else {
                    serve(ready.token)
                }
            }
        }
    }

    private mutating func accept(_ listener: TCPSocket) {
        while let socket = listener.accepted() {
            guard clients.count < Self.clientLimit else { continue }
            poller.add(socket, .reading, token: nextToken)
            clients[nextToken] = EchoClient(socket: socket)
            nextToken += 1
        }
    }

    private mutating func serve(_ token: UInt64) {
        guard var client = clients.removeValue(forKey: token) else { return }
        let wasStuck = client.isStuck
        if !client.isStuck, case .bytes(let count) = client.read(into: &buffer) {
            client.take(buffer[..<count]) { failFile.map { access($0, F_OK) != 0 } ?? true }
        }
        client.send()
        guard !client.isOver else { return }
        if client.isStuck != wasStuck {
            poller.change(client.socket, to: client.isStuck ? .writing : .reading, token: token)
        }
        clients[token] = client
    }
}
