import Glibc

/// The files of this package, read from where this file stands.
enum SourceTree {
    struct File: Sendable {
        /// From the package's root: `Sources/Addresses/Prefix.swift`.
        let path: String
        let text: String

        var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
        var module: String { String(path.split(separator: "/")[1]) }
    }

    static let root: String = {
        let parts = #filePath.split(separator: "/").dropLast(3)
        return "/" + parts.joined(separator: "/")
    }()

    static let swift: [File] = files(below: "Sources", ending: ".swift") + files(below: "Tests", ending: ".swift")
    static let sources: [File] = swift.filter { $0.path.hasPrefix("Sources/") }
    static let docs: [File] =
        files(below: "Docs", ending: ".md")
        + [read("README.md")].compactMap { $0 }.map { File(path: "README.md", text: $0) }
    static let deploy: [File] = files(below: "Deploy", ending: "")

    static func read(_ path: String) -> String? {
        guard let file = fopen(root + "/" + path, "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func exists(_ path: String) -> Bool { access(root + "/" + path, F_OK) == 0 }

    /// Names in a folder, hidden ones left out.
    static func names(in folder: String) -> [String] {
        guard let handle = opendir(root + "/" + folder) else { return [] }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    private static func files(below folder: String, ending: String) -> [File] {
        names(in: folder).flatMap { name -> [File] in
            let path = folder + "/" + name
            if isFolder(path) { return files(below: path, ending: ending) }
            guard name.hasSuffix(ending), let text = read(path) else { return [] }
            return [File(path: path, text: text)]
        }
    }

    static func isFolder(_ path: String) -> Bool {
        guard let handle = opendir(root + "/" + path) else { return false }
        closedir(handle)
        return true
    }
}
