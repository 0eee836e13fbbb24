import Addresses
import Balancing
import Glibc
import Netlink
import Settings
import Simulation
import Testing

/// What the rules let pass, the kernel takes.
extension IPVSKernelTests {
    @Test func `the kernel takes every combination of options that the rules do not refuse`() async throws {
        try await onOwnThread {
            _ = try Namespace()
            var socket = try IPVSSocket()
            var random = SplitMix64(seed: 11)
            var accepted: [ServiceSettings] = []
            var refused = 0
            for number in 1...3000 {
                let service = random.service(UInt16(number))
                let errors = Self.settings([service]).violations().filter { $0.severity == .error }
                if errors.isEmpty { accepted.append(service) } else { refused += 1 }
            }
            #expect(accepted.count > 200 && refused > 200, "\(accepted.count) accepted, \(refused) refused")
            let table = desired(Self.settings(accepted), verdicts: Verdicts())
            let steps = plan(from: Table(), to: table, owned: [])
            let problems = socket.apply(steps, to: Table()).compactMap { $0 }.filter { !$0.isSkipped }
            #expect(problems.isEmpty, "\(problems.prefix(5).map(\.description))")
            #expect(try socket.readTable().table == table)
            print(
                "\(accepted.count) combinations accepted by the rules and the kernel, \(refused) refused by the rules")
        }
    }

    private static func settings(_ services: [ServiceSettings]) -> Settings {
        let directors = (1...2).map { DirectorSettings(name: "lb\($0)", addresses: [address("192.0.2.\($0)")]) }
        return Settings(pair: PairSettings(name: "edge", keys: "/k", directors: directors), services: services)
    }
}

extension SplitMix64 {
    /// Often wrong in one way or another.
    fileprivate mutating func service(_ port: UInt16) -> ServiceSettings {
        let family = AddressFamily.allCases.randomElement(using: &self) ?? .v4
        let transport = TransportProtocol.allCases.randomElement(using: &self) ?? .tcp
        let virtual = Endpoint(address: address(family == .v4 ? "192.0.2.10" : "2001:db8::10"), port: port)
        let listen = chance(0.3) ? Listen.mark(UInt32(port), family) : .endpoint(transport, virtual)
        var service = ServiceSettings(
            name: "s\(port)", listens: [listen],
            scheduler: Scheduler.allCases.filter { $0 != .twos }.randomElement(using: &self) ?? .rr,
            check: CheckSettings(kind: .none), servers: (1...3).map { server($0, family) })
        if chance(0.3) { service.flags = Set(SchedulerFlag.allCases.filter { _ in chance(0.2) }) }
        if chance(0.5) { service.persistence = chance(0.5) ? 1 : 2_678_400 }
        if chance(0.2) { service.persistenceMask.v4 = chance(0.5) ? 0 : 0xFFFF_FE00 }
        if chance(0.2) { service.persistenceMask.v6 = chance(0.5) ? 1 : 127 }
        if chance(0.2) { service.persistenceEngine = .sip }
        if chance(0.2) { service.isOnePacket = true }
        return service
    }

    private mutating func server(_ host: Int, _ family: AddressFamily) -> ServerSettings {
        let isV4 = (family == .v4) != chance(0.1)
        var server = ServerSettings(
            endpoint: Endpoint(address: address(isV4 ? "10.1.0.\(host)" : "2001:db8:1::\(host)"), port: 0),
            forwarding: Forwarding.allCases.randomElement(using: &self) ?? .nat,
            weight: chance(0.2) ? 0x7FFF_FFFF : 1)
        if chance(0.2) { server.upper = UInt32.random(in: 0...3, using: &self) }
        if chance(0.2) { server.lower = UInt32.random(in: 0...3, using: &self) }
        guard chance(0.3) else { return server }
        server.tunnel = TunnelSettings(
            TunnelSettings.Kind.allCases.randomElement(using: &self) ?? .ipip, port: chance(0.5) ? 6080 : nil,
            checksum: TunnelSettings.Checksum.allCases.randomElement(using: &self) ?? .none)
        return server
    }
}
