import Glibc

/// Where files come from: the disk, or a test's memory.
enum Folder {
    case disk
    case memory([String: [UInt8]])

    struct Refusal: Error {
        var message: String
    }

    /// What tells files apart however they are named.
    enum Identity: Hashable {
        case inode(device: UInt64, number: UInt64)
        case name(String)
    }

    struct File {
        var bytes: [UInt8]
        var identity: Identity
    }

    func read(_ path: String) throws(Refusal) -> File {
        switch self {
        case .disk: return try Self.readDisk(path)
        case .memory(let files):
            guard let bytes = files[path] else {
                throw Refusal(message: "it cannot be opened: No such file or directory")
            }
            guard bytes.count <= Limits.fileSize else { throw Self.tooLarge(bytes.count) }
            return File(bytes: bytes, identity: .name(path))
        }
    }

    /// The names in a folder, in no order.
    func names(in path: String) throws(Refusal) -> [String] {
        switch self {
        case .disk: return try Self.listDisk(path)
        case .memory(let files):
            let prefix = path == "." ? "" : path + "/"
            return files.keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
                .filter { !$0.contains("/") }
        }
    }

    private static func tooLarge(_ size: Int) -> Refusal {
        Refusal(message: "it has \(size) bytes; at most \(Limits.fileSize) are read")
    }

    /// Without waiting for the writer of a FIFO, and without reading what is no regular file or too large.
    private static func readDisk(_ path: String) throws(Refusal) -> File {
        let descriptor = unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else { throw Refusal(message: "it cannot be opened: \(lastError())") }
        defer { _ = close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw Refusal(message: "it cannot be looked at: \(lastError())")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw Refusal(message: "it is \(kind(status.st_mode)), and a configuration is a regular file")
        }
        guard status.st_size <= Limits.fileSize else { throw tooLarge(Int(status.st_size)) }
        let identity = Identity.inode(device: UInt64(status.st_dev), number: UInt64(status.st_ino))
        return File(bytes: try contents(descriptor, expected: Int(status.st_size)), identity: identity)
    }

    private static func contents(_ descriptor: Int32, expected: Int) throws(Refusal) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(expected)
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = unsafe Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                throw Refusal(message: "it cannot be read: \(lastError())")
            }
            bytes.append(contentsOf: chunk[..<count])
            guard bytes.count <= Limits.fileSize else { throw tooLarge(bytes.count) }
        }
    }

    private static func listDisk(_ path: String) throws(Refusal) -> [String] {
        guard let directory = unsafe opendir(path) else {
            if errno == ENOENT { return [] }
            throw Refusal(message: "the folder \(path) cannot be read: \(lastError())")
        }
        defer { _ = unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            guard names.count < Limits.folderEntries else {
                throw Refusal(message: "the folder \(path) has more than \(Limits.folderEntries) entries")
            }
            unsafe names.append(
                withUnsafeBytes(of: &entry.pointee.d_name) {
                    unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
                })
        }
        return names
    }

    private static func kind(_ mode: mode_t) -> String {
        switch mode & S_IFMT {
        case S_IFDIR: "a directory"
        case S_IFIFO: "a FIFO"
        case S_IFSOCK: "a socket"
        default: "a device"
        }
    }

    private static func lastError() -> String {
        let code = errno
        return unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }
}
