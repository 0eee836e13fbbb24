import Glibc

/// The kernel's switches under /proc/sys of this network namespace.
package enum Sysctl {
    /// Reads a switch by its path below /proc/sys (`net/ipv4/vs/sync_threshold`): its text without the final line
    /// break, where a tab between values is one blank.
    package static func read(_ name: String) throws(SysctlError) -> String {
        let descriptor = try open(name, O_RDONLY)
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
        guard count >= 0 else { throw SysctlError(name: name, attempt: .read, errno: errno) }
        let words = buffer[..<count].split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A }
        return words.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
    }

    /// Writes a switch. Values of several numbers are separated by a blank.
    package static func write(_ name: String, _ value: String) throws(SysctlError) {
        let descriptor = try open(name, O_WRONLY, attempt: .write(value))
        defer { close(descriptor) }
        let bytes = Array(value.utf8)
        let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
        guard count == bytes.count else {
            throw SysctlError(name: name, attempt: .write(value), errno: count < 0 ? errno : EIO)
        }
    }

    private static func open(
        _ name: String, _ mode: Int32, attempt: SysctlError.Attempt = .read
    ) throws(SysctlError) -> Int32 {
        guard !name.hasPrefix("/"), !name.split(separator: "/").contains(".."), !name.utf8.contains(0) else {
            throw SysctlError(name: name, attempt: attempt, errno: EINVAL)
        }
        let descriptor = unsafe Glibc.open("/proc/sys/\(name)", mode | O_CLOEXEC)
        guard descriptor >= 0 else { throw SysctlError(name: name, attempt: attempt, errno: errno) }
        return descriptor
    }
}

package struct SysctlError: Error, Hashable, Sendable {
    package enum Attempt: Hashable, Sendable {
        case read
        case write(String)
    }

    /// The path below /proc/sys.
    package var name: String
    package var attempt: Attempt
    /// The kernel's error number, positive.
    package var errno: Int32

    package init(name: String, attempt: Attempt, errno: Int32) {
        self.name = name
        self.attempt = attempt
        self.errno = errno
    }
}

extension SysctlError: CustomStringConvertible {
    package var description: String {
        "cannot \(task) /proc/sys/\(name): \(reason)"
    }

    private var task: String {
        switch attempt {
        case .read: "read"
        case .write(let value): "write \"\(value)\" to"
        }
    }

    private var reason: String {
        switch errno {
        case ENOENT where name.hasPrefix("net/ipv4/vs/"): "the kernel has no ip_vs yet; run `modprobe ip_vs`"
        case ENOENT: "this kernel has no such switch; load the module it belongs to or use a newer kernel"
        case EACCES, EPERM: "not permitted; run as root with CAP_NET_ADMIN"
        case EROFS: "/proc/sys is mounted read-only; set it outside and use `sysctl: check`"
        case EINVAL: "the kernel refuses this value"
        default: unsafe String(cString: strerror(errno)) + " (error \(errno))"
        }
    }
}
