import Addresses
import Balancing
import Glibc
import Linux
import Netlink
import Settings
import Testing

/// Tandem's layouts beside ipvsadm's own, of the same kernel.
extension IPVSKernelTests {
    /// Every kind of service and server, with thresholds, and some that have traffic.
    private static func loaded(_ senders: Senders, _ socket: inout IPVSSocket) throws -> ReadTable {
        var table = KernelTable.everything()
        for identity in table.services.keys {
            for (index, server) in (table.services[identity]?.servers.keys.sorted() ?? []).enumerated() {
                table.services[identity]?.servers[server]?.upperThreshold = UInt32(index * 1000)
                table.services[identity]?.servers[server]?.lowerThreshold = UInt32(index * 500)
            }
        }
        for (number, one) in Case.hashed.enumerated() { table.services[one.identity(number)] = one.table(number) }
        #expect(socket.apply(plan(from: Table(), to: table, owned: [])).allSatisfy { $0 == nil })
        for (number, one) in Case.hashed.enumerated() {
            for flow in one.flows(number, count: 5) { try senders.send(flow) }
        }
        return try socket.readTable()
    }

    /// The table once its counters stand still: the kernel adds them up every 2 s (net/netfilter/ipvs/ip_vs_est.c,
    /// `estimation_timer`).
    private static func atRest(_ socket: inout IPVSSocket) throws -> ReadTable {
        usleep(4_500_000)
        return try socket.readTable()
    }

    private static func lines(_ read: ReadTable, _ layout: TableText.Layout, isExact: Bool = false) -> [String] {
        TableText.listing(read.table, as: layout, isExact: isExact, read.counts)
    }

    @Test func `every layout is ipvsadm's own, to the blank`() async throws {
        try await onOwnThread {
            let senders = try Senders()
            var socket = try IPVSSocket()
            _ = try Self.loaded(senders, &socket)
            let read = try Self.atRest(&socket)
            let director = senders.director
            func theirs(_ options: String) throws -> [String] {
                try director.run("ipvsadm -Ln \(options)").split(separator: "\n").map(String.init).dropFirst() + []
            }
            let layouts = [(TableText.Layout.plain, ""), (.stats, "--stats"), (.thresholds, "--thresholds")]
            for (layout, options) in layouts {
                for isExact in [false, true] {
                    let own = Self.lines(read, layout, isExact: isExact)
                    let other = try theirs(options + (isExact ? " --exact" : ""))
                    #expect(Array(own.prefix(2)) == Array(other.prefix(2)))
                    let difference = Set(blocks(own.dropFirst(2))).symmetricDifference(blocks(other.dropFirst(2)))
                    #expect(difference.isEmpty, "\(layout) \(isExact)")
                }
            }
            // What comes in a second has changed by the time that it is asked again: the titles, and the layout at rest.
            #expect(Array(Self.lines(read, .rate).prefix(2)) == Array(try theirs("--rate").prefix(2)))
            #expect(read.services.values.contains { $0.statistics.connections > 0 && $0.statistics.bytesIn > 0 })
        }
    }

    @Test func `the layout of rates is ipvsadm's own when nothing comes`() async throws {
        try await onOwnThread {
            let director = try Namespace()
            var socket = try IPVSSocket()
            let table = KernelTable.everything()
            #expect(socket.apply(plan(from: Table(), to: table, owned: [])).allSatisfy { $0 == nil })
            let own = Self.lines(try socket.readTable(), .rate)
            let other = try director.run("ipvsadm -Ln --rate").split(separator: "\n").map(String.init).dropFirst()
            let difference = Set(blocks(own.dropFirst(2))).symmetricDifference(blocks(other.dropFirst(2)))
            #expect(difference.isEmpty)
        }
    }

    @Test func `connections are listed as ipvsadm lists them`() async throws {
        try await onOwnThread {
            let senders = try Senders()
            var socket = try IPVSSocket()
            _ = try Self.loaded(senders, &socket)
            // Without the time that is left, which goes on.
            func timeless(_ lines: some Sequence<String>) -> Set<String> {
                Set(lines.map { String($0.prefix(4) + $0.dropFirst(10)) })
            }
            let own = try senders.connections().map { TableText.line($0) }
            let other = try senders.director.run("ipvsadm -Lnc").split(separator: "\n").map(String.init)
            #expect(Array(other.prefix(2)) == TableText.connectionTitle)
            let difference = timeless(own).symmetricDifference(timeless(other.dropFirst(2)))
            #expect(own.count > 50 && difference.isEmpty)
        }
    }

    @Test func `thousands of connections are listed page by page`() async throws {
        try await onOwnThread {
            let senders = try Senders()
            var socket = try IPVSSocket()
            let one = Case(scheduler: "rr")
            let table = Table(services: [one.identity(0): one.table(0)])
            #expect(socket.apply(plan(from: Table(), to: table, owned: [])).allSatisfy { $0 == nil })
            for var flow in one.flows(0, count: 80) {
                for _ in 0..<50 {
                    flow.client.port += 1
                    try senders.send(flow)
                }
            }
            var (lines, pages): (Set<String>, Int) = ([], 0)
            let time = try ContinuousClock().measure {
                var reader = try LinePages(path: "/proc/thread-self/net/ip_vs_conn")
                while let page = try reader.next() {
                    pages += 1
                    for line in page.split(separator: 0x0A) {
                        if let connection = Connection(line: line) { lines.insert(TableText.line(connection)) }
                    }
                }
            }
            #expect(lines.count == 4000 && pages > 10)
            print("4,000 connections in \(pages) pages: \(time)")
        }
    }

    @Test func `what is saved comes back whole, thresholds too`() async throws {
        try await onOwnThread {
            let senders = try Senders()
            var socket = try IPVSSocket()
            let read = try Self.loaded(senders, &socket)
            let file = "/tmp/tandem-saved-\(getpid())"
            defer { unlink(file) }
            let text = TableText.saved(read.table).map { $0 + "\n" }.joined()
            try senders.director.run(words: ["sh", "-c", "printf %s '\(text)' >\(file)"])
            let other = try Namespace()
            try other.run(words: ["sh", "-c", "ipvsadm -R <\(file)"])
            var restored = try IPVSSocket()
            #expect(try restored.readTable().table == read.table)
            #expect(try other.run("ipvsadm -Sn").contains("-x") == false, "ipvsadm itself loses them")
        }
    }
}
