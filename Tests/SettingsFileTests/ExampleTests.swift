import Addresses
import Settings
import SettingsFile
import Testing

@Suite struct ExampleTests {
    /// Deploy/examples/tandem.yaml of this checkout.
    static let path =
        #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/Deploy/examples/tandem.yaml"

    @Test func `the example is a configuration without a problem`() throws {
        let loaded = SettingsFile.load(path: Self.path)
        #expect(loaded.problems.map(\.description) == [])
        #expect(loaded.files.count == 3)
        let settings = try #require(loaded.settings)
        #expect(settings.pair.directors.map(\.name) == ["lb1", "lb2"])
        #expect(settings.groups.map(\.name) == ["web", "names"])
        #expect(settings.services.map(\.name) == ["dns", "web", "admin"])
        #expect(loaded.digest == settings.digest)
    }
}
