import Glibc

/// What the kernel allows this process (capabilities(7)).
package enum Capabilities {
    /// Those that a director cannot do without, by their number in linux/capability.h.
    package static let needed: [(name: String, number: UInt64)] = [("NET_ADMIN", 12), ("NET_RAW", 13)]

    /// The names of those that are missing.
    package static func missing() -> [String] {
        guard let effective = effective() else { return [] }
        return missing(from: effective)
    }

    /// As `missing()`, from the mask of /proc/self/status.
    package static func missing(from effective: UInt64) -> [String] {
        needed.filter { effective & (1 << $0.number) == 0 }.map(\.name)
    }

    private static func effective() -> UInt64? {
        guard let file = unsafe fopen("/proc/self/status", "r") else { return nil }
        defer { unsafe fclose(file) }
        var buffer = [UInt8](repeating: 0, count: 8192)
        let count = unsafe fread(&buffer, 1, buffer.count, file)
        let text = String(decoding: buffer[..<count], as: UTF8.self)
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("CapEff:") }) else { return nil }
        return UInt64(line.dropFirst(7).trimmingPrefix(while: \.isWhitespace), radix: 16)
    }
}
