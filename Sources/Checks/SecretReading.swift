package import Agreement
package import Dialogues
import Glibc
package import Settings

extension SecretFile {
    /// The first line of the file, as it is when a probe begins: a secret can be exchanged without a reload.
    ///
    /// - Throws: `.credentials(.secret)` for anything but a regular file with a line of 1 to 1,024 bytes.
    package func read() throws(CheckFailure) -> Secret {
        // A pipe in its place must not hold the checks up.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .credentials(.secret) }
        defer { close(descriptor) }
        var found = stat()
        guard unsafe fstat(descriptor, &found) == 0, found.st_mode & S_IFMT == S_IFREG else {
            throw .credentials(.secret)
        }
        // Room for the end of the line, and for one byte too many.
        var bytes = [UInt8](repeating: 0, count: Secret.longest + 3)
        let count = unsafe Glibc.read(descriptor, &bytes, bytes.count)
        guard count > 0 else { throw .credentials(.secret) }
        var line = bytes[..<count].prefix { $0 != UInt8(ascii: "\n") }
        if line.count < count, line.last == UInt8(ascii: "\r") { line.removeLast() }
        guard (1...Secret.longest).contains(line.count) else { throw .credentials(.secret) }
        return Secret(Array(line))
    }
}
