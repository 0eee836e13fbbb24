import Glibc

/// Small files that must survive a crash at any moment: the old content or the new one, never a part.
package enum DurableFile {
    /// The whole content; nil where there is no such file. Throws EFBIG for more than `limit` bytes.
    package static func read(_ path: String, limit: Int) throws(SystemError) -> [UInt8]? {
        let number = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        if number < 0, errno == ENOENT { return nil }
        let descriptor = try FileDescriptor(number, "open \(path)")
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = unsafe Glibc.read(descriptor.number, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .last("read \(path)") }
            guard count > 0 else { return content }
            content += chunk[..<count]
            guard content.count <= limit else { throw SystemError(errno: EFBIG, what: "read \(path)") }
        }
    }

    /// Writes beside the file, lets the disk have it, and puts it in place (fsync(2): the folder counts as well).
    package static func write(_ path: String, _ content: [UInt8]) throws(SystemError) {
        let fresh = path + ".new"
        try fill(fresh, content)
        guard unsafe rename(fresh, path) == 0 else { throw .last("put \(fresh) in the place of \(path)") }
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let descriptor = try FileDescriptor(
            unsafe open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open the folder \(folder)")
        guard fsync(descriptor.number) == 0 else { throw .last("store the folder \(folder)") }
    }

    private static func fill(_ path: String, _ content: [UInt8]) throws(SystemError) {
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW
        let descriptor = try FileDescriptor(unsafe open(path, flags, 0o600), "open \(path)")
        var rest = content[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { bytes in
                unsafe Glibc.write(descriptor.number, bytes.baseAddress, bytes.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .last("write \(path)") }
            rest = rest.dropFirst(count)
        }
        guard fsync(descriptor.number) == 0 else { throw .last("store \(path)") }
    }

    /// Renames a file that cannot be used to `PATH.damaged`, or with a number where there is one already, and says to
    /// what. The tenth takes the ninth's place.
    package static func setAside(_ path: String) throws(SystemError) -> String {
        let names = [path + ".damaged"] + (2...9).map { "\(path).damaged-\($0)" }
        let name = names.first { unsafe access($0, F_OK) != 0 } ?? names[names.count - 1]
        guard unsafe rename(path, name) == 0 else { throw .last("rename \(path) to \(name)") }
        return name
    }
}
