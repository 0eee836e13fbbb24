import Glibc

/// Threads of the kernel's own, which are to be seen under /proc like processes.
package enum KernelThreads {
    /// Lets those whose name begins with `prefix` run before ordinary work (nice -20). Needs CAP_SYS_NICE.
    ///
    /// - Returns: how many there are; none can be seen from within a PID namespace.
    @discardableResult
    package static func hasten(_ prefix: String) -> Int {
        guard let folder = unsafe opendir("/proc") else { return 0 }
        defer { unsafe closedir(folder) }
        var count = 0
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            guard let pid = UInt32(name), Self.name(of: pid).hasPrefix(prefix) else { continue }
            setpriority(__priority_which_t(PRIO_PROCESS.rawValue), pid, -20)
            count += 1
        }
        return count
    }

    private static func name(of pid: UInt32) -> String {
        let descriptor = unsafe open("/proc/\(pid)/comm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = unsafe read(descriptor, &bytes, bytes.count)
        return String(decoding: bytes[..<max(0, count)], as: UTF8.self)
    }
}
