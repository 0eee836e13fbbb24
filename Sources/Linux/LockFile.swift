import Glibc

/// Makes sure that one daemon runs for one director: a file that is locked as long as the process lives.
package struct LockFile: ~Copyable {
    private let descriptor: FileDescriptor

    /// Throws EWOULDBLOCK when another process holds the lock.
    package init(path: String) throws(SystemError) {
        let number = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        let descriptor = try FileDescriptor(number, "open the lock file \(path)")
        guard flock(descriptor.number, LOCK_EX | LOCK_NB) == 0 else {
            throw .last("lock \(path): another tandemd runs for this director")
        }
        self.descriptor = descriptor
    }
}
