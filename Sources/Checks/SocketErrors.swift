import Agreement
import Glibc
import NIOCore
import NIOPosix

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
