import Glibc

/// Reads a text of the kernel's, `/proc/net/ip_vs_conn` for one, line by line in a buffer that it keeps.
package struct LineReader: ~Copyable {
    // Implementation constant: longer lines are cut.
    private static let chunk = 64 * 1024

    private let path: String
    private var buffer: [UInt8]

    package init(path: String) {
        self.path = path
        buffer = [UInt8](repeating: 0, count: Self.chunk)
    }

    /// Hands each line, without its end, to `body`, until that says false.
    package mutating func forEachLine(_ body: (ArraySlice<UInt8>) -> Bool) throws(SystemError) {
        let file = try FileDescriptor(unsafe open(path, O_RDONLY | O_CLOEXEC), "open \(path)")
        var filled = 0
        while true {
            let room = buffer.count - filled
            let start = filled
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe read(file.number, bytes.baseAddress.map { unsafe $0 + start }, room)
            }
            guard count >= 0 else { throw .last("read \(path)") }
            guard count > 0 else { return }
            filled += count
            guard let rest = hand(filled, to: body) else { return }
            filled = rest
        }
    }

    /// Hands the whole lines over and moves what is left to the front; how much that is, or nil when nobody wants more.
    private mutating func hand(_ filled: Int, to body: (ArraySlice<UInt8>) -> Bool) -> Int? {
        var start = 0
        while let end = buffer[start..<filled].firstIndex(of: 0x0A) {
            guard body(buffer[start..<end]) else { return nil }
            start = end + 1
        }
        if start == 0, filled == buffer.count { return 0 }
        buffer.replaceSubrange(0..<(filled - start), with: Array(buffer[start..<filled]))
        return filled - start
    }
}
