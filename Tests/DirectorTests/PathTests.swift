import Glibc
import Testing

/// Several paths between real directors: what is cut is named, and only the silence of all of them is a failure.
@Suite(.serialized, .enabled(if: Namespaces.isAvailable, "needs root, iproute2 and the built daemons"))
struct PathTests {
    private func pair() throws -> Namespaces {
        let lab = try Namespaces()
        try lab.start("lb1")
        try lab.start("lb2")
        try #require(
            lab.eventually(20) {
                lab.holds("lb1") && ["lb1", "lb2"].allSatisfy { says("is heard", $0, lab) && !says("is cut", $0, lab) }
            })
        return lab
    }

    /// What one director sends to the other on some wires is lost; the way back works.
    private func mute(_ node: String, on wires: [String], _ lab: Namespaces) throws {
        let other = node == "lb1" ? "lb2" : "lb1"
        let rules = wires.map { "iifname \(node)-\($0) oifname \(other)-\($0) drop" }.joined(separator: "; ")
        try lab.shell(
            """
            ip netns exec \(lab.tag)-sw nft \\
              'table bridge fault { chain forward { type filter hook forward priority 0; \(rules); }; }'
            """)
    }

    private func mend(_ lab: Namespaces) throws {
        try lab.shell("ip netns exec \(lab.tag)-sw nft delete table bridge fault")
    }

    private func says(_ words: String, _ node: String, _ lab: Namespaces) -> Bool {
        (try? lab.tandem("status", on: node))?.contains(words) ?? false
    }

    private func isUntouched(_ lab: Namespaces) -> Bool {
        lab.holds("lb1") && !lab.holds("lb2") && !lab.log("lb2").contains("is lost")
            && !lab.log("lb2").contains("claiming")
    }

    @Test(arguments: [("lb1", "eth1", 2), ("lb2", "eth1", 2), ("lb1", "eth0", 1), ("lb2", "eth0", 1)])
    func `a path that is cut one way is named by both directors, with its direction, and moves nothing`(
        mute: String, wire: String, path: Int
    ) throws {
        let lab = try pair()
        try self.mute(mute, on: [wire], lab)
        let hearing =
            mute == "lb1" ? "lb1 hears lb2 there, lb2 hears nothing" : "lb2 hears lb1 there, lb1 hears nothing"
        let net = wire == "eth0" ? "192.0.2" : "10.9.0"
        for (node, ends) in [("lb1", "\(net).2 - \(net).3"), ("lb2", "\(net).3 - \(net).2")] {
            let words = "path \(path) (\(ends)) is cut one way: \(hearing)"
            #expect(
                lab.eventually { says(words, node, lab) }, "\(words)\n\((try? lab.tandem("status", on: node)) ?? "")")
        }
        usleep(1_000_000)
        #expect(isUntouched(lab))
        try mend(lab)
        #expect(lab.eventually { !says("is cut", "lb1", lab) && !says("is cut", "lb2", lab) })
        #expect(isUntouched(lab))
    }

    @Test func `an active that is mute on all paths is replaced, knows that nobody hears it, and gives way`() throws {
        let lab = try pair()
        try mute("lb1", on: ["eth0", "eth1"], lab)
        #expect(lab.eventually { lab.holds("lb2") && !lab.holds("lb1") })
        #expect(lab.log("lb2").contains("is lost"))
        #expect(
            lab.eventually { says("does not hear this director", "lb1", lab) || says("is cut one way", "lb1", lab) })
        try mend(lab)
        #expect(lab.eventually { says("Peer lb1 is heard", "lb2", lab) && !says("is cut", "lb1", lab) })
        usleep(500_000)
        #expect(lab.holds("lb2") && !lab.holds("lb1"))
    }

    @Test(arguments: [("eth0", "eth1"), ("eth1", "eth0")])
    func `the peer is lost when the last path falls silent, and not before`(first: String, last: String) throws {
        let lab = try pair()
        try lab.shell("ip -n \(lab.tag)-sw link set lb1-\(first) nomaster")
        // Ten takeover times.
        for _ in 0..<10 {
            usleep(200_000)
            #expect(isUntouched(lab))
        }
        try lab.shell("ip -n \(lab.tag)-sw link set lb1-\(last) nomaster")
        #expect(lab.eventually { lab.holds("lb2") })
        #expect(lab.log("lb2").contains("peer lb1 is lost"))
    }
}
