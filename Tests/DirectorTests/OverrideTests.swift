import Control
import Glibc
import Testing

/// Drains and weights with real daemons. Where the kernel has no ip_vs the table that they want is what counts.
@Suite(.serialized, .enabled(if: Namespaces.isAvailable, "needs root, iproute2 and the built daemons"))
struct OverrideTests {
    private func lab() throws -> Namespaces {
        let lab = try Namespaces()
        try lab.write(
            Namespaces.configuration(lab.folder) + """
                services:
                  - name: web
                    group: web
                    listen: tcp://192.0.2.10:80
                    forward: dr
                    check: none
                    servers: [10.1.0.21, {address: 10.1.0.22, weight: 3}]
                  - name: mail
                    group: web
                    listen: tcp://192.0.2.10:25
                    forward: dr
                    check: none
                    servers: [10.1.0.21, 10.1.0.23]

                """, to: "tandem.yaml")
        return lab
    }

    private func pair() throws -> Namespaces {
        let lab = try lab()
        for node in ["lb1", "lb2"] { try lab.start(node) }
        try #require(lab.eventually { says(lab, "lb1", "is heard") && says(lab, "lb2", "is heard") })
        return lab
    }

    private func says(_ lab: Namespaces, _ node: String, _ words: String) -> Bool {
        (try? lab.tandem("status", on: node))?.contains(words) ?? false
    }

    /// The weights of all servers in the table that a director wants.
    private func weights(_ lab: Namespaces, _ node: String) -> [String: Int] {
        let text = (try? lab.tandem("table --json", on: node)) ?? ""
        let report = try? JSON.decode(TableReport.self, from: text.utf8)
        var weights: [String: Int] = [:]
        for line in report?.desired.split(separator: "\n") ?? [] {
            let words = line.split(separator: " ")
            guard words.count == 8, words[0] == "-a", let port = words[2].split(separator: ":").last else { continue }
            weights["\(words[4]) \(port)"] = Int(words[7])
        }
        return weights
    }

    private let own = ["10.1.0.21:80 80": 1, "10.1.0.22:80 80": 3, "10.1.0.21:25 25": 1, "10.1.0.23:25 25": 1]

    private func wants(_ lab: Namespaces, on nodes: [String] = ["lb1", "lb2"], _ changes: [String: Int]) -> Bool {
        let wanted = own.merging(changes) { $1 }
        return lab.eventually { nodes.allSatisfy { weights(lab, $0) == wanted } }
    }

    @Test func `a drain is in force and shown on both, outlives each of them, and ends on both`() throws {
        let lab = try pair()
        #expect(wants(lab, [:]))
        let said = try lab.tandem("drain 10.1.0.21 --reason 'new disk'", on: "lb1")
        #expect(said.contains("10.1.0.21 drains") && said.contains("10.1.0.21:80 of web"), "\(said)")
        #expect(wants(lab, ["10.1.0.21:80 80": 0, "10.1.0.21:25 25": 0]))
        for node in ["lb1", "lb2"] {
            #expect(
                lab.eventually { says(lab, node, "10.1.0.21 drains for") && says(lab, node, "uid 0 at lb1: new disk") })
            #expect(try lab.tandem("servers", on: node).contains("up, draining"))
            #expect(try lab.tandem("status --json", on: node).contains("\"reason\" : \"new disk\""))
            #expect(lab.log(node).contains("server 10.1.0.21 drains, asked for by uid 0 at lb1: new disk"))
            lab.stop(node, SIGKILL)
            try lab.start(node)
            #expect(lab.eventually(20) { says(lab, node, "is heard") })
            #expect(wants(lab, on: [node], ["10.1.0.21:80 80": 0, "10.1.0.21:25 25": 0]))
        }
        let ready = try lab.tandem("ready 10.1.0.21 --service mail", on: "lb2")
        #expect(ready.contains("10.1.0.21 of mail does not drain"), "\(ready)")
        #expect(wants(lab, ["10.1.0.21:80 80": 0]))
        _ = try lab.tandem("ready 10.1.0.21", on: "lb2")
        #expect(wants(lab, [:]))
        #expect(lab.eventually { !says(lab, "lb1", "drains") && !says(lab, "lb2", "drains") })
    }

    @Test func `a weight is in force on both, below a drain, and is taken back`() throws {
        let lab = try pair()
        _ = try lab.tandem("weight 10.1.0.22:80 9 --reason 'twice the cores'", on: "lb2")
        #expect(wants(lab, ["10.1.0.22:80 80": 9]))
        #expect(lab.eventually { says(lab, "lb1", "10.1.0.22:80 has weight 9 for") })
        #expect(try lab.tandem("servers web", on: "lb1").contains("9 (3)"))
        _ = try lab.tandem("drain 10.1.0.22", on: "lb1")
        #expect(wants(lab, ["10.1.0.22:80 80": 0]))
        _ = try lab.tandem("ready 10.1.0.22", on: "lb2")
        #expect(wants(lab, ["10.1.0.22:80 80": 9]))
        _ = try lab.tandem("weight 10.1.0.22 original", on: "lb1")
        #expect(wants(lab, [:]))
    }

    @Test func `what was said while the other was away reaches it when it is back, whatever it said itself`() throws {
        let lab = try pair()
        _ = try lab.tandem("drain 10.1.0.21", on: "lb1")
        #expect(wants(lab, ["10.1.0.21:80 80": 0, "10.1.0.21:25 25": 0]))
        lab.stop("lb2")
        let alone = try lab.tandem("ready 10.1.0.21", on: "lb1")
        #expect(alone.contains("lb2 is not heard"), "\(alone)")
        _ = try lab.tandem("weight 10.1.0.22 5", on: "lb1")
        lab.stop("lb1")
        try lab.start("lb2")
        #expect(wants(lab, on: ["lb2"], ["10.1.0.21:80 80": 0, "10.1.0.21:25 25": 0]))
        _ = try lab.tandem("weight 10.1.0.23 6", on: "lb2")
        try lab.start("lb1")
        #expect(wants(lab, ["10.1.0.22:80 80": 5, "10.1.0.23:25 25": 6]))
        #expect(lab.eventually { says(lab, "lb1", "IN SYNC") && !says(lab, "lb1", "the peer does not know yet") })
    }

    @Test func `unknown servers are refused with the nearest, and the last server of a service wants force`() throws {
        let lab = try lab()
        try lab.start("lb1")
        try #require(lab.eventually(20) { says(lab, "lb1", "lb2 has not been heard") })
        func refused(_ command: String) throws -> String {
            let path = "\(Namespaces.binaries)/tandem \(command) --api \(lab.folder)/lb1.sock"
            return try lab.shell("\(path) && echo accepted || echo exit $?")
        }
        #expect(try refused("drain 10.1.0.12").contains("no server 10.1.0.12; did you mean 10.1.0.2"))
        #expect(try refused("drain 10.1.0.23 --service web").contains("service web has no server 10.1.0.23"))
        #expect(try refused("drain 10.1.0.23 --service wbe").contains("no service wbe; did you mean web?"))
        #expect(try refused("drain server1").contains("server1 is no address"))
        #expect(try refused("weight 10.1.0.23 many").contains("exit 64"))
        #expect(wants(lab, on: ["lb1"], [:]))
        _ = try lab.tandem("drain 10.1.0.22", on: "lb1")
        let last = try refused("drain 10.1.0.21")
        #expect(last.contains("service web would have no server left") && last.contains("exit 1"), "\(last)")
        #expect(try refused("weight 10.1.0.21:80 0").contains("--force"))
        #expect(wants(lab, on: ["lb1"], ["10.1.0.22:80 80": 0]))
        _ = try lab.tandem("drain 10.1.0.21 --force", on: "lb1")
        #expect(wants(lab, on: ["lb1"], ["10.1.0.22:80 80": 0, "10.1.0.21:80 80": 0, "10.1.0.21:25 25": 0]))
        #expect(lab.eventually { says(lab, "lb1", "service web has no server that takes connections") })
    }

    @Test func `a server that leaves the configuration leaves its drain behind, which can be ended`() throws {
        let lab = try lab()
        try lab.start("lb1")
        try #require(lab.eventually(20) { says(lab, "lb1", "lb2 has not been heard") })
        _ = try lab.tandem("drain 10.1.0.23", on: "lb1")
        try lab.shell("sed -i 's/10.1.0.21, 10.1.0.23/10.1.0.21/' \(lab.folder)/tandem.yaml")
        lab.signal("lb1", SIGHUP)
        #expect(lab.eventually { says(lab, "lb1", "10.1.0.23 drains for") && says(lab, "lb1", "no service has such") })
        _ = try lab.tandem("ready 10.1.0.23", on: "lb1")
        #expect(lab.eventually { !says(lab, "lb1", "10.1.0.23") })
    }

    @Test func `a damaged file is put aside and named, and the peer gives what was lost`() throws {
        let lab = try pair()
        _ = try lab.tandem("drain 10.1.0.21", on: "lb1")
        let file = "\(lab.folder)/state/edge/lb1/overrides"
        for content in ["", "tandem overrides 1\ndrain 10.1", "\u{0}\u{1}\u{2}", "tandem overrides 99\nfuture\n"] {
            #expect(wants(lab, ["10.1.0.21:80 80": 0, "10.1.0.21:25 25": 0]), "\(content)")
            lab.stop("lb1", SIGKILL)
            try lab.write(content, to: "state/edge/lb1/overrides")
            try lab.start("lb1")
            #expect(wants(lab, ["10.1.0.21:80 80": 0, "10.1.0.21:25 25": 0]), "\(content)")
            #expect(access(file + ".damaged", F_OK) == 0 && lab.log("lb1").contains("\(file) cannot be used"))
            #expect(lab.eventually { (try? lab.shell("cat \(file)"))?.contains("drain 10.1.0.21") ?? false })
            unlink(file + ".damaged")
        }
    }
}
