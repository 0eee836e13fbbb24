import Glibc

/// What the kernel counts for all TCP connections of the calling thread's network namespace.
package enum TCPCounters {
    /// TcpRetransSegs of /proc/thread-self/net/snmp (RFC 4022, tcpRetransSegs); nil if the kernel does not say.
    static var retransmittedSegments: UInt64? {
        file("/proc/thread-self/net/snmp").flatMap { number("RetransSegs", of: "Tcp", in: $0) }
    }

    /// The file has two lines for a protocol, the names and then the numbers.
    package static func number(_ name: String, of group: String, in text: String) -> UInt64? {
        let lines = text.split(separator: "\n").filter { $0.hasPrefix("\(group):") }.map { $0.split(separator: " ") }
        guard lines.count == 2, let column = lines[0].firstIndex(of: Substring(name)) else { return nil }
        return lines[1].indices.contains(column) ? UInt64(lines[1][column]) : nil
    }

    private static func file(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return String(decoding: text, as: UTF8.self) }
            text += buffer.prefix(count)
        }
    }
}
