import Addresses
import Balancing
import Director
import Glibc
import Linux
import Netlink
import PlayedKernel
import Settings
import Synchronization
import Testing

/// The balancer looks on at a kernel's counters.
struct PassiveTests {
    private static let silent = Endpoint(address: .v4(IPv4Address(number: 0x0A01_0015)), port: 80)
    private static let sound = Endpoint(address: .v4(IPv4Address(number: 0x0A01_0016)), port: 80)
    private static let direct = Endpoint(address: .v4(IPv4Address(number: 0x0A01_0017)), port: 80)

    private static var settings: Settings {
        let address = IPv4Address(number: 0xC000_020A)
        return Settings(
            pair: PairSettings(
                name: "edge", keys: "/k",
                directors: [
                    DirectorSettings(name: "lb1", addresses: []), DirectorSettings(name: "lb2", addresses: []),
                ], sysctl: .check),
            services: [
                ServiceSettings(
                    name: "web",
                    listens: [80, 443].map { .endpoint(.tcp, Endpoint(address: .v4(address), port: $0)) },
                    check: CheckSettings(kind: .none),
                    passive: PassiveSettings(period: .milliseconds(200), connections: 10),
                    servers: [
                        ServerSettings(endpoint: silent, forwarding: .nat),
                        ServerSettings(endpoint: sound, forwarding: .nat),
                        ServerSettings(endpoint: direct, forwarding: .dr),
                    ])
            ])
    }

    private func start(
        _ kernel: PlayedKernel, _ folder: String, notice: @escaping @Sendable (SilenceChange) -> Void
    ) throws -> Mailbox<Balancer.Message> {
        let inbox = try Mailbox<Balancer.Message>()
        let ports = Balancer.Ports(
            inbox: inbox, heart: try Mailbox(), board: BalancerBoard(),
            kernel: Balancer.Kernel(
                open: { () throws(NetlinkError) -> IPVSSocket in try kernel.open() },
                load: { () throws(NetlinkError) -> Void in kernel.load() }),
            say: { _ in }, inform: { _ in }, tell: { _, _ in }, notice: notice, stopped: {})
        let state = OwnershipFile(folder: folder)
        try OSThread.start(name: "balancer") {
            do {
                let balancer = try Balancer(
                    settings: Self.settings, director: 0, overrides: Overrides(), state: state, ports: ports)
                balancer.run()
            } catch {
                Issue.record("\(error)")
            }
        }
        return inbox
    }

    @Test func `a server that sends nothing back is told of once, and its weight stays`() async throws {
        let folder = "/tmp/tandem-passive-\(getpid())"
        mkdir(folder, 0o700)
        defer {
            unlink("\(folder)/services")
            rmdir(folder)
        }
        let kernel = PlayedKernel()
        let changes = Mutex<[SilenceChange]>([])
        let inbox = try start(kernel, folder) { change in changes.withLock { $0.append(change) } }
        defer { inbox.post(.stop(keepsSync: true)) }
        func look(_ number: UInt64, answers: Bool = false) async {
            let counted = Statistics(connections: 10 * number, packetsIn: 30 * number)
            var sound = counted
            sound.packetsOut = number
            kernel.count([Self.silent: answers ? sound : counted, Self.sound: sound, Self.direct: counted])
            try? await Task.sleep(for: .milliseconds(150))
            let answer = Answer<Repair>()
            inbox.post(.look(answer))
            _ = await answer.wait(for: .seconds(20))
        }
        for number in 1...8 where changes.withLock({ $0.isEmpty }) { await look(UInt64(number)) }
        let key = ServerKey(service: "web", server: Self.silent)
        let first = try #require(changes.withLock { $0.first })
        guard case .silent(let silence, _) = first.what, first.server == key else {
            Issue.record("\(first)")
            return
        }
        // Of both that the service listens on.
        #expect(silence.connections.isMultiple(of: 20) && silence.connections > 0)
        await look(20)
        #expect(changes.withLock { $0.count } == 1)
        #expect(kernel.table.services.values.allSatisfy { $0.servers.values.allSatisfy { $0.weight == 1 } })
        await look(30, answers: true)
        #expect(changes.withLock { $0.last } == SilenceChange(server: key, what: .answers))
    }
}
