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
