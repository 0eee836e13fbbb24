import CLinux
import Glibc

/// The place of the API's socket in the file system.
///
/// A socket that nobody listens on any more is removed; one that somebody answers on, and anything that is not a
/// socket, is left alone.
struct SocketFile: Sendable {
    let path: String

    /// `sun_path` of unix(7) with its final zero.
    private static let longest = MemoryLayout<sockaddr_un>.size - MemoryLayout<sa_family_t>.size - 1

    init(_ path: String) throws(SocketProblem) {
        guard path.utf8.count <= Self.longest, !path.isEmpty, !path.utf8.contains(0) else {
            throw SocketProblem(path, .unusable(longest: Self.longest))
        }
        self.path = path
    }

    /// Makes the path free for a new socket.
    func clear() throws(SocketProblem) {
        guard let identity = try identity() else { return }
        guard identity.isSocket else { throw SocketProblem(path, .occupied) }
        guard let answers = try listener() else { return try remove() }
        throw SocketProblem(path, .busy(pid: answers.pid))
    }

    /// Mode 0660, owned by the readers' group if there is one.
    func open(to group: UInt32?) throws(SocketProblem) {
        if let group, unsafe lchown(path, .max, group) != 0 {
            throw SocketProblem(path, .failed("give to its group", errno))
        }
        if unsafe chmod(path, 0o660) != 0 { throw SocketProblem(path, .failed("open to its group", errno)) }
    }

    func remove() throws(SocketProblem) {
        if unsafe unlink(path) != 0, errno != ENOENT { throw SocketProblem(path, .failed("remove", errno)) }
    }

    /// Which file stands there; absent: none.
    func identity() throws(SocketProblem) -> Identity? {
        var (device, inode, mode) = (UInt64(0), UInt64(0), UInt32(0))
        guard unsafe clinux_file_identity(path, &device, &inode, &mode) == 0 else {
            if errno == ENOENT { return nil }
            throw SocketProblem(path, .failed("look at", errno))
        }
        return Identity(device: device, inode: inode, isSocket: mode & S_IFMT == S_IFSOCK)
    }

    struct Identity: Hashable, Sendable {
        var device: UInt64
        var inode: UInt64
        var isSocket: Bool
    }

    /// Who listens on the socket; absent: nobody. A full backlog means that somebody does.
    private func listener() throws(SocketProblem) -> (pid: Int32?, Void)? {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_UNIX, kind, 0)
        guard descriptor >= 0 else { throw SocketProblem(path, .failed("try", errno)) }
        defer { close(descriptor) }
        switch connect(descriptor) {
        case 0: return (Caller(of: descriptor)?.pid, ())
        case EAGAIN: return (nil, ())
        case ECONNREFUSED, ENOENT: return nil
        case let code: throw SocketProblem(path, .failed("try", code))
        }
    }

    /// The errno, or 0.
    private func connect(_ descriptor: CInt) -> CInt {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        return result == 0 ? 0 : errno
    }
}

/// Why the API's socket cannot be had.
package struct SocketProblem: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: Hashable, Sendable {
        /// Another daemon answers on it; its process, if the kernel tells.
        case busy(pid: Int32?)
        /// Something that is not a socket.
        case occupied
        /// No path for a socket, or one that is too long, in bytes.
        case unusable(longest: Int)
        /// What was tried, and the errno.
        case failed(String, Int32)
    }

    package var path: String
    package var kind: Kind

    init(_ path: String, _ kind: Kind) {
        self.path = path
        self.kind = kind
    }

    package var description: String {
        switch kind {
        case .busy(let pid):
            let process = pid.map { " (process \($0))" } ?? ""
            return "another daemon\(process) answers on \(path): stop it, or give this one its own socket with --api"
        case .occupied:
            return "\(path) is in the way: it is not a socket; remove it, or choose another path with --api"
        case .unusable(let longest):
            return "'\(path)' cannot be a socket's path: give one of 1 to \(longest) bytes with --api"
        case .failed(let action, let code):
            return "cannot \(action) \(path): \(Self.words(code))"
        }
    }

    static func words(_ code: Int32) -> String {
        unsafe strerror(code).map { unsafe String(cString: $0) } ?? "errno \(code)"
    }
}
