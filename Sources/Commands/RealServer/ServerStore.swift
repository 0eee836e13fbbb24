import Control
import Glibc
import Linux

/// Where what was done to this machine is written down.
struct ServerStore {
    static let usualFolder = "/var/lib/tandem/realserver"
    /// In bytes: thousands of addresses.
    private static let limit = 4 << 20

    let folder: String

    private var path: String { "\(folder)/state" }

    func read() throws -> KeptChanges {
        guard let bytes = try DurableFile.read(path, limit: Self.limit) else { return KeptChanges() }
        guard let state = try? JSON.decode(KeptChanges.self, from: bytes), state.version == 1 else {
            throw CommandFailure(
                "\(path) says what apply did to this machine, and cannot be read: mend it, or remove it and "
                    + "give up undo"
            )
        }
        return state
    }

    func write(_ state: KeptChanges) throws {
        guard !state.isEmpty else {
            guard unlink(path) == 0 || errno == ENOENT else {
                throw SystemError(errno: errno, what: "remove \(path)")
            }
            rmdir(folder)
            return
        }
        try FolderPath.make(folder, mode: 0o755)
        try DurableFile.write(path, JSON.encode(state, pretty: true))
    }
}

/// Folders on the way to a file.
enum FolderPath {
    /// Makes it and those above it, where they are missing.
    static func make(_ path: String, mode: mode_t) throws(SystemError) {
        var made = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            made += "/" + part
            guard mkdir(made, mode) != 0, errno != EEXIST else { continue }
            throw SystemError(errno: errno, what: "make the folder \(made)")
        }
    }
}
