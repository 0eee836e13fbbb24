import Addresses
import Settings
import SettingsFile
import Testing

@Suite struct ExampleTests {
    /// Deploy/examples/tandem.yaml of this checkout.
    static let path = ReferenceTests.root + "/Deploy/examples/tandem.yaml"
    /// What README.md shows.
    static let smallPath = ReferenceTests.root + "/Deploy/examples/small.yaml"

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

    @Test func `the configuration of the first page is the small example, without a problem`() throws {
        let loaded = SettingsFile.load(path: Self.smallPath)
        #expect(loaded.problems.map(\.description) == [])
        let example = try #require(ReferenceTests.contents(Self.smallPath))
        let page = try #require(ReferenceTests.contents(ReferenceTests.root + "/README.md"))
        #expect(page.contains("```yaml\n\(example)```"))
    }
}
