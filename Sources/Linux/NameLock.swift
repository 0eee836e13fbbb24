import CLinux
import Glibc

/// Makes sure that one process has a name in a network namespace: an abstract socket that is bound as long as the
/// process lives.
package struct NameLock: ~Copyable {
    private let descriptor: FileDescriptor

    /// Another process has the name.
    package struct Taken: Error, Hashable, Sendable {
        /// 0 where it lives among other processes.
        package var pid: Int32
    }

    /// - Parameter name: without the `@`, 1 to 106 bytes.
    package init(_ name: String) throws {
        guard let address = UnixAddress("@" + name) else {
            throw SystemError(errno: ENAMETOOLONG, what: "take the name @\(name)")
        }
        let descriptor = try Self.open()
        guard unsafe address.withSocketAddress({ unsafe bind(descriptor.number, $0, $1) }) == 0 else {
            guard errno == EADDRINUSE else { throw SystemError.last("take the name @\(name)") }
            throw Taken(pid: try Self.holder(address))
        }
        // Nobody is answered: whoever connects asks the kernel who listens.
        guard listen(descriptor.number, 1) == 0 else { throw SystemError.last("listen on @\(name)") }
        self.descriptor = descriptor
    }

    private static func open() throws(SystemError) -> FileDescriptor {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        return try FileDescriptor(socket(AF_UNIX, kind, 0), "open a unix socket")
    }

    /// SO_PEERCRED of socket(7): pid, uid and gid, 32 bits each.
    private static func holder(_ address: UnixAddress) throws(SystemError) -> Int32 {
        let descriptor = try open()
        guard unsafe address.withSocketAddress({ unsafe connect(descriptor.number, $0, $1) }) == 0 else { return 0 }
        var credentials: [Int32] = [0, 0, 0]
        var length = socklen_t(12)
        guard unsafe getsockopt(descriptor.number, SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0 else {
            return 0
        }
        return credentials[0]
    }
}
