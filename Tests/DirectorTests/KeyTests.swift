import Glibc
import Testing

/// Keys that change on two real daemons, each with a directory of its own.
@Suite(.serialized, .enabled(if: Namespaces.isAvailable, "needs root, iproute2 and the built daemons"))
struct KeyTests {
    private static let nodes = ["lb1", "lb2"]

    @Test func `one command changes the keys of both directors, and no role`() throws {
        let lab = try pair()
        try lab.tandem("keys add", on: "lb2")
        #expect(try files(lab) == ["1.key 2.key active 1", "1.key 2.key active 1"])
        try lab.tandem("keys activate 2", on: "lb1")
        try lab.tandem("keys retire 1", on: "lb2")
        #expect(try files(lab) == ["2.key active 2", "2.key active 2"])
        #expect(
            try lab.shell("cmp \(lab.folder)/lb1.keys/2.key \(lab.folder)/lb2.keys/2.key; echo same").contains("same"))
        #expect(try lab.shell("stat -c %a \(lab.folder)/lb?.keys/*").split(separator: "\n").allSatisfy { $0 == "600" })
        let list = try lab.tandem("keys", on: "lb1").split(separator: "\n")
        #expect(list.count == 2 && list.last?.contains("sends         sends") == false)
        #expect(list.last?.split(separator: " ").filter { $0 == "sends" }.count == 2)
        #expect(lab.holds("lb1") && !lab.holds("lb2") && !lab.log("lb1").contains("is lost"))
    }

    @Test func `a key that is sent with, an unknown one and a name that is taken are refused`() throws {
        let lab = try pair()
        #expect(try refusal(lab, "keys retire 1").contains("sends with key 1"))
        #expect(try refusal(lab, "keys activate 7").contains("there is no key 7; there are: 1"))
        #expect(try refusal(lab, "keys add 1").contains("there is a key 1 already"))
        #expect(try refusal(lab, "keys add ../x").contains("is no name for a key"))
        #expect(try files(lab) == ["1.key", "1.key"])
    }

    @Test func `without the peer nothing is changed, and it is named`() throws {
        let lab = try pair()
        lab.stop("lb2", SIGKILL)
        #expect(lab.eventually { lab.log("lb1").contains("peer lb2 is lost") })
        #expect(try refusal(lab, "keys add").contains("lb2 is not heard"))
        #expect(try lab.tandem("keys", on: "lb1").contains("lb2 does not say what it has: it is not heard"))
        #expect(try files(lab)[0] == "1.key")
    }

    @Test func `what was activated is sent with after a restart`() throws {
        let lab = try pair()
        try lab.tandem("keys add zebra", on: "lb1")
        try lab.tandem("keys add 2", on: "lb1")
        try lab.tandem("keys activate 2", on: "lb1")
        for node in Self.nodes {
            lab.stop(node)
            try start(lab, node)
        }
        #expect(lab.eventually(20) { (try? lab.tandem("keys", on: "lb1"))?.contains("unknown") == false })
        #expect(try lab.tandem("keys", on: "lb2").contains("zebra"))
        #expect(try refusal(lab, "keys retire 2").contains("sends with key 2"))
    }

    @Test func `a reload takes files that were changed by hand, and refuses one that is half written`() throws {
        let lab = try pair()
        try lab.shell("\(Namespaces.binaries)/tandem keygen \(lab.folder)/lb1.keys/0.key")
        #expect(try lab.tandem("keys", on: "lb1").contains("reload (SIGHUP) to take them"))
        lab.signal("lb1", SIGHUP)
        #expect(lab.eventually { (try? lab.tandem("keys", on: "lb1"))?.contains("not accepted") ?? false })
        try lab.shell("echo tandem-key-1:00 > \(lab.folder)/lb1.keys/3.key; chmod 600 \(lab.folder)/lb1.keys/3.key")
        lab.signal("lb1", SIGHUP)
        #expect(lab.eventually { lab.log("lb1").contains("lb1.keys/3.key: it is no key") })
        #expect(try lab.tandem("keys", on: "lb1").contains("lb1.keys/3.key: it is no key"))
        #expect(try refusal(lab, "keys add").contains("lb1.keys/3.key: it is no key"))
        #expect(lab.holds("lb1"))
    }

    @Test func `a single file is listed, and says what changing keys needs`() throws {
        let lab = try Namespaces()
        for node in Self.nodes { try lab.start(node) }
        try #require(lab.eventually(20) { lab.log("lb1").contains("peer lb2 is heard") })
        #expect(try lab.tandem("keys", on: "lb1").contains("changing keys needs a directory"))
        #expect(try refusal(lab, "keys add").contains("lb1 has a single key file"))
    }

    private func pair() throws -> Namespaces {
        let lab = try Namespaces()
        for node in Self.nodes {
            try lab.shell(
                "install -d -m 700 \(lab.folder)/\(node).keys; cp -p \(lab.folder)/key \(lab.folder)/\(node).keys/1.key"
            )
            let text = Namespaces.configuration(lab.folder)
            try lab.write(
                text.replacing("keys: \(lab.folder)/key", with: "keys: \(lab.folder)/\(node).keys"), to: "\(node).yaml")
            try start(lab, node)
        }
        try #require(lab.eventually(20) { lab.holds("lb1") && lab.log("lb1").contains("peer lb2 is heard") })
        return lab
    }

    private func start(_ lab: Namespaces, _ node: String) throws {
        try lab.start(node, config: "\(node).yaml")
        try #require(lab.eventually { access("\(lab.folder)/\(node).sock", F_OK) == 0 })
    }

    /// What each director's directory holds, with the name in `active`.
    private func files(_ lab: Namespaces) throws -> [String] {
        try Self.nodes.map { node in
            try lab.shell("cd \(lab.folder)/\(node).keys; echo $(ls -A) $(cat active 2>/dev/null || true)")
                .split(separator: "\n").joined()
        }
    }

    private func refusal(_ lab: Namespaces, _ arguments: String) throws -> String {
        try lab.shell("\(Namespaces.binaries)/tandem \(arguments) --api \(lab.folder)/lb1.sock 2>&1 && exit 9; exit 0")
    }
}
