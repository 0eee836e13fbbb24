/// What a configuration may need at most; beyond it is refused before it costs time or memory.
enum Limits {
    /// Bytes of one file, and of all files together.
    static let fileSize = 16 << 20
    static let totalSize = 64 << 20
    static let files = 1024
    static let includeDepth = 8
    static let includePatterns = 32
    /// Names in a folder that a pattern looks through.
    static let folderEntries = 65536
    /// Mappings and lists within each other.
    static let depth = 32
    /// Scalars, mappings and lists in all files together.
    static let nodes = 1_000_000
    /// Bytes of one scalar.
    static let scalarLength = 4096
    /// Servers of one pool or service, and of all services together: a pool counts wherever it is used.
    static let servers = 4096
    /// What one service listens on, with ranges written out.
    static let listens = 4096
    static let allServers = 131_072
    /// Problems that are shown; the others are counted.
    static let problems = 1000
    /// Aliases, anchors, tags and duplicates after which a file is not read any further.
    static let refusals = 20
}
