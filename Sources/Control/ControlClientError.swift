import Glibc
import NIOCore

/// Why a daemon did not answer a request as hoped.
package struct ControlClientError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: Hashable, Sendable {
        /// No socket there, or nobody listens on it.
        case unreachable
        /// The socket's mode keeps this user out.
        case denied
        /// The daemon's own sentence.
        case refused(String)
        /// No answer after so many seconds.
        case silent(seconds: Int)
        /// An answer, but not one of this API.
        case garbled
        /// The connection ended before the answer did.
        case interrupted
    }

    package var path: String
    package var kind: Kind

    package init(_ path: String, _ kind: Kind) {
        self.path = path
        self.kind = kind
    }

    package var description: String {
        switch kind {
        case .unreachable: "cannot reach tandemd at \(path): is it running? (systemctl status tandemd)"
        case .denied:
            "may not open \(path): only root and members of the group tandem may (usermod -aG tandem USER, then log in "
                + "again)"
        case .refused(let sentence): "tandemd refuses: \(sentence)"
        case .silent(let seconds): "tandemd at \(path) did not answer within \(seconds) s (journalctl -u tandemd)"
        case .garbled: "what answers at \(path) does not speak Tandem's API: is it tandemd, of this version?"
        case .interrupted: "tandemd at \(path) closed the connection before it had answered: it may be restarting"
        }
    }
}

extension ControlClientError {
    init(_ path: String, _ error: any Error) {
        switch error {
        case let error as ControlClientError: self = error
        case let error as IOError where [EACCES, EPERM].contains(error.errnoCode): self.init(path, .denied)
        case let error as IOError where [ECONNRESET, EPIPE].contains(error.errnoCode): self.init(path, .interrupted)
        case is IOError, is SocketAddressError, ChannelError.connectTimeout: self.init(path, .unreachable)
        case is ChannelError: self.init(path, .interrupted)
        default: self.init(path, .garbled)
        }
    }
}
