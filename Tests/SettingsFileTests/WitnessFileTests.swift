import Addresses
import Settings
import SettingsFile
import Testing

/// A witness's own file.
@Suite struct WitnessFileTests {
    /// A text, ⏎ for the end of a line, and what is wrong with it.
    static let rows: [(String, [String])] = [
        ("", ["1:1: error: witness is missing: where it listens, and for which pairs"]),
        ("- a", ["1:1: error: expected a mapping for the top level of a witness's file, found a list"]),
        (
            "witnes: {listen: 192.0.2.9}",
            [
                "1:1: error: \"witnes\" is no key of the top level of a witness's file (did you mean \"witness\"?)",
                "1:1: error: witness is missing: where it listens, and for which pairs",
            ]
        ),
        ("witness:", ["1:9: error: witness needs listen", "1:9: error: witness needs pairs"]),
        (
            "witness: {lisen: 192.0.2.9, pairs: {a: /k}}",
            [
                "1:10: error: witness needs listen",
                "1:11: error: \"lisen\" is no key of witness (did you mean \"listen\"?)",
            ]
        ),
        (
            "witness: {listen: 0.0.0.0, pairs: {a: /k}}",
            [
                "1:19: error: 0.0.0.0 is the unspecified address; a witness listens on the very addresses that "
                    + "directors ask"
            ]
        ),
        (
            "witness: {listen: [192.0.2.9, 192.0.2.9], port: 70000, pairs: {a: /k}}",
            ["1:31: error: address 192.0.2.9 stands here twice", "1:49: error: port is 70000; it is 1 to 65535"]
        ),
        ("witness: {listen: 192.0.2.9, pairs: {}}", ["1:37: error: a witness has 1 to 256 pairs, not 0"]),
        (
            "witness: {listen: 192.0.2.9, pairs: [a]}",
            ["1:37: error: expected a mapping of pairs by name, found a list"]
        ),
        (
            "witness: {listen: 192.0.2.9, pairs: {a: k}}",
            ["1:41: error: \"k\" is no path that begins with / and has at most 1,024 bytes"]
        ),
        (
            "witness: {listen: 192.0.2.9, pairs: {a: {keys: /k}}}",
            ["1:41: error: pair a needs key", "1:42: error: \"keys\" is no key of a pair (did you mean \"key\"?)"]
        ),
        (
            "witness:⏎  listen: 192.0.2.9⏎  pairs:⏎    a: {key: /k, directors: [x]}⏎    b: {key: /k, directors: [y, y]}",
            [
                "4:29: error: a pair has exactly two directors, and here are 1; name both or none",
                "5:29: error: director y stands here twice",
            ]
        ),
        (
            "witness: {listen: 192.0.2.9, pairs: {a: /k, a: /l}}",
            ["1:45: error: \"a\" stands here twice, first in line 1"]
        ),
        (
            "witness: {listen: 192.0.2.9, pairs: {a: /k}}⏎log: {level: loud}",
            ["2:14: error: \"loud\" is no level; it is debug, info, notice, warning or error"]
        ),
    ]

    @Test(arguments: rows) func `says what is wrong with a witness's file`(text: String, lines: [String]) {
        let loaded = SettingsFile.loadWitness(text: text.replacing("⏎", with: "\n"))
        #expect(loaded.problems.map(\.description) == lines.map { "witness.yaml:" + $0 })
        #expect(loaded.house == nil)
    }

    @Test func `says where it listens and for whom`() throws {
        let text = """
            witness:
              listen: [192.0.2.9, "2001:db8::9"]
              port: 5555
              pairs: {edge: /a, shop: {key: /b, directors: [x, y]}}
            log: {format: json}
            """
        let house = try #require(SettingsFile.loadWitness(text: text).house)
        #expect(house.endpoints.map(\.description) == ["192.0.2.9:5555", "[2001:db8::9]:5555"])
        #expect(
            house.pairs == [
                .init(name: "edge", key: "/a"), .init(name: "shop", key: "/b", directors: ["x", "y"]),
            ])
        #expect(house.log.format == .json)
    }

    @Test func `the example is a witness's file without a problem`() throws {
        let path = ReferenceTests.root + "/Deploy/examples/witness.yaml"
        #expect(SettingsFile.isWitness(path: path) && !SettingsFile.isWitness(path: ExampleTests.path))
        let loaded = SettingsFile.loadWitness(path: path)
        #expect(loaded.problems.map(\.description) == [])
        #expect(loaded.house?.endpoints.map(\.description) == ["192.0.2.9:5391"])
        #expect(loaded.house?.pairs.map(\.name) == ["edge", "shop"])
    }

    @Test func `a file that is not there is a problem and no witness's`() {
        #expect(!SettingsFile.isWitness(path: "/nowhere/witness.yaml"))
        let loaded = SettingsFile.loadWitness(path: "/nowhere/witness.yaml")
        #expect(loaded.house == nil && loaded.problems.count == 1)
    }

    @Test func `any bytes are answered, with problems at the most`() {
        var state: UInt64 = 7
        for _ in 0..<300 {
            var bytes = Array("witness: {listen: [192.0.2.9], pairs: {a: {key: /k, directors: [x, y]}}}\n".utf8)
            for _ in 0..<4 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                bytes[Int(state >> 33) % bytes.count] = UInt8(truncatingIfNeeded: state >> 24)
            }
            let loaded = SettingsFile.loadWitness(bytes: bytes)
            #expect((loaded.house == nil) == loaded.problems.contains { $0.severity == .error })
        }
    }
}
