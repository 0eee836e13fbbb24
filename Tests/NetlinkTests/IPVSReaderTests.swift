import Addresses
import Balancing
import Netlink
import Settings
import Testing

@Suite struct IPVSReaderTests {
    static let identities: [ServiceIdentity] = [
        .endpoint(.tcp, endpoint("192.0.2.10:80")), .endpoint(.udp, endpoint("[2001:db8::10]:53")),
        .endpoint(.sctp, endpoint("192.0.2.10:2905")), .mark(7, .v4), .mark(0xFFFF_FFFF, .v6),
    ]
    static let options = [
        ServiceOptions(), ServiceOptions(scheduler: "mh", persistence: 300, netmask: 24, engine: "sip", flags: 0x1C),
    ]
    static let servers = [
        (endpoint("10.1.0.21:80"), ServerOptions(forwarding: .nat, weight: 0)),
        (endpoint("[2001:db8::21]:0"), ServerOptions(forwarding: .dr, weight: 0x7FFF_FFFF)),
        (
            endpoint("10.1.0.22:80"),
            ServerOptions(
                forwarding: .tun, weight: 1, upperThreshold: 9, lowerThreshold: 3,
                tunnel: Tunnel(type: 1, port: 6080, flags: 2))
        ),
    ]

    /// What is sent has the same form as what is answered.
    private func payload(_ step: Step) -> ArraySlice<UInt8> {
        IPVSCodec.message(for: step, family: 0x1C).bytes.dropFirst(16)
    }

    @Test(arguments: identities, options)
    func `a service comes back as it was sent`(identity: ServiceIdentity, options: ServiceOptions) {
        let read = IPVSReader.service(payload(.addService(identity, options)))
        #expect(read?.0 == identity)
        #expect(read?.1 == options)
    }

    @Test(arguments: servers)
    func `a server comes back as it was sent`(server: Endpoint, options: ServerOptions) {
        let message = payload(.addServer(server, options, of: Self.identities[0]))
        let read = IPVSReader.server(message, family: .v4)
        #expect(read?.endpoint == server)
        #expect(read?.options == options)
        #expect(read?.connections == TableText.Connections())
    }

    @Test(.enabled(if: UInt16(1).littleEndian == 1, "golden bytes are little-endian"))
    func `an answer of the kernel`() {
        let answer = bytes([
            "01010000", "74000100",  // SERVICE, without the nested flag
            "06000100 02000000", "06000200 06000000", "14000300 c000020a 00000000 00000000 00000000",
            "06000400 00500000", "08000600 776c6300",
            "0c000700 03000000 ffffffff",  // PERSISTENT and HASHED
            "08000800 2c010000", "08000900 ffffffff",
            "20000c00 0c000100 05000000 00000000 0c000200 09000000 00000000 08000300",  // STATS64, with a short tail
        ])
        let read = IPVSReader.service(answer[...])
        #expect(read?.0 == Self.identities[0])
        #expect(read?.1 == ServiceOptions(scheduler: "wlc", persistence: 300))
        #expect(read?.2 == Statistics(connections: 5, packetsIn: 9))
    }

    @Test(.enabled(if: UInt16(1).littleEndian == 1, "golden bytes are little-endian"))
    func `statistics are read with 64 bits, or with what an old kernel has`() {
        let lines = [
            "14000100 0a010015 00000000 00000000 00000000", "06000200 00500000", "08000300 03000000",
            "08000400 01000000", "08000700 02000000", "08000800 04000000", "08000900 06000000",
            "18000a00 08000100 03000000 0c000400 00000000 01000000",  // STATS: connections, bytes in
        ]
        let old = IPVSReader.server(bytes(["01010000", "60000200"] + lines)[...], family: .v4)
        #expect(old?.connections == TableText.Connections(active: 2, inactive: 4, persistent: 6))
        #expect(old?.statistics == Statistics(connections: 3, bytesIn: 1 << 32))
        let wide = ["10000c00 0c000100 03000000 01000000"]  // STATS64
        let new = IPVSReader.server(bytes(["01010000", "70000200"] + lines + wide)[...], family: .v4)
        #expect(new?.statistics == Statistics(connections: 1 << 32 + 3, bytesIn: 1 << 32))
    }

    @Test func `answers cut short or spoilt are survived`() {
        let service = Array(payload(.addService(Self.identities[0], Self.options[1])))
        let server = Array(payload(.addServer(Self.servers[2].0, Self.servers[2].1, of: Self.identities[1])))
        var seed: UInt64 = 7
        for _ in 0..<20_000 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            var spoilt = seed & 1 << 40 == 0 ? service : server
            for shift in [8, 24, 40] where seed >> UInt64(shift) & 1 == 0 {
                spoilt[Int(seed >> UInt64(shift)) % spoilt.count] = UInt8(truncatingIfNeeded: seed >> 56)
            }
            let cut = spoilt.prefix(Int(seed >> 33) % (spoilt.count + 1))
            _ = IPVSReader.service(cut)
            _ = IPVSReader.server(cut, family: .v6)
            _ = SyncDaemon(payload: cut)
        }
    }

    @Test func `nothing is no answer`() {
        #expect(IPVSReader.service([]) == nil)
        #expect(IPVSReader.server([], family: .v4) == nil)
        #expect(SyncDaemon(payload: []) == nil)
    }
}
