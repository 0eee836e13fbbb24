import Glibc

/// Why frames cannot be sent or heard.
package struct PacketSocketError: Error, Hashable, Sendable {
    /// The kernel's error number, positive.
    package var errno: Int32
    /// What was tried, as it follows "cannot".
    package var what: String

    package init(errno: Int32, what: String) {
        self.errno = errno
        self.what = what
    }
}

extension PacketSocketError: CustomStringConvertible {
    package var description: String {
        switch errno {
        case EPERM: "cannot \(what): not permitted; run as root or give the process CAP_NET_RAW"
        case ENODEV, ENXIO: "cannot \(what): there is no such interface; create it or correct the configuration"
        default: unsafe "cannot \(what): \(String(cString: strerror(errno))) (error \(errno))"
        }
    }
}
