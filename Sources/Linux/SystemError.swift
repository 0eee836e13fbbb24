import Glibc

/// A system call that failed.
package struct SystemError: Error, Hashable, Sendable {
    package var errno: Int32
    /// What was tried, in words that follow "cannot".
    package var what: String

    package init(errno: Int32, what: String) {
        self.errno = errno
        self.what = what
    }

    /// The error of the system call that failed just now.
    static func last(_ what: String) -> SystemError { SystemError(errno: Glibc.errno, what: what) }
}

extension SystemError: CustomStringConvertible {
    package var description: String {
        "cannot \(what): \(unsafe String(cString: strerror(errno)))\(remedy)"
    }

    private var remedy: String {
        switch errno {
        case EPERM, EACCES: " (is a capability missing? NET_ADMIN, NET_RAW, SYS_NICE and IPC_LOCK are needed)"
        case EADDRINUSE: " (does another tandemd run for this director?)"
        default: ""
        }
    }
}
