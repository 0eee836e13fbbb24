import Glibc
import Testing

/// A director that holds 4,000 addresses, in namespaces of its own.
@Suite(.serialized, .enabled(if: Namespaces.isAvailable, "needs root, iproute2 and the built daemons"))
struct ManyAddressesTests {
    private static let count = 4000

    private func director(_ length: Int) throws -> Namespaces {
        let lab = try Namespaces()
        let addresses = (0..<Self.count).map { "\"10.20.\(1 + $0 / 250).\(1 + $0 % 250)/\(length)\"" }
        let configuration = Namespaces.configuration(lab.folder)
            .replacing("\"2001:db8::10\"", with: addresses.joined(separator: ", "))
        try lab.write(configuration, to: "tandem.yaml")
        try lab.start("lb2")
        return lab
    }

    private func held(_ lab: Namespaces) -> Int {
        let script = "ip -n \(lab.tag)-lb2 -o addr show dev eth0 to 10.20.0.0/16 | wc -l"
        return (try? lab.shell(script)).flatMap { Int($0.prefix { $0.isNumber }) } ?? 0
    }

    @Test(arguments: [16, 32])
    func `thousands of addresses are held for longer than a lease`(length: Int) throws {
        let lab = try director(length)
        try #require(lab.eventually(15) { held(lab) == Self.count })
        for _ in 0..<10 {
            usleep(500_000)
            #expect(held(lab) == Self.count)
        }
        #expect(try lab.tandem("status", on: "lb2").contains("and 3991 more"))
    }

    @Test func `thousands of addresses that somebody removes are put back`() throws {
        let lab = try director(32)
        try #require(lab.eventually(15) { held(lab) == Self.count })
        let start = ContinuousClock.now
        try lab.shell("ip -n \(lab.tag)-lb2 addr flush dev eth0 to 10.20.0.0/16 || true")
        // One second is what is asked of a machine that has nothing else to do.
        #expect(lab.eventually(5) { held(lab) == Self.count })
        #expect(!lab.log("lb2").contains("cannot add"))
        #expect(lab.eventually { lab.log("lb2").contains("were removed; putting them back") })
        // One line a second, however long a busy machine takes.
        let seconds = (ContinuousClock.now - start).components.seconds
        let lines = lab.log("lb2").split(separator: "\n").count { $0.contains("removed; putting") }
        #expect(lines <= seconds + 2, "\(lines) lines in \(seconds) s")
    }
}
