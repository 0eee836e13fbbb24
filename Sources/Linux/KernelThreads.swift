import Glibc

/// Threads of the kernel's own, which are to be seen under /proc like processes.
package enum KernelThreads {
    /// Lets those whose name begins with one of `prefixes` run before ordinary work (nice -20). Needs CAP_SYS_NICE;
    /// none can be seen from within a PID namespace.
    package static func hasten(_ prefixes: [String]) {
        for entry in Folder.names(in: "/proc") {
            guard let pid = UInt32(entry) else { continue }
            let name = name(of: pid)
            guard prefixes.contains(where: name.hasPrefix) else { continue }
            setpriority(__priority_which_t(PRIO_PROCESS.rawValue), pid, -20)
        }
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
