import Glibc

extension KeyFile {
    /// Writes a file with mode 0600 whole or not at all, and durably: under another name first, then by one step.
    static func write(_ text: String, to path: String, replacing isReplacing: Bool) throws(KeyFileError) {
        let folder = folder(of: path)
        let draft = "\(folder)/.\(path.split(separator: "/").last ?? "key").new"
        _ = unsafe unlink(draft)
        try write(Array(text.utf8), toNew: draft, for: path)
        let isDone = unsafe (isReplacing ? rename(draft, path) : link(draft, path)) == 0
        let reason = errno
        if !isReplacing || !isDone { _ = unsafe unlink(draft) }
        guard isDone else {
            throw reason == EEXIST
                ? KeyFileError(path, "it exists already, and a key is never overwritten; choose another name")
                : KeyFileError(path, "it cannot be put in place: \(sentence(reason))")
        }
        try makeDurable(folder)
    }

    private static func write(_ bytes: [UInt8], toNew draft: String, for path: String) throws(KeyFileError) {
        let descriptor = unsafe open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw errno == ENOENT
                ? KeyFileError(path, "its folder does not exist; run: install -d -m 700 FOLDER")
                : KeyFileError(path, "it cannot be made: \(lastError())")
        }
        defer { _ = close(descriptor) }
        let isWritten =
            unsafe fchmod(descriptor, 0o600) == 0 && Glibc.write(descriptor, bytes, bytes.count) == bytes.count
        guard isWritten, fsync(descriptor) == 0 else {
            let reason = lastError()
            _ = unsafe unlink(draft)
            throw KeyFileError(path, "it cannot be written: \(reason)")
        }
    }

    /// Removes a file durably.
    static func remove(_ path: String) throws(KeyFileError) {
        guard unsafe unlink(path) == 0 else { throw KeyFileError(path, "it cannot be removed: \(lastError())") }
        try makeDurable(folder(of: path))
    }

    /// What was put into a folder or taken out of it stays so when the power fails.
    private static func makeDurable(_ folder: String) throws(KeyFileError) {
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw KeyFileError(folder, "it cannot be opened: \(lastError())") }
        defer { _ = close(descriptor) }
        guard fsync(descriptor) == 0 else { throw KeyFileError(folder, "it cannot be synced: \(lastError())") }
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
