import Addresses
import Glibc
import Linux

/// Two UDP sockets on the loopback: `near` is under test, `far` speaks to it.
struct Wire: ~Copyable {
    let near: DatagramSocket
    let far: DatagramSocket
    var buffer = [UInt8](repeating: 0, count: 256)

    init(_ host: IPAddress = loopback) throws(SystemError) {
        let here = Endpoint(address: host, port: .random(in: 20_000..<30_000))
        let there = Endpoint(address: host, port: .random(in: 10_000..<20_000))
        let near = try DatagramSocket(local: here, peer: there)
        let far = try DatagramSocket(local: there, peer: here)
        self.near = near
        self.far = far
    }

    static let loopback = IPAddress.v4(IPv4Address(number: 0x7F00_0001))

    func say(_ bytes: [UInt8]) -> Int32 { far.send(bytes, count: bytes.count) }

    /// What arrives, cut to the buffer; nil for nothing.
    mutating func hear(_ patience: Patience = .long) -> [UInt8]? {
        patience.wait { near.receive(into: &buffer) }.map { Array(buffer[..<min($0, buffer.count)]) }
    }
}

/// How long a test looks for what the kernel brings over the loopback: mostly before `send` returns, but on a busy machine
/// a thread of its own does it, some time later.
enum Patience: Int {
    /// For what must arrive.
    case long = 400
    /// For what must not.
    case short = 4

    /// Looks every 5 ms, until there is something.
    func wait<Found>(_ look: () -> Found?) -> Found? {
        for _ in 0..<rawValue {
            if let found = look() { return found }
            usleep(5_000)
        }
        return look()
    }
}
