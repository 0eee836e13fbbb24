import Glibc
import Settings
import Testing

/// Docs/Configuration.md is what the schema says. To write it anew:
/// `TANDEM_REGENERATE=1 swift test --filter ReferenceTests`.
@Suite struct ReferenceTests {
    static let root = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()

    @Test func `the documentation of the configuration is what the schema says`() throws {
        let example = try #require(Self.contents(Self.root + "/Deploy/examples/tandem.yaml"))
        let witness = try #require(Self.contents(Self.root + "/Deploy/examples/witness.yaml"))
        let page = Schema.reference(example: example, witness: witness)
        let path = Self.root + "/Docs/Configuration.md"
        if getenv("TANDEM_REGENERATE") != nil {
            _ = mkdir(Self.root + "/Docs", 0o755)
            let file = try #require(fopen(path, "w"))
            fputs(page, file)
            fclose(file)
        }
        #expect(Self.contents(path) == page, "run: TANDEM_REGENERATE=1 swift test --filter ReferenceTests")
    }

    @Test func `no section has a key twice and every key has a sentence`() {
        for section in Schema.sections + Schema.witnessSections {
            #expect(Set(section.names).count == section.names.count, "\(section.path)")
            #expect(section.keys.allSatisfy { $0.sentence.hasSuffix(".") }, "\(section.path)")
        }
    }

    static func contents(_ path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += chunk[..<count]
        }
    }
}
