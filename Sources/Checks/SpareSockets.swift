import Agreement
import CLinux
import Glibc

/// Sockets for connections, those in use left out, which are used again: that costs two calls instead of seven.
struct SpareSockets {
    /// Sockets of one kind can stand in for each other.
    struct Kind: Hashable {
        var isV6: Bool
        var exit: ProbeExit
    }

    /// How many are kept. At 5,000 connections a second, some 30 are in use.
    private static let most = 128

    private let open: (Kind) -> Int32
    private var idle: [Kind: [Int32]] = [:]
    private var count = 0

    /// - Parameter open: makes a new one: a descriptor, or a negative errno.
    init(open: @escaping (Kind) -> Int32) {
        self.open = open
    }

    /// Begins a connection.
    ///
    /// - Returns: the socket's descriptor.
    mutating func connect(to target: clinux_endpoint, kind: Kind) throws(CheckFailure) -> Int32 {
        let descriptor = take(kind)
        guard descriptor >= 0 else { throw CheckFailure(errno: -descriptor, connected: false) }
        let number = clinux_begin_connect(descriptor, target)
        guard number == 0 else {
            Glibc.close(descriptor)
            throw CheckFailure(errno: number, connected: false)
        }
        return descriptor
    }

    private mutating func take(_ kind: Kind) -> Int32 {
        guard let descriptor = idle[kind]?.popLast() else {
            // Another kind's may have all the room, and nobody may want them any more.
            if count == Self.most { close() }
            return open(kind)
        }
        count -= 1
        return descriptor
    }

    /// Ends its connection, and itself where there are enough.
    mutating func keep(_ descriptor: Int32, kind: Kind) {
        guard count < Self.most, clinux_renew_connect(descriptor) == 0 else {
            Glibc.close(descriptor)
            return
        }
        idle[kind, default: []].append(descriptor)
        count += 1
    }

    mutating func close() {
        for descriptor in idle.values.joined() { Glibc.close(descriptor) }
        idle = [:]
        count = 0
    }
}
