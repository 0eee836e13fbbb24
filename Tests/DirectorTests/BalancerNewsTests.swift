import Addresses
import Agreement
import Balancing
import Director
import Glibc
import Linux
import Netlink
import PlayedKernel
import Settings
import Simulation
import Testing

/// What a balancer is told bit by bit comes to the table that all of it makes.
@Suite struct BalancerNewsTests {
    private static let settings: Settings = {
        let directors = [DirectorSettings(name: "lb1", addresses: []), DirectorSettings(name: "lb2", addresses: [])]
        let services = (0..<20).map { number in
            ServiceSettings(
                name: "s\(number)", listens: [.endpoint(.tcp, endpoint(0xC000_020A, 80 + number))],
                servers: (0..<4).map { server in
                    ServerSettings(
                        endpoint: endpoint(0x0A01_0001 + UInt32(server), 80 + number), forwarding: .nat, weight: 9)
                })
        }
        return Settings(
            pair: PairSettings(name: "edge", keys: "/k", directors: directors, sysctl: .check), services: services)
    }()

    private static func endpoint(_ address: UInt32, _ port: Int) -> Endpoint {
        Endpoint(address: .v4(IPv4Address(number: address)), port: UInt16(port))
    }

    /// All that it was told.
    private struct Knowledge {
        var isUp: [ServerKey: Bool] = [:]
        var shortages: [String: Shortage] = [:]
        var rises: [ServerKey: Rise] = [:]
        var advice: [ServerKey: Advice] = [:]

        /// Of a server without a verdict the balancer would believe the kernel.
        mutating func begin() -> Balancer.Message {
            for service in BalancerNewsTests.settings.services {
                for server in service.servers {
                    isUp[ServerKey(service: service.name, server: server.endpoint)] = false
                }
            }
            return .decisions(isUp.map { Decision(server: $0, isUp: $1) })
        }

        mutating func tell(_ random: inout SplitMix64) -> Balancer.Message {
            let service = BalancerNewsTests.settings.services[Int.random(in: 0..<20, using: &random)]
            let server = service.servers[Int.random(in: 0..<4, using: &random)].endpoint
            let key = ServerKey(service: service.name, server: server)
            switch Int.random(in: 0..<12, using: &random) {
            case 0:
                let shortage: Shortage? = Bool.random(using: &random) ? .all : nil
                shortages[service.name] = shortage
                return .decisions([], shortages: [service.name: shortage])
            case 1...3:
                // An hour: its first step is not over while the test runs.
                let rise = Bool.random(using: &random) ? Rise(since: Clock.now(), time: .seconds(3600)) : nil
                rises[key] = rise
                isUp[key] = rise != nil
                return .decisions([Decision(server: key, isUp: rise != nil)], rises: [key: rise])
            case 4:
                advice[key] = Bool.random(using: &random) ? Advice(mode: .drain) : nil
                return .advice([key: advice[key] ?? Advice()])
            case 5:
                let decisions = isUp.map { Decision(server: $0, isUp: $1) }
                return .everything(decisions, shortages: shortages, rises: rises, advice: advice)
            default:
                isUp[key] = Bool.random(using: &random)
                return .decisions([Decision(server: key, isUp: isUp[key] == true)])
            }
        }

        var table: Table {
            desired(
                BalancerNewsTests.settings, verdicts: Verdicts(isUp), advice: advice, shortages: shortages,
                shares: rises.compactMapValues { $0.share(now: Clock.now()) })
        }
    }

    @Test(arguments: 0..<4)
    func `told bit by bit, the kernel's table is the one that all of it makes`(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let folder = "/tmp/tandem-news-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        mkdir(folder, 0o700)
        defer {
            for name in ["services", "services.new"] { unlink("\(folder)/\(name)") }
            rmdir(folder)
        }
        let (kernel, board, inbox) = (PlayedKernel(), BalancerBoard(), try Mailbox<Balancer.Message>(capacity: 4096))
        let ports = Balancer.Ports(
            inbox: inbox, heart: try Mailbox(), board: board,
            kernel: Balancer.Kernel(
                open: { () throws(NetlinkError) -> IPVSSocket in try kernel.open(patience: .seconds(5)) },
                load: { () throws(NetlinkError) -> Void in kernel.load() }),
            say: { _ in }, inform: { _ in }, tell: { _, _ in }, stopped: {})
        let state = OwnershipFile(folder: folder)
        try OSThread.start(name: "balancer") {
            let balancer = try? Balancer(
                settings: Self.settings, director: 0, overrides: Overrides(), state: state, ports: ports)
            balancer?.run()
        }
        defer { inbox.post(.stop(keepsSync: true)) }
        var known = Knowledge()
        inbox.post(known.begin())
        for _ in 0..<400 {
            inbox.post(known.tell(&random))
            if Int.random(in: 0..<8, using: &random) == 0 { try? await Task.sleep(for: .milliseconds(3)) }
        }
        let wanted = known.table
        for _ in 0..<1500 where kernel.table != wanted || board.current.desired != wanted {
            try? await Task.sleep(for: .milliseconds(10))
        }
        #expect(board.current.desired == wanted)
        #expect(kernel.table == wanted)
    }
}
