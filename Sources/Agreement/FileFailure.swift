/// Why a check's file does not say that the server is up.
package enum FileFailure: Hashable, Sendable {
    case absent
    /// There, and written longer ago than it may be.
    case stale
    /// The director may not see it, or its file system is broken: the errno.
    case unseen(Int32)
    /// The file system did not answer in time.
    case late

    /// Whether it says nothing about the server.
    package var isOwn: Bool {
        switch self {
        case .absent, .stale: false
        case .unseen, .late: true
        }
    }
}

extension FileFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .absent: "its file is not there"
        case .stale: "its file is too old"
        case .unseen(let code): "the director cannot look at its file (errno \(code))"
        case .late: "the file system of its file does not answer"
        }
    }
}
