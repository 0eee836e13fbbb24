package import Agreement
package import Dialogues
import Glibc
package import Settings

extension SecretFile {
    /// The first line of the file, as it is when a probe begins: a secret can be exchanged without a reload.
    ///
    /// - Throws: `.credentials(.secret)` for anything but a regular file with a line of 1 to 1,024 bytes.
    package func read() throws(CheckFailure) -> Secret {
        let bytes = try content(upTo: Secret.longest + 2)
        var line = bytes.prefix { $0 != UInt8(ascii: "\n") }
        if line.count < bytes.count, line.last == UInt8(ascii: "\r") { line.removeLast() }
        guard (1...Secret.longest).contains(line.count) else { throw .credentials(.secret) }
        return Secret(Array(line))
    }

    /// All of the file, as it is when a probe begins, without one end of a line at its end.
    ///
    /// - Parameter longest: in bytes.
    /// - Throws: `.credentials(.secret)` for anything but a regular file with 1 to `longest` bytes.
    package func readWhole(upTo longest: Int) throws(CheckFailure) -> Secret {
        var bytes = try content(upTo: longest + 2)[...]
        if bytes.last == UInt8(ascii: "\n") {
            bytes.removeLast()
            if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        }
        guard (1...longest).contains(bytes.count) else { throw .credentials(.secret) }
        return Secret(Array(bytes))
    }

    /// The beginning of the file, and at most one byte more than `limit`.
    private func content(upTo limit: Int) throws(CheckFailure) -> [UInt8] {
        // A pipe in its place must not hold the checks up.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .credentials(.secret) }
        defer { close(descriptor) }
        var found = stat()
        guard unsafe fstat(descriptor, &found) == 0, found.st_mode & S_IFMT == S_IFREG else {
            throw .credentials(.secret)
        }
        var bytes = [UInt8](repeating: 0, count: limit + 1)
        let count = unsafe Glibc.read(descriptor, &bytes, bytes.count)
        guard count > 0 else { throw .credentials(.secret) }
        return Array(bytes[..<count])
    }
}
