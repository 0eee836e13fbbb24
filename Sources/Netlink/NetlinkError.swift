import Glibc

/// What the kernel refused, and why.
package struct NetlinkError: Error, Hashable, Sendable {
    /// The kernel's error number, positive (`EPERM`, `ENODEV` ...).
    package var errno: Int32
    /// What was tried, as it follows "cannot": `add 192.0.2.10/32 to interface 3`.
    package var what: String
    /// What to do about it, where the error number alone does not say.
    package var remedy: String?

    package init(errno: Int32, what: String, remedy: String? = nil) {
        self.errno = errno
        self.what = what
        self.remedy = remedy
    }
}

extension NetlinkError: CustomStringConvertible {
    package var description: String {
        "cannot \(what): \(remedy ?? reason)"
    }

    private var reason: String {
        switch errno {
        case EPERM, EACCES: "not permitted; run as root or give the process CAP_NET_ADMIN"
        case ENODEV, ENXIO: "there is no such interface here; create it or correct its name in the configuration"
        case ENETDOWN: "the interface is down; set it up"
        case ENOBUFS: "the kernel has no room for the answer; it will be tried again"
        case EAGAIN: "it kept changing while it was read; it will be tried again"
        case EMSGSIZE: "the kernel's answer is longer than any that it should give; it will be tried again"
        case ETIMEDOUT: "the kernel did not answer in time; it will be tried again"
        case EBADMSG: "the kernel's answer is cut short or makes no sense to this version; it will be tried again"
        default: unsafe String(cString: strerror(errno)) + " (error \(errno))"
        }
    }
}
