import Glibc

/// Looks for a living process by name under /proc, and remembers the one that it found, so that a look costs a read.
package struct ProcessSearch: Sendable {
    /// The kernel's name of a process, of which it keeps 15 bytes, or, with a slash in it, the path that it was started
    /// with, be it a program or what an interpreter runs.
    package let name: String
    private var found: pid_t?

    package init(name: String) { self.name = name }

    package mutating func isThere() -> Bool {
        if let found, matches(found) { return true }
        found = Folder.names(in: "/proc").lazy.compactMap { pid_t($0) }.first(where: matches)
        return found != nil
    }

    private func matches(_ pid: pid_t) -> Bool {
        // proc_pid_stat(5): the name stands between the first and the last parenthesis, behind it the state.
        guard let status = Self.read("/proc/\(pid)/stat"), let start = status.firstIndex(of: UInt8(ascii: "(")),
            let end = status.lastIndex(of: UInt8(ascii: ")")), start < end, end + 2 < status.count
        else { return false }
        let isDead = status[end + 2] == UInt8(ascii: "Z") || status[end + 2] == UInt8(ascii: "X")
        guard !isDead else { return false }
        guard name.utf8.contains(UInt8(ascii: "/")) else {
            return status[(start + 1)..<end].elementsEqual(name.utf8.prefix(15))
        }
        guard let words = Self.read("/proc/\(pid)/cmdline") else { return false }
        return words.split(separator: 0).prefix(2).contains { $0.elementsEqual(name.utf8) }
    }

    /// As much as tells.
    private static func read(_ path: String) -> [UInt8]? {
        guard let file = try? FileDescriptor(unsafe open(path, O_RDONLY | O_CLOEXEC), "open \(path)") else {
            return nil
        }
        var bytes = [UInt8](repeating: 0, count: 2048)
        let count = unsafe Glibc.read(file.number, &bytes, bytes.count)
        return count > 0 ? Array(bytes[..<count]) : nil
    }
}
