import Addresses
import Balancing
import Glibc
import Netlink
import Settings
import Testing

/// From settings to the kernel and back: what is desired is what is read, and what ipvsadm prints.
extension IPVSKernelTests {
    private static func service(
        _ listen: Listen, _ change: (inout ServiceSettings) -> Void = { _ in }
    ) -> ServiceSettings {
        let local = listen.family == .v4 ? "10.1.0.21" : "2001:db8:1::21"
        var service = ServiceSettings(
            name: "\(listen)", listens: [listen], check: CheckSettings(kind: .none),
            servers: [ServerSettings(endpoint: Endpoint(address: address(local), port: 0), forwarding: .dr)])
        change(&service)
        return service
    }

    private static func listen(_ transport: TransportProtocol, _ family: AddressFamily, _ port: UInt16) -> Listen {
        .endpoint(
            transport, Endpoint(address: address(family == .v4 ? "192.0.2.10" : "2001:db8::10"), port: port))
    }

    private static func table(_ services: [ServiceSettings]) -> Table {
        let directors = [DirectorSettings(name: "lb1", addresses: []), DirectorSettings(name: "lb2", addresses: [])]
        let pair = PairSettings(name: "edge", keys: "/k", directors: directors)
        return desired(Settings(pair: pair, services: services), verdicts: Verdicts())
    }

    /// Applies, reads back and compares, also with both forms of ipvsadm's listing; and takes all away again.
    private static func roundTrip(_ services: [ServiceSettings]) throws {
        let director = try Namespace()
        var socket = try IPVSSocket()
        let wanted = table(services)
        let problems = socket.apply(plan(from: Table(), to: wanted, owned: [])).compactMap { $0 }
        #expect(problems.isEmpty, "\(problems.map(\.description))")
        #expect(try socket.readTable().table == wanted)
        #expect(try director.rules() == Set(blocks(TableText.rules(wanted))))
        #expect(try director.listing() == Set(blocks(TableText.listing(wanted).dropFirst(2))))
        let changed = try restored(director, &socket)
        #expect(changed == wanted.services.mapValues { service in service.withoutThresholds })
    }

    /// What becomes of the table when ipvsadm saves and restores it: it forgets thresholds.
    private static func restored(
        _ director: Namespace, _ socket: inout IPVSSocket
    ) throws -> [ServiceIdentity: TableService] {
        // One process in the emulated machine takes as long as a hundred steps.
        let command = "rules=$(ipvsadm -Sn) && ipvsadm -C && [ -z \"$(ipvsadm -Sn)\" ] && ipvsadm -R <<<\"$rules\""
        try director.run(words: ["bash", "-c", command])
        return try socket.readTable().table.services
    }

    @Test(arguments: Scheduler.allCases)
    func `a scheduler of the kernel, with each of its flags`(scheduler: Scheduler) async throws {
        try await onOwnThread {
            let flags = SchedulerFlag.allCases.filter { flag in
                flag.scheduler.map { $0 == scheduler } ?? (scheduler != .sh && scheduler != .mh)
            }
            var services: [ServiceSettings] = []
            for family in AddressFamily.allCases {
                for (index, chosen) in ([[]] + flags.map { [$0] } + [flags]).enumerated() {
                    services.append(
                        Self.service(Self.listen(.tcp, family, UInt16(1000 + index))) { service in
                            service.scheduler = scheduler
                            service.flags = Set(chosen)
                        })
                }
            }
            if scheduler == .twos, try !Self.has(scheduler) {
                print("ip_vs_twos is not in this kernel")
                return
            }
            try Self.roundTrip(services)
        }
    }

    @Test func `a scheduler's module is loaded while a network namespace ends`() async throws {
        try await onOwnThread {
            let step = Step.addService(Self.listen(.tcp, .v4, 80), ServiceOptions(scheduler: "lblc"))
            for _ in 0..<4 {
                let director = try Namespace()
                var socket = try IPVSSocket()
                #expect(socket.apply([step]) == [nil])
                try director.run(words: ["bash", "-c", "ipvsadm -C; rmmod ip_vs_lblc"])
            }
        }
    }

    /// Debian's kernel is built without the youngest.
    private static func has(_ scheduler: Scheduler) throws -> Bool {
        _ = try Namespace()
        var socket = try IPVSSocket()
        let step = Step.addService(listen(.tcp, .v4, 1), ServiceOptions(scheduler: scheduler.rawValue))
        let problem = socket.apply([step])[0]
        #expect(problem == nil || problem?.description.contains("modprobe ip_vs_\(scheduler.rawValue)") == true)
        return problem == nil
    }

    @Test(arguments: AddressFamily.allCases)
    func `every way to listen, persistence with its mask and engine, and single packets`(
        family: AddressFamily
    ) async throws {
        try await onOwnThread {
            var services: [ServiceSettings] = []
            for listen in TransportProtocol.allCases.map({ Self.listen($0, family, 80) }) + [.mark(7, family)] {
                services.append(Self.service(listen))
            }
            // ipvsadm shows larger marks as if they were negative.
            services.append(Self.service(.mark(UInt32(Int32.max), family)) { $0.isOnePacket = true })
            services.append(Self.service(Self.listen(.tcp, family, 0)) { $0.persistence = 2_678_400 })
            services.append(Self.service(Self.listen(.udp, family, 53)) { $0.isOnePacket = true })
            for (offset, length) in [0, 1, 20, 24, 31, 32, 64, 127, 128].enumerated() {
                services.append(
                    Self.service(Self.listen(.tcp, family, UInt16(2000 + offset))) { service in
                        service.persistence = UInt32(1 + offset)
                        service.persistenceMask.v4 = length == 0 ? 0 : UInt32.max << UInt32(max(0, 32 - length))
                        service.persistenceMask.v6 = max(1, length)
                    })
            }
            services.append(
                Self.service(Self.listen(.udp, family, 5060)) { service in
                    service.persistence = 60
                    service.persistenceMask.v4 = 0xFF00_FF00
                    service.persistenceEngine = .sip
                    service.isOnePacket = true
                    service.scheduler = .mh
                    service.flags = [.mhFallback, .mhPort]
                })
            try Self.roundTrip(services)
        }
    }

    @Test(arguments: AddressFamily.allCases)
    func `servers with thresholds, every tunnel, and in the other family`(family: AddressFamily) async throws {
        try await onOwnThread {
            var servers: [ServerSettings] = []
            func add(_ forwarding: Forwarding, _ other: Bool = false, _ change: (inout ServerSettings) -> Void) {
                let isV4 = (family == .v4) != other
                let host = servers.count + 1
                let own = address(isV4 ? "10.1.0.\(host)" : "2001:db8:1::\(host)")
                var server = ServerSettings(endpoint: Endpoint(address: own, port: 80), forwarding: forwarding)
                change(&server)
                servers.append(server)
            }
            for (upper, lower) in [(0, 0), (1, 0), (1, 1), (0x7FFF_FFFF, 0x7FFF_FFFE)] as [(UInt32, UInt32)] {
                for forwarding in Forwarding.allCases {
                    add(forwarding) { ($0.upper, $0.lower, $0.weight) = (upper, lower, 65535) }
                }
            }
            for isOther in [false, true] {
                for checksum in TunnelSettings.Checksum.allCases {
                    add(.tun, isOther) { $0.tunnel = TunnelSettings(.gue, port: 6080, checksum: checksum) }
                    guard checksum != .remote else { continue }
                    add(.tun, isOther) { $0.tunnel = TunnelSettings(.gre, checksum: checksum) }
                }
                add(.tun, isOther) { $0.tunnel = TunnelSettings() }
            }
            let service = Self.service(Self.listen(.tcp, family, 80)) { $0.servers = servers }
            try Self.roundTrip([service])
            try Self.compareDetails([service])
        }
    }

    /// Thresholds and tunnels as ipvsadm lists them: its rules do not have the former.
    private static func compareDetails(_ services: [ServiceSettings]) throws {
        let director = try Namespace()
        var socket = try IPVSSocket()
        let wanted = table(services)
        #expect(socket.apply(plan(from: Table(), to: wanted, owned: [])).allSatisfy { $0 == nil })
        func words(_ flag: String) throws -> [[Substring]] {
            try director.run("ipvsadm -Ln \(flag)").split(separator: "\n").map { $0.split(separator: " ") }
                .filter { $0.first == "->" && $0.count > 2 }
        }
        let limits = Set(try words("--thresholds").map { "\($0[1]) \($0[2]) \($0[3])" })
        let ways = Set(try words("--tun-info").filter { $0[2] == "Tunnel" }.map { "\($0[1]) \($0[3])" })
        for service in wanted.services.values {
            for (server, options) in service.servers {
                #expect(limits.contains("\(server) \(options.upperThreshold) \(options.lowerThreshold)"))
                guard options.forwarding == .tun else { continue }
                let sum = ["-c", "+c", "r+c"][Int(options.tunnel.flags)]
                let way = ["ipip", "gue:\(options.tunnel.port):\(sum)", "gre:\(sum)"][Int(options.tunnel.type)]
                #expect(ways.contains("\(server) \(way)"))
            }
        }
    }
}

extension TableService {
    fileprivate var withoutThresholds: TableService {
        var service = self
        service.servers = servers.mapValues { options in
            var options = options
            (options.upperThreshold, options.lowerThreshold) = (0, 0)
            return options
        }
        return service
    }
}
