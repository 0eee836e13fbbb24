import Glibc

/// Why a drill cannot go on.
package struct DrillError: Error, Hashable, Sendable, CustomStringConvertible {
    package var description: String

    package init(_ sentence: String) {
        description = sentence
    }

    /// - Parameters:
    ///   - what: what was tried, as it follows "cannot".
    ///   - number: the kernel's error number, positive.
    init(_ what: String, errno number: Int32) {
        let remedy = number == EPERM ? "; run as root or give the process CAP_NET_RAW" : ""
        description = "cannot \(what): \(Self.words(number))\(remedy)"
    }

    static func words(_ number: Int32) -> String {
        String(cString: strerror(number))
    }
}
