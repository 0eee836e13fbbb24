import Addresses
import Balancing
import Settings
import Testing

@Suite struct ExplanationTests {
    static let web = tcp("192.0.2.10:80")

    static func view(
        _ identity: ServiceIdentity = web, _ options: ServiceOptions = ServiceOptions(scheduler: "wrr"),
        others: [ServiceIdentity: TableService] = [:]
    ) -> KernelView {
        var services = others
        services[identity] = TableService(
            options: options,
            servers: [
                endpoint("10.1.0.21:80"): ServerOptions(forwarding: .dr, weight: 3),
                endpoint("10.1.0.22:80"): ServerOptions(forwarding: .dr, weight: 1),
            ])
        return KernelView(table: Table(services: services))
    }

    static func flow(_ text: String, mark: UInt32 = 0) throws -> Flow {
        try Flow(words: text.split(separator: " ").map(String.init), mark: mark)
    }

    static func explain(
        _ text: String, in view: KernelView = view(), mark: UInt32 = 0, knowing connections: [Connection] = []
    ) throws -> Explanation {
        let flow = try flow(text, mark: mark)
        var search = FlowSearch(flow, in: view)
        for connection in connections where !search.look(at: connection) { break }
        return Explanation(flow, in: view, found: search)
    }

    static func connection(
        _ kind: Connection.Kind, _ client: String = "198.51.100.7:40000", _ service: String = "192.0.2.10:80",
        _ server: String = "10.1.0.21:80"
    ) -> Connection {
        Connection(
            kind: kind, client: endpoint(client), service: endpoint(service), server: endpoint(server), expires: 300)
    }

    // MARK: Words

    @Test(
        arguments: [
            (
                "tcp 198.51.100.7:40000",
                "a flow has three words, protocol, client and what it sends to, not 2: tcp 198.51.100.7:40000 192.0.2.10:80"
            ),
            ("icmp 198.51.100.7:1 192.0.2.10:1", "there is no protocol icmp; there are tcp, udp and sctp"),
            (
                "tcp 198.51.100.7 192.0.2.10:80",
                "the client is an address and a port, 192.0.2.10:80 or [2001:db8::10]:80, not 198.51.100.7"
            ),
            (
                "tcp 198.51.100.7:1 [2001:db8::1]:80",
                "198.51.100.7:1 and [2001:db8::1]:80 are of different families: no packet has both"
            ),
        ])
    func `what is no flow is refused with a sentence`(text: String, sentence: String) {
        #expect(throws: FlowProblem(description: sentence)) { try Self.flow(text) }
    }

    // MARK: Which service

    @Test func `the kernel looks for the mark, then the port, then FTP, then every port`() throws {
        let ftp = tcp("192.0.2.10:21")
        let every = tcp("192.0.2.10:0")
        let mark = ServiceIdentity.mark(7, .v4)
        let view = Self.view(others: [ftp: TableService(), every: TableService(), mark: TableService()])
        func match(_ text: String, mark: UInt32 = 0) throws -> Match? { view.match(try Self.flow(text, mark: mark)) }
        #expect(try match("tcp 198.51.100.7:1 192.0.2.10:80", mark: 7) == Match(service: mark, way: .mark))
        #expect(try match("tcp 198.51.100.7:1 192.0.2.10:80", mark: 8) == Match(service: Self.web, way: .port))
        #expect(try match("tcp 198.51.100.7:1 192.0.2.10:20") == Match(service: ftp, way: .ftp))
        #expect(try match("tcp 198.51.100.7:1 192.0.2.10:1024") == Match(service: ftp, way: .ftp))
        #expect(try match("tcp 198.51.100.7:1 192.0.2.10:1023") == Match(service: every, way: .everyPort))
        #expect(try match("udp 198.51.100.7:1 192.0.2.10:80") == nil)
        #expect(try match("tcp 198.51.100.7:1 192.0.2.11:80") == nil)
    }

    @Test func `what no service has passes`() throws {
        let explanation = try Self.explain("udp 198.51.100.7:40000 192.0.2.10:80")
        #expect(explanation.passing == .noService && explanation.fresh == nil)
        #expect(
            explanation.sentences == [
                "no service has udp://192.0.2.10:80",
                "ip_vs lets it pass: this machine answers it itself, or forwards it",
            ])
        #expect(try Self.explain("tcp 198.51.100.7:20 192.0.2.10:80").passing == .fromFTPData)
        let every = Self.view(tcp("192.0.2.10:0"))
        #expect(try Self.explain("tcp 198.51.100.7:1 192.0.2.10:80", in: every).passing == .notPersistent)
    }

    // MARK: Which server

    @Test(arguments: [
        ("wlc", Choice.now(endpoint("10.1.0.21:80"))), ("lc", .now(endpoint("10.1.0.22:80"))),
        ("sed", .now(endpoint("10.1.0.21:80"))), ("nq", .now(endpoint("10.1.0.22:80"))),
        ("fo", .certain(endpoint("10.1.0.21:80"))), ("ovf", .now(endpoint("10.1.0.21:80"))),
        ("rr", .open), ("wrr", .open), ("lblc", .open), ("twos", .open),
    ])
    func `schedulers choose by what they count`(scheduler: String, choice: Choice) throws {
        var view = Self.view(Self.web, ServiceOptions(scheduler: scheduler))
        view.connections[Self.web] = [
            endpoint("10.1.0.21:80"): .init(active: 1), endpoint("10.1.0.22:80"): .init(inactive: 200),
        ]
        #expect(try Self.explain("tcp 198.51.100.7:40000 192.0.2.10:80", in: view).fresh == choice)
    }

    @Test func `shares follow the weights of wrr`() throws {
        let explanation = try Self.explain("tcp 198.51.100.7:40000 192.0.2.10:80")
        #expect(explanation.scheduling?.candidates.map(\.share) == [0.75, 0.25])
        #expect(explanation.sentences.last?.hasPrefix("wrr: one after the other, as often as its weight says") == true)
    }

    @Test func `a service whose servers all have weight 0 has nobody`() throws {
        var view = Self.view(Self.web, ServiceOptions(scheduler: "mh"))
        for server in [endpoint("10.1.0.21:80"), endpoint("10.1.0.22:80")] {
            view.table.services[Self.web]?.servers[server]?.weight = 0
        }
        view.lastWeights[Self.web] = [endpoint("10.1.0.21:80"): 4]
        let explanation = try Self.explain("tcp 198.51.100.7:40000 192.0.2.10:80", in: view)
        #expect(explanation.fresh == .nobody)
        #expect(
            explanation.scheduling?.doubts == [
                "mh goes on by the last weight of servers that have 0 now: 10.1.0.21:80 is believed to have had 4",
                "a server that has had weight 0 since it was added has no place in mh's table",
            ])
    }

    // MARK: Templates

    @Test(arguments: [
        (Self.web, "192.0.2.10:80", UInt8(6), "192.0.2.10:80"),
        (tcp("192.0.2.10:0"), "192.0.2.10:80", 6, "192.0.2.10:0"),
        (tcp("192.0.2.10:21"), "192.0.2.10:21", 6, "192.0.2.10:0"),
        (.mark(7, .v4), "192.0.2.10:80", 0, "0.0.0.7:0"),
    ])
    func `a template has the ends that the kernel gives it`(
        service: ServiceIdentity, target: String, number: UInt8, end: String
    ) throws {
        let view = Self.view(service, ServiceOptions(scheduler: "wrr", persistence: 300, netmask: 0xFFFF_FF00))
        let template = Self.connection(
            .template(number, isAssured: true), "198.51.100.0:0", end, "10.1.0.22:\(end.hasSuffix(":0") ? 0 : 80)")
        let explanation = try Self.explain(
            "tcp 198.51.100.7:40000 \(target)", in: view, mark: 7, knowing: [template])
        #expect(explanation.template == template)
        #expect(explanation.fresh == .certain(endpoint("10.1.0.22:80")))
        #expect(
            explanation.sentences.contains(
                "a template keeps 198.51.100.0/24 with 10.1.0.22:80 for 300 s more, whatever the scheduler would say"))
    }

    @Test func `a template of a server that is gone or quiet is ignored`() throws {
        var view = Self.view(Self.web, ServiceOptions(scheduler: "fo", persistence: 300))
        let template = Self.connection(
            .template(6, isAssured: true), "198.51.100.7:0", "192.0.2.10:80", "10.1.0.29:80")
        let flow = "tcp 198.51.100.7:40000 192.0.2.10:80"
        #expect(try Self.explain(flow, in: view, knowing: [template]).fresh == .certain(endpoint("10.1.0.21:80")))
        let quiet = Self.connection(.template(6, isAssured: true), "198.51.100.7:0", "192.0.2.10:80", "10.1.0.22:80")
        view.table.services[Self.web]?.servers[endpoint("10.1.0.22:80")]?.weight = 0
        #expect(try Self.explain(flow, in: view, knowing: [quiet]).fresh == .certain(endpoint("10.1.0.22:80")))
        view.switches.expiresQuiescent = true
        #expect(try Self.explain(flow, in: view, knowing: [quiet]).fresh == .certain(endpoint("10.1.0.21:80")))
    }

    // MARK: Connections

    @Test func `a connection stays with its server`() throws {
        var view = Self.view()
        let flow = "tcp 198.51.100.7:40000 192.0.2.10:80"
        func present(_ connection: Connection) throws -> Explanation.Present? {
            try Self.explain(flow, in: view, knowing: [connection]).present
        }
        let open = Self.connection(.tcp(.established))
        let server = endpoint("10.1.0.21:80")
        #expect(try present(open) == .forwarded(server))
        #expect(try present(Self.connection(.tcp(.timeWait))) == .reopened(server))
        #expect(try present(Self.connection(.udp)) == nil)
        view.switches.reuse = 0
        #expect(try present(Self.connection(.tcp(.timeWait))) == .forwarded(server))
        view.table.services[Self.web]?.servers[server] = nil
        #expect(try present(open) == .dropped)
        view.switches.expiresWithoutServer = true
        #expect(try present(open) == .forgotten)
        #expect(
            try Self.explain(flow, in: view, knowing: [open]).sentences.first
                == "the kernel has this connection, ESTABLISHED, with 10.1.0.21:80, for 300 s more if nothing comes, but "
                + "that server is not in the table: its next packet ends it")
    }

    @Test func `a search ends when there is nothing more to find`() throws {
        let flow = try Self.flow("tcp 198.51.100.7:40000 192.0.2.10:80")
        var search = FlowSearch(flow, in: Self.view())
        let goesOn = search.look(at: Self.connection(.tcp(.established), "198.51.100.8:40000"))
        let isOver = !search.look(at: Self.connection(.tcp(.established)))
        #expect(goesOn && isOver)
    }
}
