import Glibc
import Testing

/// What two real daemons make of each other's verdicts.
@Suite(.serialized, .enabled(if: Namespaces.isAvailable, "needs root, iproute2 and the built daemons"))
struct VerdictTests {
    /// Four servers on the client's machine, at 192.0.2.101 and on, checked three times a second.
    func pair(
        _ keys: String = "on_down: remove", weight: Int = 1, agent: String = ""
    ) throws -> Namespaces {
        let lab = try Namespaces()
        let servers = (101...104).map { "{address: 192.0.2.\($0), weight: \(weight)}" }.joined(separator: ", ")
        try lab.write(
            Namespaces.configuration(lab.folder) + """
                services:
                  - name: shop
                    listen: tcp://192.0.2.10:80
                    forward: dr
                    check: {tcp, interval: 300ms, timeout: 150ms, rise: 1, fall: 2\(agent)}
                    servers: [\(servers)]
                    \(keys)

                """, to: "tandem.yaml")
        for server in 101...104 {
            try lab.shell("ip -n \(lab.tag)-cl addr add 192.0.2.\(server)/24 dev eth0; true")
        }
        try listen(lab, [101, 102, 103, 104])
        try lab.start("lb1")
        try #require(lab.eventually(20) { lab.holds("lb1") }, "\(lab.log("lb1"))")
        try lab.start("lb2")
        for node in ["lb1", "lb2"] {
            try #require(lab.eventually(20) { state(lab, node, 101) == "up" && state(lab, node, 104) == "up" })
        }
        try #require(lab.eventually(20) { (try? lab.tandem("status", on: "lb1"))?.contains("IN SYNC") ?? false })
        return lab
    }

    /// Whoever listens takes connections on port 80 of these servers, and nobody on the others.
    func listen(_ lab: Namespaces, _ servers: [Int]) throws {
        try unlisten(lab)
        let program = """
            import socket, time
            listeners = []
            for server in \(servers):
                listener = socket.socket()
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                listener.bind(("192.0.2.%d" % server, 80))
                listener.listen()
                listeners.append(listener)
            time.sleep(600)
            """
        try lab.write(program, to: "listener.py")
        try lab.shell(
            """
            ip netns exec \(lab.tag)-cl python3 \(lab.folder)/listener.py >/dev/null 2>&1 &
            echo $! >\(lab.folder)/listener
            """)
    }

    func unlisten(_ lab: Namespaces) throws {
        try lab.shell("[ ! -e \(lab.folder)/listener ] || kill -KILL $(cat \(lab.folder)/listener) || true")
    }

    /// Whether a director's packets reach a server, or some other machine.
    func reach(_ lab: Namespaces, _ node: String, _ server: Int, _ does: Bool) throws {
        let link = does ? "$(cat /sys/class/net/eth0/address)" : "02:00:00:00:00:99"
        let client = does ? "ip netns exec \(lab.tag)-cl" : ""
        try lab.shell(
            """
            link=$(\(client) bash -c 'echo \(link)')
            ip -n \(lab.tag)-\(node) neigh replace 192.0.2.\(server) lladdr $link dev eth0 nud permanent
            """)
    }

    /// The verdict as `tandem servers` has it on a director.
    func state(_ lab: Namespaces, _ node: String, _ server: Int) -> String? {
        line(lab, node, server).map { line in
            ["up, disputed", "down, disputed", "up", "down", "unknown"].first { line.contains(" \($0) ") } ?? ""
        }
    }

    private func line(_ lab: Namespaces, _ node: String, _ server: Int) -> String? {
        let text = (try? lab.tandem("servers", on: node)) ?? ""
        return text.split(separator: "\n").first { $0.hasPrefix("192.0.2.\(server):80") }.map(String.init)
    }

    @Test func `the holder's view counts on both directors, and whoever takes over counts next`() throws {
        let lab = try pair()
        defer { try? unlisten(lab) }
        try reach(lab, "lb2", 101, false)
        for node in ["lb1", "lb2"] {
            #expect(lab.eventually { state(lab, node, 101) == "up, disputed" }, "\(line(lab, node, 101) ?? "")")
        }
        #expect(line(lab, "lb1", 101)?.contains("lb1 sees it up; lb2 sees it down (no connection in time)") == true)
        try reach(lab, "lb1", 102, false)
        for node in ["lb1", "lb2"] { #expect(lab.eventually { state(lab, node, 102) == "down, disputed" }) }
        try listen(lab, [101, 102, 104])
        for node in ["lb1", "lb2"] { #expect(lab.eventually { state(lab, node, 103) == "down" }) }
        let dispute = "server 192.0.2.101:80 is disputed: lb1 sees it up, lb2 sees it down (no connection in time)"
        #expect(lab.eventually { lab.log("lb1").contains(dispute) }, "\(lab.log("lb1"))")
        #expect((try lab.tandem("status", on: "lb1")).contains("IN SYNC"))
        lab.stop("lb1", SIGKILL)
        #expect(lab.eventually(20) { lab.holds("lb2") })
        #expect(lab.eventually { state(lab, "lb2", 101) == "down" })
        #expect(state(lab, "lb2", 102) == "up" && state(lab, "lb2", 103) == "down" && state(lab, "lb2", 104) == "up")
        try lab.start("lb1")
        try reach(lab, "lb1", 102, true)
        try reach(lab, "lb2", 101, true)
        for node in ["lb1", "lb2"] { #expect(lab.eventually(20) { state(lab, node, 101) == "up" }) }
        #expect(lab.eventually { lab.log("lb2").contains("server 192.0.2.101:80 is up") })
    }

    /// The servers that take connections in the table that a director wants, by their last number.
    func taking(_ lab: Namespaces, _ node: String) -> Set<Int> {
        let text = (try? lab.tandem("table", on: node)) ?? ""
        return Set((101...104).filter { text.contains(" 192.0.2.\($0):80 -g -w 1") })
    }

    @Test func `both directors see a quorum lost and regained, and one that starts meanwhile does too`() throws {
        let lab = try pair("quorum: 3\n    hysteresis: 1\n    too_few: keep")
        defer { try? unlisten(lab) }
        #expect(taking(lab, "lb1") == [101, 102, 103, 104], "\((try? lab.tandem("table", on: "lb1")) ?? "")")
        try listen(lab, [101])
        for node in ["lb1", "lb2"] {
            #expect(lab.eventually { lab.log(node).contains("service shop lost its quorum: ") }, "\(lab.log(node))")
            #expect(lab.eventually { state(lab, node, 104) == "down" && state(lab, node, 101) == "up" })
            #expect((try lab.tandem("status", on: node)).contains("service shop has no quorum: 1 of 4 servers up"))
        }
        let kept = taking(lab, "lb1")
        #expect(kept.count >= 2 && kept.contains(101) && lab.eventually { taking(lab, "lb2") == kept })
        // Three of four: neither lost nor there again; what holds is what was.
        try listen(lab, [101, 102, 103])
        for node in ["lb1", "lb2"] { #expect(lab.eventually { state(lab, node, 103) == "up" }) }
        lab.stop("lb2", SIGKILL)
        try lab.start("lb2")
        #expect(lab.eventually(20) { state(lab, "lb2", 104) == "down" && state(lab, "lb2", 103) == "up" })
        for node in ["lb1", "lb2"] {
            #expect(lab.eventually { (try? lab.tandem("services", on: node))?.contains("3, lost: keep") ?? false })
        }
        #expect(lab.eventually { taking(lab, "lb1") == taking(lab, "lb2") && taking(lab, "lb1").count >= 3 })
        try listen(lab, [101, 102, 103, 104])
        for node in ["lb1", "lb2"] {
            let again = "service shop has its quorum again: 4 of 4 servers up, 3 wanted"
            #expect(lab.eventually { lab.log(node).contains(again) }, "\(lab.log(node))")
        }
    }

    /// The weight of a server in the table that a director wants.
    private func weight(_ lab: Namespaces, _ node: String, _ server: Int) -> Int? {
        let text = (try? lab.tandem("table", on: node)) ?? ""
        let line = text.split(separator: "\n").first { $0.contains(" 192.0.2.\(server):80 ") }
        return line?.split(separator: " -w ").last.flatMap { Int($0.prefix { $0.isNumber }) }
    }

    @Test func `a server that comes back gets its weight in steps on both directors, which stay in sync`() throws {
        let lab = try pair("slow_start: 10s", weight: 20)
        defer { try? unlisten(lab) }
        // A listener that was late has come back, too.
        for node in ["lb1", "lb2"] { #expect(lab.eventually(20) { weight(lab, node, 104) == 20 }) }
        try listen(lab, [101, 102, 103])
        for node in ["lb1", "lb2"] { #expect(lab.eventually { state(lab, node, 104) == "down" }) }
        try listen(lab, [101, 102, 103, 104])
        for node in ["lb1", "lb2"] {
            #expect(lab.eventually { line(lab, node, 104)?.contains("up, rising") ?? false })
            let first = weight(lab, node, 104) ?? 20
            #expect(first > 0 && first < 20)
            #expect(lab.eventually { weight(lab, node, 104).map { $0 > first } ?? false })
        }
        #expect((try lab.tandem("status", on: "lb1")).contains("IN SYNC"))
        for node in ["lb1", "lb2"] {
            #expect(lab.eventually(20) { weight(lab, node, 104) == 20 && state(lab, node, 104) == "up" })
            #expect(line(lab, node, 104)?.contains("rising") == false)
        }
    }

    /// What a director's own checks said of a server last.
    private func lastWord(_ lab: Namespaces, _ node: String, _ server: Int) -> String? {
        let name = "service shop: server 192.0.2.\(server):80 is "
        let lines = lab.log(node).split(separator: "\n").map { String($0) }
        let word = lines.last { $0.contains(name + "up") || $0.contains(name + "down") }
        return word.map { $0.contains(name + "up") ? "up" : "down" }
    }

    @Test func `a server that goes up and down is held down on both directors until somebody says ready`() throws {
        let lab = try pair("flap_damping: {falls: 2, window: 10m, hold: 5m}")
        defer { try? unlisten(lab) }
        for _ in 0..<2 {
            try listen(lab, [101, 102, 103])
            // Not before the holder says so as well: what only the other one sees is no fall.
            for node in ["lb1", "lb2"] { #expect(lab.eventually { lastWord(lab, node, 104) == "down" }) }
            try listen(lab, [101, 102, 103, 104])
            for node in ["lb1", "lb2"] { #expect(lab.eventually { lastWord(lab, node, 104) == "up" }) }
        }
        for node in ["lb1", "lb2"] {
            let why = "server 192.0.2.104:80 is held down: it went down 2 times within 10m"
            #expect(lab.eventually { lab.log(node).contains(why) }, "\(lab.log(node))")
            #expect(lab.eventually { line(lab, node, 104)?.contains("down, held") ?? false })
            #expect(!taking(lab, node).contains(104))
        }
        _ = try lab.tandem("ready 192.0.2.104", on: "lb2")
        for node in ["lb1", "lb2"] {
            #expect(lab.eventually { state(lab, node, 104) == "up" && taking(lab, node).contains(104) })
            #expect(lab.eventually { lab.log(node).contains("server 192.0.2.104:80 is held down no more") })
        }
    }

    /// Agents of the four servers, that tell lb1 half of what they tell lb2.
    private func advise(_ lab: Namespaces) throws {
        let program = """
            import select, socket
            agents = []
            for server in range(101, 105):
                agent = socket.socket()
                agent.bind(("192.0.2.%d" % server, 9000))
                agent.listen()
                agents.append(agent)
            while True:
                for agent in select.select(agents, [], [])[0]:
                    connection, (who, _) = agent.accept()
                    try:
                        connection.sendall(b"40%\\n" if who == "192.0.2.2" else b"80%\\n")
                    except OSError:
                        pass
                    connection.close()
            """
        try lab.write(program, to: "agents.py")
        try lab.shell(
            """
            ip netns exec \(lab.tag)-cl python3 \(lab.folder)/agents.py >/dev/null 2>&1 &
            echo $! >\(lab.folder)/agents
            """)
    }

    @Test func `what the agents tell the holder counts on both directors, and then what they tell the next`() throws {
        let lab = try pair(weight: 100, agent: ", agent: {port: 9000, interval: 300ms}")
        try advise(lab)
        defer {
            try? unlisten(lab)
            _ = try? lab.shell("kill -KILL $(cat \(lab.folder)/agents) || true")
        }
        for node in ["lb1", "lb2"] { #expect(lab.eventually(20) { weight(lab, node, 101) == 40 }) }
        let words = "its agent says 80%; lb1's word counts: 40%"
        #expect(lab.eventually { line(lab, "lb2", 101)?.contains(words) ?? false }, "\(line(lab, "lb2", 101) ?? "")")
        #expect(lab.eventually { (try? lab.tandem("status", on: "lb1"))?.contains("IN SYNC") ?? false })
        lab.stop("lb1", SIGKILL)
        #expect(lab.eventually(20) { lab.holds("lb2") })
        #expect(lab.eventually { weight(lab, "lb2", 101) == 80 })
        try lab.start("lb1")
        for node in ["lb1", "lb2"] { #expect(lab.eventually(20) { weight(lab, node, 101) == 80 }) }
    }
}
