import Glibc

/// The names in a folder; none where it cannot be read.
enum Folder {
    static func names(in path: String) -> [String] {
        var names: [String] = []
        guard let folder = unsafe opendir(path) else { return [] }
        defer { unsafe closedir(folder) }
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }
}
