import Glibc
import Testing

/// Checks through the data path of two real daemons, one of which holds the virtual addresses. The client's machine,
/// 192.0.2.100 and 2001:db8::100, is the server, and silent about them as `tandem realserver` makes it.
@Suite(.serialized, .enabled(if: Namespaces.isAvailable, "needs root, iproute2 and the built daemons"))
struct DataPathTests {
    static let nodes = ["lb1", "lb2"]

    /// Beside each service whose check goes through the data path stands one whose check does not.
    private static func services(_ address: String = "192.0.2.10") -> String {
        """
        defaults: {check: {interval: 400ms, timeout: 300ms, rise: 1, fall: 2}}
        services:
          - {name: way, listen: "tcp://\(address):80", forward: dr, check: {tcp, data_path: true},
             servers: [192.0.2.100]}
          - {name: plain, listen: "tcp://192.0.2.10:81", forward: dr, check: {tcp, port: 80}, servers: [192.0.2.100]}
          - {name: way6, listen: "tcp://[2001:db8::10]:80", forward: dr, check: {tcp, data_path: true},
             servers: ["2001:db8::100"]}
          - {name: tunnel, listen: "tcp://192.0.2.10:82", forward: tun, check: {tcp, port: 80, data_path: true},
             servers: [192.0.2.100]}

        """
    }

    /// - Parameter begin: what is to run in the server's namespace before the directors do.
    func pair(
        _ services: String? = nil, up: [String] = ["way", "plain", "way6"],
        begin: (Namespaces) throws -> Void = { _ in }
    ) throws -> Namespaces {
        let lab = try Namespaces()
        try lab.write(Namespaces.configuration(lab.folder) + (services ?? Self.services()), to: "tandem.yaml")
        try lab.shell(
            """
            set -e
            ip -n \(lab.tag)-lb1 addr add 2001:db8::2/64 dev eth0 nodad
            ip -n \(lab.tag)-lb2 addr add 2001:db8::3/64 dev eth0 nodad
            ip -n \(lab.tag)-cl addr add 2001:db8::100/64 dev eth0 nodad
            ip netns exec \(lab.tag)-cl sh -c 'cd /proc/sys/net/ipv4/conf
              echo 1 >all/arp_ignore; echo 2 >all/arp_announce; echo 1 >eth0/arp_notify'
            """)
        try loopback(lab, "add", "192.0.2.10/32", "2001:db8::10/128")
        try listen(lab, "::")
        try begin(lab)
        try lab.start("lb1")
        try #require(lab.eventually(15) { lab.holds("lb1") }, "\(lab.log("lb1"))")
        try lab.start("lb2")
        for node in Self.nodes {
            for service in up {
                try #require(lab.eventually(15) { state(lab, node, service) == "up" }, "\(service): \(lab.log(node))")
            }
        }
        return lab
    }

    func loopback(_ lab: Namespaces, _ change: String, _ addresses: String...) throws {
        for address in addresses { try lab.shell("ip -n \(lab.tag)-cl addr \(change) \(address) dev lo nodad") }
    }

    /// Takes connections on port 80 of one address, or of all; whoever did before ends.
    func listen(_ lab: Namespaces, _ address: String) throws {
        try unlisten(lab)
        let program = """
            import socket, time
            listener = socket.socket(socket.AF_INET6 if ":" in "\(address)" else socket.AF_INET)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("\(address)", 80))
            listener.listen()
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

    /// The verdict that `tandem servers` has on the one server of a service.
    func state(_ lab: Namespaces, _ node: String, _ service: String) -> String? {
        line(lab, node, service).map { line in
            ["up, disputed", "down, disputed", "up", "down", "unknown"].first { line.contains(" \($0) ") } ?? ""
        }
    }

    func line(_ lab: Namespaces, _ node: String, _ service: String) -> String? {
        let text = (try? lab.tandem("servers", on: node)) ?? ""
        return text.split(separator: "\n").first { $0.split(separator: " ").dropFirst().first == Substring(service) }
            .map(String.init)
    }

    /// Both directors see it down for that reason.
    func isDown(_ lab: Namespaces, _ service: String, _ reason: String) -> Bool {
        lab.eventually(15) {
            Self.nodes.allSatisfy { node in
                let line = line(lab, node, service) ?? ""
                return line.contains(" down ") && line.contains(reason)
            }
        }
    }

    func isUp(_ lab: Namespaces, _ service: String) -> Bool {
        lab.eventually(15) { Self.nodes.allSatisfy { state(lab, $0, service) == "up" } }
    }

    /// What a check that is run now says, whatever comes of it.
    func trial(_ lab: Namespaces) throws -> String {
        try lab.shell(
            "\(Namespaces.binaries)/tandem check 192.0.2.100 --service way --api \(lab.folder)/lb2.sock 2>&1 || true")
    }

    func said(_ lab: Namespaces) -> String {
        Self.nodes.map { (try? lab.tandem("servers", on: $0)) ?? "" }.joined(separator: "\n")
    }

    @Test func `a virtual address that is missing on a server's loopback is found, and a plain check does not find it`()
        throws
    {
        let lab = try pair()
        defer { try? unlisten(lab) }
        try loopback(lab, "del", "192.0.2.10/32")
        #expect(isDown(lab, "way", "data path: no answer from the virtual address"), "\(said(lab))")
        #expect(isUp(lab, "plain") && isUp(lab, "way6"), "\(said(lab))")
        let trial = try trial(lab)
        #expect(trial.contains("SYN for 192.0.2.10:80 to ") && trial.contains("data path: no answer"), "\(trial)")
        try loopback(lab, "add", "192.0.2.10/32")
        try loopback(lab, "del", "2001:db8::10/128")
        #expect(isDown(lab, "way6", "data path: no answer from the virtual address"), "\(said(lab))")
        #expect(isUp(lab, "way"), "\(said(lab))")
        try loopback(lab, "add", "2001:db8::10/128")
        #expect(isUp(lab, "way6"), "\(said(lab))")
    }

    @Test func `the reasons of the check and of the data path are told apart`() throws {
        let lab = try pair()
        defer { try? unlisten(lab) }
        try listen(lab, "192.0.2.100")
        #expect(
            isDown(lab, "way", "data path: connection refused at the virtual address, which the server has"),
            "\(said(lab))")
        #expect(isUp(lab, "plain"), "\(said(lab))")
        try listen(lab, "192.0.2.10")
        for service in ["way", "plain"] { #expect(isDown(lab, service, "connection refused"), "\(said(lab))") }
        #expect(Self.nodes.allSatisfy { line(lab, $0, "way")?.contains("data path") == false }, "\(said(lab))")
    }

    /// This kernel may have no tunnels: it says so then, and a firewall does else.
    @Test func `a tunnel that does not end at its server is found`() throws {
        let lab = try pair()
        defer { try? unlisten(lab) }
        #expect(isDown(lab, "tunnel", "data path: "), "\(said(lab))")
        #expect(Self.nodes.allSatisfy { line(lab, $0, "tunnel")?.contains("tunnel") == true }, "\(said(lab))")
        try lab.shell(
            """
            ip netns exec \(lab.tag)-cl nft \\
              'table ip fault { chain input { type filter hook input priority 0; ip protocol 4 drop; }; }'
            """)
        #expect(isDown(lab, "tunnel", "data path: no answer through the tunnel"), "\(said(lab))")
    }

    @Test func `other virtual addresses, another link-layer address and a link that was down are followed`() throws {
        let lab = try pair()
        defer { try? unlisten(lab) }
        try lab.write(Namespaces.configuration(lab.folder) + Self.services("192.0.2.11"), to: "tandem.yaml")
        for node in Self.nodes { lab.signal(node, SIGHUP) }
        #expect(isDown(lab, "way", "data path: no answer from the virtual address"), "\(said(lab))")
        try loopback(lab, "add", "192.0.2.11/32")
        #expect(isUp(lab, "way"), "\(said(lab))")
        try lab.shell(
            """
            ip -n \(lab.tag)-cl link set eth0 down; ip -n \(lab.tag)-cl link set eth0 address 02:00:00:00:00:77
            ip -n \(lab.tag)-cl link set eth0 up; ip -n \(lab.tag)-cl addr replace 2001:db8::100/64 dev eth0 nodad
            """)
        #expect(lab.eventually(15) { Self.nodes.allSatisfy { state(lab, $0, "way") != "up" } }, "\(said(lab))")
        #expect(lab.eventually(30) { Self.nodes.allSatisfy { state(lab, $0, "way") == "up" } }, "\(said(lab))")
        let trial = try trial(lab)
        #expect(trial.contains("SYN for 192.0.2.11:80 to 02:00:00:00:00:77"), "\(trial)")
        try lab.shell("ip -n \(lab.tag)-lb2 link set eth0 down")
        #expect(lab.eventually(15) { line(lab, "lb2", "way")?.contains("lb2 sees it down") == true }, "\(said(lab))")
        try lab.shell("ip -n \(lab.tag)-lb2 link set eth0 up")
        #expect(isUp(lab, "way"), "\(said(lab))")
    }

    /// The packets that pass by for some seconds. A process of a test's has TERM blocked.
    func watch(_ lab: Namespaces, _ node: String, _ what: String) throws -> [Substring] {
        let program = "timeout -s KILL 5 tcpdump -nqlti eth0 '\(what)'"
        return try lab.shell("ip netns exec \(lab.tag)-\(node) \(program) 2>/dev/null || true")
            .split(separator: "\n").filter { $0.hasPrefix("IP ") }
    }

    @Test func `nothing is left half open, and nobody but the prober answers the server`() throws {
        let lab = try pair()
        defer { try? unlisten(lab) }
        let lines = try watch(lab, "cl", "tcp and host 192.0.2.10 and port 80")
        let asked = lines.filter { $0.contains("> 192.0.2.10.80:") }.count
        let answered = lines.filter { $0.contains("192.0.2.10.80 >") }.count
        // A SYN and a reset from each prober, one answer for each.
        #expect(answered >= 8 && abs(asked - 2 * answered) <= 4, "\(lines)")
        let halfOpen = "ip netns exec \(lab.tag)-cl ss -Htn state syn-recv"
        // One may be under way at this very moment.
        #expect(lab.eventually(5) { (try? lab.shell(halfOpen)) == "" })
        let foreign = try watch(lab, "lb1", "tcp and host 192.0.2.3 and port 80")
        #expect(foreign.isEmpty, "the backup's kernel says nothing to the holder: \(foreign)")
    }
}
