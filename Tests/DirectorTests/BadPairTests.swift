import Glibc
import Testing

/// Two directors that somebody put together wrongly, or whose clocks or network are bad: one active, and status says why.
@Suite(.serialized, .enabled(if: Namespaces.isAvailable, "needs root, iproute2 and the built daemons"))
struct BadPairTests {
    @Test func `two directors of one name: who holds the group keeps it`() throws {
        let lab = try activeAlone()
        try lab.start("lb2", name: "lb1")
        expectSecondWaits(lab)
    }

    @Test func `two directors of one name with addresses of their own: each says that it hears another director`()
        throws
    {
        let lab = try activeAlone()
        try lab.write(swapped(lab), to: "swapped.yaml")
        try lab.start("lb2", config: "swapped.yaml", name: "lb1")
        expectSecondWaits(lab)
        #expect(lab.eventually { says("another director", "lb1", lab) && says("another director", "lb2", lab) })
    }

    @Test func `swapped addresses: who holds the group keeps it`() throws {
        let lab = try activeAlone()
        try lab.write(swapped(lab), to: "swapped.yaml")
        try lab.start("lb2", config: "swapped.yaml")
        expectSecondWaits(lab)
    }

    @Test func `key files that differ: who holds the group keeps it, and both say whose key is unknown`() throws {
        let lab = try activeAlone()
        try lab.shell("\(Namespaces.binaries)/tandem keygen \(lab.folder)/other-key")
        let configuration = Namespaces.configuration(lab.folder)
        try lab.write(configuration.replacing("/key\n", with: "/other-key\n"), to: "other.yaml")
        try lab.start("lb2", config: "other.yaml")
        expectSecondWaits(lab)
        #expect(lab.eventually { says("unknown key", "lb1", lab) && says("unknown key", "lb2", lab) })
    }

    @Test func `monotonic clocks that are ten days apart do not matter`() throws {
        let lab = try Namespaces()
        try lab.start("lb1")
        try lab.start("lb2", by: "unshare --time --monotonic 864000 --fork --kill-child")
        try expectPair(lab)
    }

    @Test func `a wall clock that jumps by hours does not matter`() throws {
        let lab = try Namespaces()
        try lab.build(HostileSources.wallClock, as: "wall.so", flags: "-shared -fPIC")
        try lab.start("lb1", by: "env LD_PRELOAD=\(lab.folder)/wall.so")
        try lab.start("lb2")
        try expectPair(lab)
    }

    @Test func `replayed and changed heartbeats at line rate on both paths: no role changes, the heart is in time`()
        throws
    {
        let lab = try Namespaces()
        try lab.start("lb1")
        try lab.start("lb2")
        try #require(lab.eventually(20) { lab.holds("lb1") && hears("lb1", lab) && hears("lb2", lab) })
        try lab.build(HostileSources.flood, as: "flood")
        usleep(1_100_000)
        let before = lateness("lb1", lab)
        let output = try lab.shell(
            """
            cd \(lab.folder)
            ip netns exec \(lab.tag)-sw ./flood lb1-eth0 192.0.2.2 1 4 & one=$!
            ip netns exec \(lab.tag)-sw ./flood lb1-eth1 10.9.0.2 1 4 & two=$!
            for second in 1 2 3 4; do
              sleep 1
              \(Namespaces.binaries)/tandem status --json --api \(lab.folder)/lb1.sock
            done
            wait $one; wait $two
            """)
        let sent = numbers(before: " datagrams", in: output)
        let during = numbers(after: "\"secondMS\"", in: output).max() ?? .infinity
        print("flood: \(sent) datagrams in 4 s; lateness \(before) ms before, \(during) ms meanwhile")
        #expect(sent.count == 2 && sent.allSatisfy { $0 > 10_000 })
        // A takeover time is 200 ms: so late a heart would still be in time.
        #expect(during < 100)
        #expect(lab.holds("lb1") && !lab.holds("lb2"))
        #expect(hears("lb1", lab) && hears("lb2", lab))
        #expect(!lab.log("lb2").contains("claiming"))
        #expect(says("replayed", "lb1", lab) || says("too old", "lb1", lab))
    }

    // MARK: What they have in common

    private func activeAlone() throws -> Namespaces {
        let lab = try Namespaces()
        try lab.start("lb1")
        try #require(lab.eventually(20) { lab.holds("lb1") })
        return lab
    }

    /// For longer than a director waits that hears nobody.
    private func expectSecondWaits(_ lab: Namespaces) {
        for _ in 0..<20 {
            usleep(150_000)
            guard lab.holds("lb2") || !lab.holds("lb1") else { continue }
            Issue.record("lb1: \(lab.log("lb1"))\nlb2: \(lab.log("lb2"))")
            return
        }
        #expect(!hears("lb1", lab) && !hears("lb2", lab))
    }

    /// One active for three seconds, and it goes over to the other when it is asked to.
    private func expectPair(_ lab: Namespaces) throws {
        try #require(lab.eventually(20) { lab.holds("lb1") && hears("lb1", lab) && hears("lb2", lab) })
        for _ in 0..<15 {
            usleep(200_000)
            #expect(lab.holds("lb1") && !lab.holds("lb2"))
        }
        _ = try lab.tandem("handover", on: "lb1")
        #expect(lab.eventually(20) { lab.holds("lb2") && !lab.holds("lb1") })
    }

    /// The pair's file with the addresses of the two directors exchanged.
    private func swapped(_ lab: Namespaces) -> String {
        Namespaces.configuration(lab.folder)
            .replacing("192.0.2.2, 10.9.0.2", with: "A").replacing("192.0.2.3, 10.9.0.3", with: "192.0.2.2, 10.9.0.2")
            .replacing("A]", with: "192.0.2.3, 10.9.0.3]")
    }

    private func hears(_ node: String, _ lab: Namespaces) -> Bool {
        (try? lab.tandem("status", on: node))?.contains("is heard") ?? false
    }

    private func says(_ words: String, _ node: String, _ lab: Namespaces) -> Bool {
        (try? lab.tandem("status --json", on: node))?.contains(words) ?? false
    }

    private func lateness(_ node: String, _ lab: Namespaces) -> Double {
        numbers(after: "\"secondMS\"", in: (try? lab.tandem("status --json", on: node)) ?? "").max() ?? .infinity
    }

    private func numbers(after mark: String, in text: String) -> [Double] {
        text.split(separator: "\n").compactMap { line in
            guard let range = line.firstRange(of: mark) else { return nil }
            return Double(line[range.upperBound...].filter { $0.isNumber || $0 == "." })
        }
    }

    private func numbers(before mark: String, in text: String) -> [Double] {
        text.split(separator: "\n").compactMap { line in
            line.firstRange(of: mark).flatMap { Double(line[..<$0.lowerBound]) }
        }
    }
}
