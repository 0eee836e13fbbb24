import Addresses
import Balancing
import Glibc
import Netlink
import PlayedKernel
import Settings
import Testing

/// What becomes of readings and plans when the kernel is in trouble, or somebody else writes its table at the same time.
struct KernelTroubleTests {
    private static func virtual(_ number: Int) -> ServiceIdentity {
        .endpoint(.tcp, Endpoint(address: address("192.0.2.10"), port: UInt16(1000 + number)))
    }

    private static let server = endpoint("10.1.0.21:80")
    private static let way = ServerOptions(forwarding: .dr)

    private static func table(_ count: Int) -> Table {
        var table = Table()
        for number in 0..<count { table.services[virtual(number)] = TableService(servers: [server: way]) }
        return table
    }

    private let kernel = PlayedKernel(table(100))

    @Test func `a played kernel holds what it was told, and gives it back`() throws {
        let kernel = PlayedKernel()
        var socket = try kernel.open()
        let steps = plan(from: Table(), to: KernelTable.everything(), owned: [])
        #expect(socket.apply(steps).allSatisfy { $0 == nil })
        #expect(kernel.table == KernelTable.everything())
        #expect(try socket.readTable().table == KernelTable.everything())
        let back = plan(from: kernel.table, to: Table(), owned: Set(kernel.table.services.keys))
        #expect(socket.apply(back).allSatisfy { $0 == nil } && kernel.table == Table())
    }

    @Test func `a listing that is interrupted is read again`() throws {
        kernel.trouble { $0.interruptions = 3 }
        var socket = try kernel.open()
        #expect(try socket.readTable().table == kernel.table)
        #expect(kernel.listings == 4)
    }

    @Test func `a listing that is interrupted again and again is given up with a sentence, and read the next time`()
        throws
    {
        kernel.trouble { $0.interruptions = 20 }
        var socket = try kernel.open()
        let error = #expect(throws: NetlinkError.self) { try socket.readTable() }
        #expect(
            error?.description
                == "cannot list the services of ip_vs: it kept changing while it was read; it will be tried again")
        #expect(try socket.readTable().table == kernel.table)
    }

    @Test func `an answer that is cut short is an error, and what is left of it disturbs nobody`() throws {
        kernel.trouble { $0.cuts = 1 }
        var socket = try kernel.open()
        let error = #expect(throws: NetlinkError.self) { try socket.readTable() }
        #expect(
            error?.description.contains("cannot list the services of ip_vs: the kernel's answer is cut short") == true)
        #expect(try socket.readTable().table == kernel.table)
    }

    @Test func `steps whose answer is cut short, or does not come, are uncertain, and all are named`() throws {
        for isCut in [true, false] {
            var socket = try kernel.open(patience: .milliseconds(50))
            kernel.trouble { trouble in
                if isCut { trouble.cuts = 1 } else { trouble.silences = 1 }
            }
            let steps = (0..<3).map { Step.editServer(Self.server, Self.way, of: Self.virtual($0)) }
            let problems = socket.apply(steps)
            for (step, problem) in zip(steps, problems) {
                #expect(problem.map { !$0.isCertain && "\($0)".hasPrefix("cannot \(step): the kernel") } == true)
            }
            #expect(try socket.readTable().table == kernel.table)
        }
    }

    @Test(arguments: [(ENOMEM, "no memory for it"), (EBUSY, "is busy with it")])
    func `a step that the kernel cannot do now is named with its remedy, and only what depends on it is left out`(
        errno: Int32, remedy: String
    ) throws {
        let (held, bad) = (Self.table(3), Self.virtual(1))
        let kernel = PlayedKernel(held)
        let other = endpoint("10.1.0.22:80")
        let desired = Table(services: held.services.mapValues { _ in TableService(servers: [other: Self.way]) })
        kernel.trouble { $0.refusals[.addServer(other, Self.way, of: bad)] = errno }
        var socket = try kernel.open()
        let steps = plan(from: held, to: desired, owned: [])
        let problems = zip(steps, socket.apply(steps, to: held)).filter { $0.1 != nil }
        #expect(problems.map(\.0) == [.addServer(other, Self.way, of: bad), .removeServer(Self.server, of: bad)])
        #expect(problems[0].1?.description.contains("cannot add dr server \(other) with weight 1 to \(bad): ") == true)
        #expect(problems[0].1?.description.contains(remedy) == true)
        #expect(problems[1].1?.isSkipped == true)
        var expected = desired
        expected.services[bad] = held.services[bad]
        #expect(kernel.table == expected)
    }

    @Test func `a service that a listing left out is asked for by its name`() throws {
        let whole = kernel.table
        // The first part has 40 services; one of them goes, and the listing leaves out the forty-first.
        kernel.trouble { $0.interference = (1, { $0.services[Self.virtual(0)] = nil }) }
        var socket = try kernel.open()
        let read = try socket.readTable(known: Set(whole.services.keys)).table
        #expect(read.services[Self.virtual(40)] == whole.services[Self.virtual(40)])
        #expect(read.services.count == 100, "with the one that went after it had been read")
        kernel.change { $0 = whole }
        kernel.trouble { $0.interference = (1, { $0.services[Self.virtual(0)] = nil }) }
        #expect(try socket.readTable().table.services[Self.virtual(40)] == nil, "so it is with a real one")
        #expect(try socket.readTable(known: Set(whole.services.keys)).table == kernel.table, "what is gone stays gone")
    }

    @Test func `every step of a kernel without ip_vs fails, and so does the reading`() throws {
        var socket = try kernel.open()
        kernel.trouble { $0.isUnloaded = true }
        #expect(socket.apply([.removeService(Self.virtual(1))])[0]?.errno == ENOENT)
        #expect(throws: NetlinkError.self) { try socket.readTable() }
        #expect(throws: NetlinkError.noIPVS) { _ = try kernel.open() }
        kernel.load()
        var next = try kernel.open()
        #expect(try next.readTable().table == Table())
    }
}
