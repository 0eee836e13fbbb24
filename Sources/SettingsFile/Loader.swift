import Settings

/// Reads a file and what it includes, each once.
struct Loader {
    let folder: Folder
    var diagnosis = Diagnosis()
    var sections = Sections()
    /// Whether each file was read to its end.
    var isComplete = true
    private var seen: [Folder.Identity: String] = [:]

    init(folder: Folder) {
        self.folder = folder
    }

    mutating func loadRoot(_ path: String) {
        diagnosis.files = [path]
        let whole = Mark(file: 0, line: 0, column: 0)
        do {
            take(try folder.read(path), path, at: whole, depth: 0)
        } catch {
            isComplete = false
            diagnosis.error(whole, error.message)
        }
    }

    private mutating func take(_ file: Folder.File, _ path: String, at mark: Mark, depth: Int) {
        if let earlier = seen[file.identity] {
            let isRoot = earlier == diagnosis.files.first
            diagnosis.error(mark, "\(earlier) is included \(isRoot ? "by itself or what it includes" : "already")")
            return
        }
        seen[file.identity] = path
        let number = depth == 0 ? 0 : diagnosis.files.count
        if depth > 0 { diagnosis.files.append(path) }
        diagnosis.bytes += file.bytes.count
        guard diagnosis.bytes <= Limits.totalSize else {
            diagnosis.error(mark, "all files together have more than \(Limits.totalSize) bytes")
            return
        }
        let result = EventReader.read(file.bytes, file: number, diagnosis: &diagnosis)
        isComplete = isComplete && result.isComplete
        if let root = result.node { split(root, path: path, depth: depth) }
    }

    private mutating func split(_ root: Node, path: String, depth: Int) {
        guard case .mapping(let entries) = root.content else {
            if !root.isEmpty {
                isComplete = false
                diagnosis.expected("a mapping with pair, groups, services …", root)
            }
            return
        }
        for entry in entries {
            if case .scalar(SettingsFile.witnessWord) = entry.key.content {
                diagnosis.error(
                    entry.key.mark,
                    "witness is a key of pair; a file with it at the top level is a witness's: tandemd --witness FILE")
                continue
            }
            guard diagnosis.accept(entry.key, of: Schema.top), case .scalar(let name) = entry.key.content else {
                continue
            }
            if name == "include" {
                include(entry.value, from: path, depth: depth + 1)
            } else {
                sections.add(entry.key, entry.value, named: name, diagnosis: &diagnosis)
            }
        }
    }

    private mutating func include(_ node: Node, from path: String, depth: Int) {
        guard depth <= Limits.includeDepth else {
            diagnosis.error(node.mark, "files include each other more than \(Limits.includeDepth) levels deep")
            return
        }
        let patterns = if case .list(let elements) = node.content { elements } else { [node] }
        guard patterns.count <= Limits.includePatterns else {
            diagnosis.error(node.mark, "more than \(Limits.includePatterns) patterns; use * in one")
            return
        }
        for pattern in patterns {
            guard case .scalar(let text) = pattern.content, !text.isEmpty, text.utf8.count <= 1024 else {
                diagnosis.expected("a path of at most 1,024 bytes", pattern)
                continue
            }
            include(pattern: text, from: path, at: pattern.mark, depth: depth)
        }
    }

    private mutating func include(pattern: String, from path: String, at mark: Mark, depth: Int) {
        do {
            for found in try matches(pattern, from: path) {
                guard diagnosis.files.count < Limits.files else {
                    diagnosis.error(mark, "more than \(Limits.files) files are included")
                    return
                }
                do {
                    take(try folder.read(found), found, at: mark, depth: depth)
                } catch {
                    isComplete = false
                    diagnosis.error(mark, "\(Node.shortened(found)): \(error.message)")
                }
            }
        } catch {
            diagnosis.error(mark, error.message)
        }
    }

    /// The files that a pattern means, in the order of their names. A plain path means itself, there or not.
    private func matches(_ pattern: String, from path: String) throws(Folder.Refusal) -> [String] {
        let base = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        let full = pattern.hasPrefix("/") ? pattern : base + pattern
        guard Wildcard.isIn(pattern) else { return [full] }
        let cut = full.lastIndex(of: "/").map { full.index(after: $0) } ?? full.startIndex
        let prefix = full[..<cut]
        guard !Wildcard.isIn(pattern.dropLast(full[cut...].count)) else {
            throw Folder.Refusal(message: "* and ? may stand in the last part of a path only")
        }
        let wildcard = Wildcard(full[cut...])
        let folderPath = prefix.isEmpty ? "." : prefix == "/" ? "/" : String(prefix.dropLast())
        let names = try folder.names(in: folderPath).filter(wildcard.matches)
        return names.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }.map { prefix + $0 }
    }
}
