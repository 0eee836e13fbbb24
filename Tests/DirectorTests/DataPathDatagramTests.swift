import Glibc
import Testing

/// The same for services of UDP.
extension DataPathTests {
    /// The check of `plain` does not go through the data path. FOLDER is the lab's.
    private static let datagramServices = """
        defaults: {check: {interval: 400ms, timeout: 300ms, rise: 1, fall: 2}}
        services:
          - {name: way, listen: "udp://192.0.2.10:53", forward: dr, servers: [192.0.2.100],
             check: {udp, send: ping, expect: pong, data_path: true}}
          - {name: plain, listen: "udp://192.0.2.10:54", forward: dr, servers: [192.0.2.100],
             check: {udp, send: ping, expect: pong, port: 53}}
          - {name: names, listen: "udp://192.0.2.10:55", forward: dr, servers: [192.0.2.100],
             check: {dns: shop.example, answer: 192.0.2.55, data_path: true}}
          - {name: logins, listen: "udp://192.0.2.10:57", forward: dr, servers: [192.0.2.100],
             check: {radius, secret: {file: FOLDER/radius.secret}, data_path: true}}
          - {name: calls, listen: "udp://192.0.2.10:58", forward: dr, servers: [192.0.2.100],
             check: {sip, data_path: true}}
          - {name: way6, listen: "udp://[2001:db8::10]:53", forward: dr, servers: ["2001:db8::100"],
             check: {udp, send: ping, expect: pong, data_path: true}}
          - {name: tunnel, listen: "udp://192.0.2.10:56", forward: tun, servers: [192.0.2.100],
             check: {udp, send: ping, expect: pong, port: 53, data_path: true}}

        """

    /// Those at 192.0.2.10 whose check goes through the data path.
    private static let ways = ["way", "names", "logins", "calls"]
    private static let own = ["192.0.2.100", "2001:db8::100"]
    private static let virtual = ["192.0.2.10", "2001:db8::10"]

    /// Answers at the services' ports of these addresses, whether they are there or not, what a word says, and questions
    /// of DNS, RADIUS and, about the address itself, SIP; whoever did before ends.
    private func answer(_ lab: Namespaces, _ words: [String: String]) throws {
        try fallSilent(lab)
        let program = """
            import hashlib, select, socket, sys
            poll, words = select.poll(), {}
            sockets = {}
            for argument in sys.argv[1:]:
                address, word = argument.split("=")
                for port in 53, 55, 57, 58:
                    v6 = ":" in address
                    one = socket.socket(socket.AF_INET6 if v6 else socket.AF_INET, socket.SOCK_DGRAM)
                    one.setsockopt(41 if v6 else 0, 78 if v6 else 15, 1)  # FREEBIND
                    one.bind((address, port))
                    sockets[one.fileno()], words[one.fileno()] = one, word.encode()
                    poll.register(one, select.POLLIN)
            open(sys.argv[0] + ".ready", "w").close()
            while True:
                for number, _ in poll.poll():
                    one = sockets[number]
                    question, client = one.recvfrom(2048)
                    answer = b""
                    if question == b"ping":
                        answer = words[number]
                    elif question[2:4] == b"\\1\\0":
                        record = b"\\xc0\\x0c\\0\\1\\0\\1\\0\\0\\0<\\0\\4" + socket.inet_aton("192.0.2.55")
                        answer = question[:2] + b"\\x81\\x80\\0\\1\\0\\1\\0\\0\\0\\0" + question[12:] + record
                    elif question[:1] == b"\\14":
                        head = b"\\2" + question[1:2] + b"\\0\\24"
                        answer = head + hashlib.md5(head + question[4:20] + b"shared").digest()
                    elif question.startswith(b"OPTIONS sip:%s:58 " % one.getsockname()[0].encode()):
                        kept = [line for line in question.split(b"\\r\\n") if line[:3] in (b"Via", b"Fro", b"Cal", b"CSe")]
                        answer = b"\\r\\n".join([b"SIP/2.0 200 OK"] + kept + [b"", b""])
                    try:
                        one.sendto(answer, client)
                    except OSError:
                        pass  # The address has gone since it was asked.
            """
        try lab.write(program, to: "answer.py")
        let arguments = words.map { "\($0)=\($1)" }.joined(separator: " ")
        try lab.shell(
            """
            rm -f \(lab.folder)/answer.py.ready
            ip netns exec \(lab.tag)-cl python3 \(lab.folder)/answer.py \(arguments) >\(lab.folder)/answer.log 2>&1 &
            echo $! >\(lab.folder)/answerer
            """)
        try #require(lab.eventually(15) { access("\(lab.folder)/answer.py.ready", F_OK) == 0 })
    }

    private func fallSilent(_ lab: Namespaces) throws {
        try lab.shell("[ ! -e \(lab.folder)/answerer ] || kill -KILL $(cat \(lab.folder)/answerer) || true")
    }

    private func words(_ virtual: String?) -> [String: String] {
        let own = Self.own.map { ($0, "pong") }
        return Dictionary(
            uniqueKeysWithValues: own + Self.virtual.compactMap { address in virtual.map { (address, $0) } })
    }

    private func datagramPair() throws -> Namespaces {
        try pair(Self.datagramServices, up: Self.ways + ["plain", "way6"]) { lab in
            try lab.write("shared\n", to: "radius.secret")
            try lab.shell("sed -i 's#FOLDER#\(lab.folder)#' \(lab.folder)/tandem.yaml")
            // A word of ICMP for each datagram, and not one in a second.
            try lab.shell(
                """
                ip netns exec \(lab.tag)-cl sh -c 'echo 0 >/proc/sys/net/ipv4/icmp_ratelimit
                  echo 0 >/proc/sys/net/ipv6/icmp/ratelimit'
                """)
            try answer(lab, words("pong"))
        }
    }

    @Test func `a virtual address that is missing at a server of UDP is found, and a plain check does not find it`()
        throws
    {
        let lab = try datagramPair()
        defer { for stop in [unlisten, fallSilent] { try? stop(lab) } }
        try loopback(lab, "del", "192.0.2.10/32")
        for service in Self.ways {
            #expect(isDown(lab, service, "data path: no answer from the virtual address"), "\(said(lab))")
        }
        #expect(isUp(lab, "plain") && isUp(lab, "way6"), "\(said(lab))")
        let trial = try trial(lab)
        #expect(trial.contains("datagram of 4 bytes for 192.0.2.10:53 to "), "\(trial)")
        #expect(trial.contains("data path: no answer"), "\(trial)")
        try loopback(lab, "add", "192.0.2.10/32")
        try loopback(lab, "del", "2001:db8::10/128")
        #expect(isDown(lab, "way6", "data path: no answer from the virtual address"), "\(said(lab))")
        #expect(Self.ways.allSatisfy { isUp(lab, $0) }, "\(said(lab))")
        try loopback(lab, "add", "2001:db8::10/128")
        #expect(isUp(lab, "way6"), "\(said(lab))")
    }

    @Test func `what comes back over UDP is the reason`() throws {
        let lab = try datagramPair()
        defer { for stop in [unlisten, fallSilent] { try? stop(lab) } }
        // This kernel may have no tunnels, and says so.
        #expect(isDown(lab, "tunnel", "data path: "), "\(said(lab))")
        #expect(Self.nodes.allSatisfy { line(lab, $0, "tunnel")?.contains("tunnel") == true }, "\(said(lab))")
        try answer(lab, words(nil))
        for service in Self.ways + ["way6"] {
            #expect(isDown(lab, service, "data path: port unreachable at the virtual address"), "\(said(lab))")
        }
        #expect(isUp(lab, "plain"), "\(said(lab))")
        try answer(lab, words("nope"))
        #expect(isDown(lab, "way", "data path: the answer from the virtual address is not what"), "\(said(lab))")
        #expect((["plain"] + Self.ways.dropFirst()).allSatisfy { isUp(lab, $0) }, "\(said(lab))")
        try fallSilent(lab)
        for service in ["way", "plain"] { #expect(isDown(lab, service, "connection refused"), "\(said(lab))") }
        #expect(Self.nodes.allSatisfy { line(lab, $0, "way")?.contains("data path") == false }, "\(said(lab))")
    }

    @Test func `no director's kernel answers what comes over UDP`() throws {
        let lab = try datagramPair()
        defer { for stop in [unlisten, fallSilent] { try? stop(lab) } }
        let answers = try watch(lab, "cl", "udp and src host 192.0.2.10")
        let icmp = try watch(lab, "cl", "icmp and (src host 192.0.2.2 or src host 192.0.2.3)")
        #expect(answers.count >= 8 && icmp.isEmpty, "\(answers) \(icmp)")
        // Each comes to another port than the one before.
        let ports = answers.compactMap { $0.split(separator: " ").dropFirst(3).first }
        #expect(Set(ports).count > 4, "\(answers)")
    }
}
