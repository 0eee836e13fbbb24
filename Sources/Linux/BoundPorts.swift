/// The ports of this network namespace on which somebody listens.
package enum BoundPorts {
    /// UDP ports of sockets without a peer, of both families (/proc/net/udp, /proc/net/udp6).
    package static var udp: Set<UInt16> {
        var ports: Set<UInt16> = []
        for list in ["/proc/thread-self/net/udp", "/proc/thread-self/net/udp6"] {
            var reader = LineReader(path: list)
            try? reader.forEachLine { line in
                if let port = port(inLine: line) { ports.insert(port) }
                return true
            }
        }
        return ports
    }

    /// Of `  12: 0A0200C0:150E 00000000:0000 07 ...`: addresses and ports in hexadecimal digits, ours first.
    package static func port(inLine line: ArraySlice<UInt8>) -> UInt16? {
        let words = line.split(separator: UInt8(ascii: " ")).prefix(3).map { String(decoding: $0, as: UTF8.self) }
        guard words.count == 3, words[0].hasSuffix(":"), words[2].hasSuffix(":0000") else { return nil }
        return words[1].split(separator: ":").last.flatMap { UInt16($0, radix: 16) }
    }
}
