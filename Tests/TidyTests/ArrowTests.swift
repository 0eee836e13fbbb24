import Testing

/// The house of Docs/Architecture.md: arrows point down, and below the line of purity nothing can touch the world.
struct ArrowTests {
    static let pure: [String: Set<String>] = [
        "Addresses": [],
        "Settings": ["Addresses"],
        "Heartbeat": ["Addresses"],
        "Dialogues": ["Addresses", "Agreement", "Settings"],
        "Agreement": ["Addresses", "Settings"],
        "Balancing": ["Addresses", "Agreement", "Settings"],
        "Election": ["Addresses", "Heartbeat"],
        "Simulation": ["Addresses", "Heartbeat", "Election"],
    ]
    static let effects: [String: Set<String>] = [
        "Linux": ["Addresses"],
        "Netlink": ["Addresses", "Settings", "Balancing"],
        "Sealing": ["Addresses", "Heartbeat"],
        "SettingsFile": ["Addresses", "Settings"],
        "Checks": ["Addresses", "Settings", "Agreement", "Dialogues", "Linux"],
        "Control": ["Addresses"],
    ]
    static let compositions = ["Director", "Commands", "Drills"]
    static let executables = ["tandemd", "tandem", "tandem-sim"]
    /// The one place of the simulation that touches the world: its command line.
    static let commandLines: Set<String> = ["Sources/Simulation/TandemSim.swift"]
    static let cModules: Set<String> = ["CLibNL", "COpenSSL", "CYAML", "CLinux"]
    static let own = Set(pure.keys).union(effects.keys).union(compositions).union(cModules)

    static func imports(of file: SourceTree.File) -> [String] {
        file.lines.compactMap { line in
            var words = line.split(separator: " ")
            if let first = words.first, ["package", "internal", "private"].contains(first) { words.removeFirst() }
            guard words.first == "import", words.count >= 2 else { return nil }
            return String(words[words.count - 1].split(separator: ".")[0])
        }
    }

    @Test(arguments: pure.keys.sorted())
    func `a pure module imports nothing but the pure modules below it`(module: String) throws {
        let allowed = try #require(Self.pure[module])
        for file in SourceTree.sources where file.module == module && !Self.commandLines.contains(file.path) {
            #expect(Set(Self.imports(of: file)).subtracting(allowed).isEmpty, "\(file.path)")
        }
    }

    @Test(arguments: effects.keys.sorted())
    func `an effect module imports only the modules of ours that are below it`(module: String) throws {
        let allowed = try #require(Self.effects[module])
        for file in SourceTree.sources where file.module == module {
            let ours = Set(Self.imports(of: file)).intersection(Self.own).subtracting(Self.cModules)
            #expect(ours.subtracting(allowed).isEmpty, "\(file.path)")
        }
    }

    @Test func `an executable is its main and nothing else`() {
        for name in Self.executables {
            let files = SourceTree.sources.filter { $0.module == name }
            #expect(files.map(\.path) == ["Sources/\(name)/Main.swift"])
            #expect(files.allSatisfy { $0.lines.count <= 40 })
        }
    }

    @Test func `every folder of Sources is a module of the house`() {
        let known = Self.own.union(Self.executables)
        #expect(Set(SourceTree.names(in: "Sources")).subtracting(known).isEmpty)
        #expect(Self.own.subtracting(Self.cModules).count <= 18)
    }

    @Test func `every module has tests`() {
        for module in Self.own.subtracting(Self.cModules) {
            let tests = SourceTree.swift.filter { $0.path.hasPrefix("Tests/\(module)Tests/") }
            #expect(tests.contains { $0.text.contains("@Test") }, "Tests/\(module)Tests")
        }
    }

    @Test func `only the surface may read JSON with FoundationEssentials, and nobody imports Foundation`() {
        for file in SourceTree.sources {
            let imports = Self.imports(of: file)
            #expect(!imports.contains("Foundation"), "\(file.path)")
            guard imports.contains("FoundationEssentials") else { continue }
            #expect(["Control", "Commands", "Drills"].contains(file.module), "\(file.path)")
        }
    }
}
