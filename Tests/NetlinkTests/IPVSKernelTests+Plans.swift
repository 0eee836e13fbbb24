import Addresses
import Balancing
import Glibc
import Netlink
import Settings
import Testing

/// The laws of `plan` on the kernel itself. `TANDEM_KERNEL_CASES=500` for more.
extension IPVSKernelTests {
    @Test func `no step of a plan loses what both ends have, and a failing step keeps none from reaching its end`()
        async throws
    {
        try await onOwnThread {
            _ = try Namespace()
            var socket = try IPVSSocket()
            var generator = Digits(state: 1)
            var counts = (steps: 0, tables: 0)
            let cases = getenv("TANDEM_KERNEL_CASES").flatMap { Int(String(cString: $0)) } ?? 30
            for number in 1...max(cases, 1) {
                // A table of hundreds of services is read back after each hundredth step only.
                let isLarge = number % 100 == 30
                let (held, desired) = KernelTable.pair(isLarge ? 300 : 6, &generator)
                try Self.reach(held, &socket)
                let steps = plan(from: held, to: desired, owned: Set(held.services.keys))
                try Self.follow(steps, held, desired, every: isLarge ? 100 : 1, &socket, &counts)
                try Self.failAnywhere(held, desired, &socket, &generator)
            }
            print("\(cases) plans: \(counts.steps) steps, \(counts.tables) tables read back between them")
        }
    }

    private static func reach(_ table: Table, _ socket: inout IPVSSocket) throws {
        let held = try socket.readTable().table
        let problems = socket.apply(plan(from: held, to: table, owned: Set(held.services.keys)), to: held)
        try #require(problems.allSatisfy { $0 == nil })
        try #require(try socket.readTable().table == table)
    }

    /// Step by step, and each table in between as the kernel has it.
    private static func follow(
        _ steps: [Step], _ held: Table, _ desired: Table, every: Int, _ socket: inout IPVSSocket,
        _ counts: inout (steps: Int, tables: Int)
    ) throws {
        var expected = held
        for (number, step) in steps.enumerated() {
            try #require(socket.apply([step]) == [nil])
            try expected.apply(step)
            counts.steps += 1
            guard number % every == 0 || number == steps.count - 1 else { continue }
            counts.tables += 1
            let table = try socket.readTable().table
            try #require(table == expected)
            try #require(keeps(table, held, desired))
        }
        try #require(expected == desired)
    }

    /// Back to the first table, and on with a step that is not carried out.
    private static func failAnywhere(
        _ held: Table, _ desired: Table, _ socket: inout IPVSSocket, _ generator: inout Digits
    ) throws {
        try reach(held, &socket)
        let steps = plan(from: held, to: desired, owned: Set(held.services.keys))
        guard let failed = steps.randomElement(using: &generator) else { return }
        let refusal = NetlinkError(errno: ENOMEM, what: failed.description)
        let results = socket.apply(steps, to: held, postponed: [failed: refusal])
        #expect(results.compactMap { $0 }.allSatisfy { $0 == refusal || $0.isSkipped })
        let table = try socket.readTable().table
        try #require(keeps(table, held, desired))
        let rest = plan(from: table, to: desired, owned: Set(held.services.keys))
        try #require(socket.apply(rest, to: table).allSatisfy { $0 == nil })
        try #require(try socket.readTable().table == desired)
    }

    /// Whether a table has what both ends have: services, servers, and of each service one that takes connections.
    private static func keeps(_ table: Table, _ held: Table, _ desired: Table) -> Bool {
        held.services.allSatisfy { identity, first in
            guard let last = desired.services[identity] else { return true }
            guard let now = table.services[identity] else { return false }
            let both = first.servers.keys.filter { last.servers[$0] != nil }
            let isServed = !first.takesConnections || !last.takesConnections || now.takesConnections
            return isServed && both.allSatisfy { now.servers[$0] != nil }
        }
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

/// A linear congruential generator (Knuth, "The Art of Computer Programming", volume 2, 3.3.4): the same cases every time.
struct Digits: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        var high: UInt64 = 0
        for _ in 0..<2 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            high = high << 32 | state >> 32
        }
        return high
    }
}

extension KernelTable {
    /// Two tables that share about half of their services, and of those half just as they are.
    static func pair(_ size: UInt16, _ generator: inout Digits) -> (Table, Table) {
        let count = UInt16.random(in: 1...size, using: &generator)
        var (held, desired) = (Table(), Table())
        for number in 0..<count {
            let service = service(&generator)
            held.services[identity(number)] = service
            let place = number + (count - 1) / 2
            desired.services[identity(place)] = Self.service(&generator)
        }
        for number in 0..<count where desired.services[identity(number)] != nil && Bool.random(using: &generator) {
            desired.services[identity(number)] = held.services[identity(number)]
        }
        return (held, desired)
    }

    private static func identity(_ number: UInt16) -> ServiceIdentity {
        number % 5 == 0 ? .mark(UInt32(number) + 1, .v4) : virtual(1000 + number)
    }

    private static func service(_ generator: inout Digits) -> TableService {
        let isPersistent = Bool.random(using: &generator)
        var service = TableService(
            options: ServiceOptions(
                scheduler: ["rr", "wlc", "sh", "mh"].randomElement(using: &generator) ?? "rr",
                persistence: isPersistent ? 300 : nil,
                netmask: isPersistent && Bool.random(using: &generator) ? 0xFFFF_FF00 : nil,
                flags: UInt32.random(in: 0...3, using: &generator) << 3))
        for host in 1...4 where Bool.random(using: &generator) {
            let upper: UInt32 = Bool.random(using: &generator) ? 100 : 0
            service.servers[endpoint("10.1.0.\(host):80")] = ServerOptions(
                forwarding: Forwarding.allCases.randomElement(using: &generator) ?? .nat,
                weight: UInt32.random(in: 0...2, using: &generator), upperThreshold: upper,
                lowerThreshold: upper == 0 ? 0 : UInt32.random(in: 0...100, using: &generator))
        }
        return service
    }
}
