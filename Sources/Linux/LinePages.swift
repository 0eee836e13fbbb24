import Glibc

/// A text of the kernel's in pages of whole lines, each read when it is asked for.
package struct LinePages: ~Copyable {
    // Implementation constant: longer lines are cut.
    private static let pageSize = 16 * 1024

    private let file: FileDescriptor
    private let path: String
    private var rest: [UInt8] = []

    package init(path: String) throws(SystemError) {
        file = try FileDescriptor(unsafe open(path, O_RDONLY | O_CLOEXEC), "open \(path)")
        self.path = path
    }

    /// The next lines, with their ends; nil behind the last. A last line without an end is not given.
    package mutating func next() throws(SystemError) -> [UInt8]? {
        while true {
            var page = [UInt8](repeating: 0, count: Self.pageSize)
            let count = unsafe page.withUnsafeMutableBytes { unsafe read(file.number, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .last("read \(path)") }
            guard count > 0 else { return nil }
            rest += page[..<count]
            guard let end = rest.lastIndex(of: 0x0A) else {
                if rest.count > Self.pageSize { rest = [] }
                continue
            }
            let lines = Array(rest[...end])
            rest.removeSubrange(...end)
            return lines
        }
    }
}
