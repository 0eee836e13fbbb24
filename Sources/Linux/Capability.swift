import CLinux
import Glibc

/// A privilege of a process (capabilities(7)); the raw value is the kernel's number (linux/capability.h).
package enum Capability: UInt64, Hashable, Sendable {
    case administerNetwork = 12

    /// Whether this process has it. A kernel that does not say is taken to have given it.
    package var isEffective: Bool {
        guard let status = Self.ownStatus else { return true }
        return contained(in: status)
    }

    /// Whether the text of /proc/PID/status names it among the effective ones.
    package func contained(in status: String) -> Bool {
        let line = status.split(separator: "\n").first { $0.hasPrefix("CapEff:") }
        let digits = line?.split(whereSeparator: { $0 == "\t" || $0 == " " }).last
        guard let digits, let mask = UInt64(digits, radix: 16) else { return true }
        return mask >> rawValue & 1 == 1
    }

    private static var ownStatus: String? {
        let descriptor = unsafe open("/proc/self/status", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 8192)
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
        return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
    }
}
