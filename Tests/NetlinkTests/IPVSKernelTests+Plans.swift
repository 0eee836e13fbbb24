import Addresses
import Balancing
import Glibc
import Netlink
import RandomTables
import Settings
import Simulation
import Testing

/// The laws of `plan` on the kernel itself.
extension IPVSKernelTests {
    /// How many plans: TANDEM_KERNEL_CASES; the proof takes 500, which is many minutes in the emulated machine.
    private static let count = getenv("TANDEM_KERNEL_CASES").flatMap { UInt64(String(cString: $0)) } ?? 12

    /// What was done, over all plans.
    private struct Counts {
        var steps = 0
        var tables = 0
        var failures = 0
        var skipped = 0
        var large = 0
    }

    @Test func `no step of a plan loses what both ends have, and a failing step keeps none from reaching its end`()
        async throws
    {
        try await onOwnThread {
            _ = try Namespace()
            var socket = try IPVSSocket()
            var counts = Counts()
            for seed in 1...Self.count {
                var random = SplitMix64(seed: seed)
                // One of thirty is large: 150 to 300 services, half of them in both.
                let isLarge = seed % 30 == 12
                let pair = TablePair(size: isLarge ? 300 : UInt32.random(in: 1...8, using: &random), &random)
                if isLarge { counts.large += 1 }
                try Self.reach(pair.held, &socket)
                try Self.follow(pair, isLarge, &socket, &counts)
                try Self.failAnywhere(pair, &random, &socket, &counts)
            }
            print("\(Self.count) plans on the kernel: \(counts)")
        }
    }

    private static func reach(_ table: Table, _ socket: inout IPVSSocket) throws {
        let held = try socket.readTable().table
        let problems = socket.apply(plan(from: held, to: table, owned: Set(held.services.keys)), to: held)
        try #require(problems.allSatisfy { $0 == nil }, "\(problems.compactMap { $0 })")
        try #require(try socket.readTable().table == table)
    }

    /// Step by step, and each table in between as the kernel has it: of a large one the service that the step is about,
    /// and all of it after each hundredth step.
    private static func follow(
        _ pair: TablePair, _ isLarge: Bool, _ socket: inout IPVSSocket, _ counts: inout Counts
    ) throws {
        var (expected, read) = (pair.held, ReadTable())
        read.table = pair.held
        let steps = pair.steps()
        for (number, step) in steps.enumerated() {
            let problem = socket.apply([step])[0]
            try #require(problem == nil, "\(problem.map(\.description) ?? "")")
            try expected.apply(step)
            counts.steps += 1
            counts.tables += 1
            if isLarge, number % 100 != 0, number < steps.count - 1 {
                read.table.services[step.service] = nil
                try socket.readService(step.service, into: &read)
            } else {
                read = try socket.readTable()
            }
            try #require(read.table == expected, "after \(step)")
            try #require(isLarge ? pair.keeps(read.table, step.service) : pair.keeps(read.table), "after \(step)")
        }
        try #require(expected == pair.desired)
    }

    /// Back to the first table, and on with a step that is not carried out.
    private static func failAnywhere(
        _ pair: TablePair, _ random: inout SplitMix64, _ socket: inout IPVSSocket, _ counts: inout Counts
    ) throws {
        try reach(pair.held, &socket)
        let steps = pair.steps()
        guard let failed = steps.randomElement(using: &random) else { return }
        let refusal = NetlinkError(errno: ENOMEM, what: failed.description)
        let problems = socket.apply(steps, to: pair.held, postponed: [failed: refusal]).compactMap { $0 }
        counts.failures += 1
        counts.skipped += problems.count - 1
        #expect(problems.allSatisfy { $0 == refusal || $0.isSkipped })
        let table = try socket.readTable().table
        try #require(pair.keeps(table))
        let rest = pair.steps(from: table)
        try #require(socket.apply(rest, to: table).allSatisfy { $0 == nil })
        try #require(try socket.readTable().table == pair.desired)
    }

    @Test func `what depends on a refused step is skipped and named so, and the rest is done`() async throws {
        try await onOwnThread {
            _ = try Namespace()
            var socket = try IPVSSocket()
            let (bad, good) = (virtual(81), virtual(82))
            let server = [endpoint("10.1.0.21:80"): ServerOptions(forwarding: .dr)]
            let desired = Table(services: [
                bad: TableService(options: ServiceOptions(scheduler: "nonsense"), servers: server),
                good: TableService(servers: server),
            ])
            let steps = plan(from: Table(), to: desired, owned: [])
            let problems = socket.apply(steps, to: Table())
            #expect(problems.compactMap(\.self).count == 2)
            #expect(problems.compactMap { $0?.isSkipped }.count { $0 } == 1)
            #expect(try socket.readTable().table == Table(services: [good: TableService(servers: server)]))
        }
    }

    @Test func `what somebody else did meanwhile is told by the kernel's refusals`() async throws {
        try await onOwnThread {
            let director = try Namespace()
            var socket = try IPVSSocket()
            try director.run("ipvsadm -A -t 192.0.2.10:81 -s rr")
            let options = ServerOptions(forwarding: .dr)
            let steps: [Step] = [
                .addService(virtual(81), ServiceOptions()), .editService(virtual(82), ServiceOptions()),
                .removeService(virtual(82)), .addServer(endpoint("10.1.0.21:80"), options, of: virtual(82)),
                .editServer(endpoint("10.1.0.21:80"), options, of: virtual(81)),
                .removeServer(endpoint("10.1.0.21:80"), of: virtual(81)),
            ]
            for (step, problem) in zip(steps, socket.apply(steps)) {
                let problem = try #require(problem)
                #expect(step.isStale(problem) && problem.isCertain, "\(problem)")
                #expect(problem.description.contains("somebody else has just"))
            }
        }
    }
}

private func virtual(_ port: UInt16) -> ServiceIdentity {
    .endpoint(.tcp, Endpoint(address: address("192.0.2.10"), port: port))
}
