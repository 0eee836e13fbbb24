import Addresses
import Balancing
import Glibc
import Linux
import Netlink
import Settings
import Testing

/// What `explain` says, against what the kernel does.
extension IPVSKernelTests {
    /// A service on a port of its own.
    struct Case: Sendable, CustomStringConvertible {
        var scheduler: String
        var flags: UInt32 = 0
        var weights: [UInt32] = [1, 1, 1, 1]
        var family = AddressFamily.v4
        var isMarked = false

        var description: String { "\(scheduler) \(flags) \(weights) \(family)\(isMarked ? " marked" : "")" }

        static let hashed: [Case] = [
            Case(scheduler: "sh"), Case(scheduler: "sh", flags: 0x10), Case(scheduler: "sh", weights: [3, 1, 7, 2]),
            Case(scheduler: "sh", flags: 0x8, weights: [2, 0, 1, 0]), Case(scheduler: "sh", weights: [2, 0, 1, 0]),
            Case(scheduler: "sh", flags: 0x18, weights: [1, 0, 300, 2]), Case(scheduler: "sh", family: .v6),
            Case(scheduler: "sh", flags: 0x18, weights: [1, 0, 2, 2], family: .v6),
            Case(scheduler: "mh"), Case(scheduler: "mh", flags: 0x10), Case(scheduler: "mh", weights: [3, 1, 7, 2]),
            Case(scheduler: "mh", flags: 0x8, weights: [2, 0, 1, 0]), Case(scheduler: "mh", weights: [2, 0, 1, 0]),
            Case(scheduler: "mh", flags: 0x18, weights: [100, 1, 30_000, 200]),
            Case(scheduler: "mh", weights: [30, 20, 10, 50, 70]), Case(scheduler: "mh", family: .v6),
            Case(scheduler: "mh", flags: 0x18, weights: [1, 0, 2, 2], family: .v6),
            Case(scheduler: "dh", isMarked: true), Case(scheduler: "dh", weights: [3, 0, 7, 2], isMarked: true),
            Case(scheduler: "dh", family: .v6, isMarked: true), Case(scheduler: "mh", flags: 0x8, isMarked: true),
        ]

        func identity(_ number: Int) -> ServiceIdentity {
            let port = UInt16(5000 + number)
            return isMarked ? .mark(UInt32(port), family) : .endpoint(.udp, target(0, port))
        }

        private func target(_ index: Int, _ port: UInt16) -> Endpoint {
            Endpoint(
                address: address(family == .v4 ? "192.0.2.\(10 + index)" : "2001:db8:a::\(10 + index)"), port: port)
        }

        func table(_ number: Int) -> TableService {
            let port: UInt16 = isMarked ? 0 : UInt16(5000 + number)
            var service = TableService(options: ServiceOptions(scheduler: scheduler, flags: flags))
            for (index, weight) in weights.enumerated() {
                let server = address(family == .v4 ? "10.1.0.\(21 + index)" : "2001:db8:1::\(21 + index)")
                service.servers[Endpoint(address: server, port: port)] = ServerOptions(forwarding: .dr, weight: weight)
            }
            return service
        }

        /// Different clients, ports and, where a mark leaves the choice, targets.
        func flows(_ number: Int, count: Int) -> [Flow] {
            let port = UInt16(5000 + number)
            return (0..<count).map { index in
                let host = index * 7 + 1
                let client = family == .v4 ? "198.51.\(100 + host / 256).\(host % 256)" : "2001:db8:c::\(index * 7 + 1)"
                return Flow(
                    transport: .udp,
                    client: Endpoint(address: address(client), port: UInt16(20_000 + index * 13)),
                    target: target(isMarked ? index : 0, port), mark: isMarked ? UInt32(port) : 0)
            }
        }
    }

    private static func explain(_ flow: Flow, _ view: KernelView) -> Explanation {
        Explanation(flow, in: view, found: FlowSearch(flow, in: view))
    }

    /// Flows to each service: TANDEM_FLOWS.
    private static let flowCount = getenv("TANDEM_FLOWS").flatMap { Int(String(cString: $0)) } ?? 40

    @Test func `sh, dh and mh send every flow where explain says`() async throws {
        try await onOwnThread {
            let senders = try Senders()
            var socket = try IPVSSocket()
            var table = Table()
            for (number, one) in Case.hashed.enumerated() { table.services[one.identity(number)] = one.table(number) }
            #expect(socket.apply(plan(from: Table(), to: table, owned: [])).allSatisfy { $0 == nil })
            let view = try socket.readTable().view
            var foretold: [Flow: (Case, Choice?)] = [:]
            for (number, one) in Case.hashed.enumerated() {
                for flow in one.flows(number, count: Self.flowCount) {
                    try senders.send(flow)
                    foretold[flow] = (one, Self.explain(flow, view).fresh)
                }
            }
            let found = try senders.connections()
            #expect(found.count > foretold.count * 9 / 10)
            var wrong: [String: Int] = [:]
            for (flow, (one, choice)) in foretold {
                let server = found.first { $0.client == flow.client && $0.service == flow.target }?.server
                let said: Endpoint? = if case .certain(let endpoint)? = choice { endpoint } else { nil }
                let isRight = server?.address == said?.address
                if !isRight { wrong["\(one)", default: 0] += 1 }
                if let server, isRight { Self.golden(one, flow, server) }
            }
            #expect(wrong.isEmpty, "of \(foretold.count) flows wrong: \(wrong)")
            print("explain: \(foretold.count) flows, \(found.count) of them with a server, \(wrong.count) cases wrong")
        }
    }

    /// One in sixteen, to be kept as a golden test for machines without ip_vs.
    private static func golden(_ one: Case, _ flow: Flow, _ server: Endpoint) {
        guard getenv("TANDEM_GOLDEN") != nil, flow.client.port % 16 == 0 else { return }
        print("golden \(one) | \(flow) | \(server)")
    }

    @Test func `a quiet server of mh keeps its places`() async throws {
        try await onOwnThread {
            let senders = try Senders()
            var socket = try IPVSSocket()
            let one = Case(scheduler: "mh", flags: 0x8, weights: [2, 3, 1])
            let identity = one.identity(0)
            let table = Table(services: [identity: one.table(0)])
            #expect(socket.apply(plan(from: Table(), to: table, owned: [])).allSatisfy { $0 == nil })
            let quiet = Endpoint(address: address("10.1.0.22"), port: 5000)
            let step = Step.editServer(quiet, ServerOptions(forwarding: .dr, weight: 0), of: identity)
            #expect(socket.apply([step]) == [nil])
            var view = try socket.readTable().view
            view.lastWeights = [identity: [quiet: 3]]
            for flow in one.flows(0, count: 60) {
                try senders.send(flow)
                let said = Self.explain(flow, view).fresh
                let got = try senders.connections().first { $0.client == flow.client }?.server
                #expect(got.map(Choice.certain) == said)
            }
        }
    }

    @Test(arguments: ["lc", "wlc", "sed", "nq", "fo", "ovf", "sh", "mh"])
    func `what goes by connections is foretold from one to the next`(scheduler: String) async throws {
        try await onOwnThread {
            let senders = try Senders()
            var socket = try IPVSSocket()
            let one = Case(
                scheduler: scheduler, flags: ["sh", "mh"].contains(scheduler) ? 0x8 : 0, weights: [1, 4, 2])
            var table = Table(services: [one.identity(0): one.table(0)])
            let limited = Endpoint(address: address("10.1.0.22"), port: 5000)
            table.services[one.identity(0)]?.servers[limited]?.upperThreshold = 4
            #expect(socket.apply(plan(from: Table(), to: table, owned: [])).allSatisfy { $0 == nil })
            for flow in one.flows(0, count: 20) {
                let explanation = try Self.explain(flow, socket.readTable().view)
                try senders.send(flow)
                let got = try senders.connections().first { $0.client == flow.client }?.server
                switch explanation.fresh {
                case .certain(let server)?, .now(let server)?: #expect(got == server, "\(explanation.sentences)")
                default: Issue.record("\(explanation.sentences)")
                }
            }
        }
    }

    @Test func `a template decides before the scheduler, and a connection before both`() async throws {
        try await onOwnThread {
            let senders = try Senders()
            var socket = try IPVSSocket()
            var one = Case(scheduler: "rr").table(0)
            one.options.persistence = 300
            one.options.netmask = 0xFFFF_FF00
            let udp = Case(scheduler: "rr").identity(0)
            let mark = ServiceIdentity.mark(77, .v4)
            let every = ServiceIdentity.endpoint(.udp, Endpoint(address: address("192.0.2.99"), port: 0))
            var marked = Case(scheduler: "rr", isMarked: true).table(0)
            (marked.options.persistence, marked.options.netmask) = (300, 0xFFFF_FF00)
            let table = Table(services: [udp: one, mark: marked, every: marked])
            #expect(socket.apply(plan(from: Table(), to: table, owned: [])).allSatisfy { $0 == nil })
            for (target, number) in [("192.0.2.10:5000", 0), ("192.0.2.50:53", 77), ("192.0.2.99:123", 0)]
                as [(String, UInt32)]
            {
                for host in [1, 2, 200] {
                    let flow = Flow(
                        transport: .udp, client: Endpoint(address: address("198.51.100.\(host)"), port: 3000),
                        target: endpoint(target), mark: number)
                    let view = try socket.readTable().view
                    var search = FlowSearch(flow, in: view)
                    for connection in try senders.connections() where !search.look(at: connection) { break }
                    let before = Explanation(flow, in: view, found: search)
                    #expect(before.present == nil && (before.kept != nil) == (host != 1), "\(before.sentences)")
                    try senders.send(flow)
                    for connection in try senders.connections() where !search.look(at: connection) { break }
                    let after = Explanation(flow, in: view, found: search)
                    guard let kept = after.kept else {
                        Issue.record("\(target): \(after.sentences)")
                        continue
                    }
                    #expect(after.present == .forwarded(kept))
                    #expect(before.kept == nil || before.kept == kept)
                }
            }
        }
    }
}
