import Agreement
import Glibc
import NIOCore
import NIOPosix

extension Channel {
    /// Closing sends a reset instead of a FIN (socket(7), SO_LINGER with no time).
    func resetOnClose() -> EventLoopFuture<Void> {
        guard let options = self as? any SocketOptionProvider else { return eventLoop.makeSucceededVoidFuture() }
        // struct linger, on and 0 s: two ints. Swift counts the type as a part of whichever C module it saw first.
        let onWithoutTime: (CInt, CInt) = (1, 0)
        return options.unsafeSetSocketOption(level: .socket, name: .so_linger, value: onWithoutTime)
    }

    /// What netfilter and routing rules see on the socket's packets (socket(7), SO_MARK). Whoever wants none, 0, needs
    /// no right to set one.
    func mark(_ mark: UInt32) -> EventLoopFuture<Void> {
        guard mark > 0, let options = self as? any SocketOptionProvider else {
            return eventLoop.makeSucceededVoidFuture()
        }
        return options.unsafeSetSocketOption(level: .socket, name: .init(rawValue: SO_MARK), value: mark)
    }
}

extension CheckFailure {
    /// What an error of a socket says about the server. An errno that speaks of this director alone becomes `local`;
    /// every other one counts against the server, lest a strange one keep a dead server up.
    init(_ error: any Error, connected: Bool = false) {
        switch error {
        case ChannelError.connectTimeout: self = .connectTimeout
        case let error as IOError: self.init(errno: error.errnoCode, connected: connected)
        case is SocketAddressError: self = .local(EINVAL)
        default: self = connected ? .closed : .unreachable
        }
    }

    init(errno: CInt, connected: Bool) {
        switch errno {
        case ECONNREFUSED: self = .refused
        case ECONNRESET, EPIPE: self = .reset
        case ETIMEDOUT: self = connected ? .answerTimeout : .connectTimeout
        case EMFILE, ENFILE, ENOMEM, ENOBUFS, EADDRNOTAVAIL, EADDRINUSE, EAGAIN, EPERM, EACCES, EINVAL, EBADF,
            EAFNOSUPPORT:
            self = .local(errno)
        default: self = .unreachable
        }
    }
}
