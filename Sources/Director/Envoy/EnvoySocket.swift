import Addresses
import Glibc
import Heartbeat
import Linux

/// The envoy's socket: connected to the witness, and opened anew while the witness is silent, for addresses and routes
/// may have changed.
struct EnvoySocket: ~Copyable {
    private let witness: Endpoint
    private let own: [IPAddress]
    private let virtual: Set<IPAddress>
    private var socket: DatagramSocket?
    private var retryAt = Instant(nanoseconds: 0)
    private var isHeard = false

    // Implementation constants
    private static let retry = Duration.seconds(1)
    private static let renewal = Duration.seconds(5)

    init(witness: Endpoint, own: [IPAddress], virtual: Set<IPAddress>) {
        self.witness = witness
        self.own = own.filter { $0.family == witness.address.family }
        self.virtual = virtual
    }

    mutating func open(now: Instant, poller: borrowing Poller, sessions: [UInt64]) {
        guard now >= retryAt, socket == nil || !isHeard else { return }
        if let old = socket.take() { poller.forget(old.fileDescriptor) }
        do throws(SystemError) {
            let socket = try connect()
            try socket.attach(.heartbeats(magic: Frame.magic, sessions: [0] + sessions))
            try poller.watch(socket.fileDescriptor, mark: 0)
            self.socket = consume socket
            retryAt = now + Self.renewal
        } catch {
            // Status says that the witness is silent.
            retryAt = now + Self.retry
        }
    }

    /// From the address that the kernel chooses, but from no virtual one: that may leave any moment.
    private func connect() throws(SystemError) -> DatagramSocket {
        let unspecified = [UInt8](repeating: 0, count: witness.address.bytes.count)
        guard let anywhere = IPAddress(bytes: unspecified) else {
            throw SystemError(errno: EAFNOSUPPORT, what: "ask the witness")
        }
        let socket = try DatagramSocket(local: Endpoint(address: anywhere, port: 0), peer: witness)
        guard let chosen = socket.localAddress, virtual.contains(chosen), let first = own.first else { return socket }
        return try DatagramSocket(local: Endpoint(address: first, port: 0), peer: witness)
    }

    /// While the witness is heard the socket stays.
    mutating func reconsider(isHeard: Bool) { self.isHeard = isHeard }

    func filter(_ sessions: [UInt64]) {
        try? socket?.attach(.heartbeats(magic: Frame.magic, sessions: [0] + sessions))
    }

    /// A refusal is the answer to an earlier datagram, told once instead of sending this one (udp(7)).
    func send(_ buffer: [UInt8], count: Int) {
        if socket?.send(buffer, count: count) == ECONNREFUSED { _ = socket?.send(buffer, count: count) }
    }

    func receive(into buffer: inout [UInt8]) -> Int? { socket?.receive(into: &buffer) ?? nil }
}
