import Addresses
import Agreement
import CLinux
import Glibc
import NIOCore
import NIOPosix

/// How what a probe sends leaves this machine.
struct ProbeExit: Hashable, Sendable {
    /// What netfilter and routing rules see (socket(7), SO_MARK); 0: nothing.
    var mark: UInt32
    /// Of this machine, and of the target's family; absent: the kernel chooses.
    var source: IPAddress?

    /// With no port.
    var sourceAddress: SocketAddress? {
        get throws(CheckFailure) {
            guard let source else { return nil }
            return try SocketAddress(Endpoint(address: source, port: 0))
        }
    }
}

extension SocketAddress {
    init(_ endpoint: Endpoint) throws(CheckFailure) {
        do {
            try self.init(ipAddress: endpoint.address.description, port: Int(endpoint.port))
        } catch {
            throw CheckFailure(error)
        }
    }
}

extension IPAddress {
    /// Whether this machine has it, or the kernel does not say.
    var isHere: Bool { unsafe clinux_lacks_address(bytes, bytes.count) == 0 }
}

extension Channel {
    /// To be called before the socket is bound. Whoever wants no mark, 0, needs no right to set one; and a port is
    /// chosen when the socket connects, so that sockets of one address to different servers can have the same (ip(7),
    /// IP_BIND_ADDRESS_NO_PORT).
    func prepare(_ exit: ProbeExit) -> EventLoopFuture<Void> {
        guard let options = self as? any SocketOptionProvider else { return eventLoop.makeSucceededVoidFuture() }
        let isMarked =
            exit.mark == 0
            ? eventLoop.makeSucceededVoidFuture()
            : options.unsafeSetSocketOption(level: .socket, name: .init(rawValue: SO_MARK), value: exit.mark)
        guard exit.source != nil else { return isMarked }
        return isMarked.flatMap {
            options.unsafeSetSocketOption(
                level: .ip, name: .init(rawValue: IP_BIND_ADDRESS_NO_PORT), value: CInt(1))
        }
    }
}

extension DatagramBootstrap {
    func connect(to target: SocketAddress, from source: SocketAddress) -> EventLoopFuture<any Channel> {
        // What cannot connect is closed (NIO's BaseSocketChannel.connect0).
        bind(to: source).flatMap { channel in channel.connect(to: target).map { channel } }
    }
}
