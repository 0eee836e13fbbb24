import Addresses
import Glibc

/// A TCP socket that never blocks. Closed when the last reference is gone.
final class TCPSocket {
    let descriptor: Int32

    private init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// Begins to connect; the socket turns writable when that is decided.
    static func connecting(to endpoint: Endpoint) throws(DrillError) -> TCPSocket {
        let socket = try open(endpoint, to: "connect to")
        socket.set(Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        let status = SocketName(endpoint).withPointer { connect(socket.descriptor, $0, $1) }
        guard status == 0 || errno == EINPROGRESS else { throw DrillError("connect to \(endpoint)", errno: errno) }
        return socket
    }

    static func listening(on endpoint: Endpoint) throws(DrillError) -> TCPSocket {
        let socket = try open(endpoint, to: "listen on")
        socket.set(SOL_SOCKET, SO_REUSEADDR, 1)
        if endpoint.address.family == .v6 { socket.set(Int32(IPPROTO_IPV6), IPV6_V6ONLY, 1) }
        let bound = SocketName(endpoint).withPointer { bind(socket.descriptor, $0, $1) }
        guard bound == 0, listen(socket.descriptor, 1024) == 0 else {
            throw DrillError("listen on \(endpoint)", errno: errno)
        }
        return socket
    }

    private static func open(_ endpoint: Endpoint, to what: String) throws(DrillError) -> TCPSocket {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(SocketName(endpoint).family, type, 0)
        guard descriptor >= 0 else { throw DrillError("\(what) \(endpoint)", errno: errno) }
        return TCPSocket(descriptor: descriptor)
    }

    private func set(_ level: Int32, _ option: Int32, _ value: Int32) {
        var value = value
        setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    /// The next client that waits, if there is one.
    func accepted() -> TCPSocket? {
        let client = accept(descriptor, nil, nil)
        guard client >= 0 else { return nil }
        _ = fcntl(client, F_SETFL, O_NONBLOCK)
        _ = fcntl(client, F_SETFD, FD_CLOEXEC)
        let socket = TCPSocket(descriptor: client)
        socket.set(Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        return socket
    }

    /// How connecting ended: 0, or the error number.
    var connectOutcome: Int32 {
        var outcome: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &outcome, &length) == 0 ? outcome : errno
    }

    /// The port at this end.
    var localPort: UInt16 {
        var name = sockaddr_in6()
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let status = withUnsafeMutablePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        return status == 0 ? UInt16(bigEndian: name.sin6_port) : 0
    }

    enum Reading {
        case bytes(Int)
        case nothing
        /// The other side has closed or the connection has failed, with a sentence.
        case over(String)
    }

    func read(into buffer: inout [UInt8]) -> Reading {
        let count = buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
        if count > 0 { return .bytes(count) }
        if count == 0 { return .over("closed by the other side") }
        return errno == EAGAIN || errno == EINTR ? .nothing : .over(DrillError.words(errno))
    }

    /// How many bytes the kernel took, 0 if it is full; nil if the connection has failed.
    func write(_ bytes: [UInt8]) -> Int? {
        let count = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        if count >= 0 { return count }
        return errno == EAGAIN || errno == EINTR ? 0 : nil
    }
}
