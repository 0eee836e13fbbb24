import Addresses
import Glibc
import Linux
import Netlink
import Testing

/// Golden messages of little-endian machines.
@Suite(.enabled(if: UInt16(1).littleEndian == 1, "golden bytes are little-endian"))
struct TunnelDeviceTests {
    @Test func `a device is made and set up by one message`() {
        let device = TunnelDevice(name: "t4", kind: .ipip, local: address("192.0.2.21"))
        #expect(
            hex(device.message.bytes) == [
                "44000000", "10000506",  // 68 bytes, RTM_NEWLINK, REQUEST|ACK, EXCL|CREATE
                "00000000", "00000000",
                "00000000", "00000000", "01000000", "01000000",  // any family, no index, IFF_UP, which changes
                "07000300", "74340000",  // IFLA_IFNAME
                "1c001280",  // IFLA_LINKINFO
                "09000100", "69706970", "00000000",  // IFLA_INFO_KIND: ipip
                "0c000280", "08000200", "c0000215",  // IFLA_INFO_DATA: IFLA_IPTUN_LOCAL
            ])
    }

    @Test func `GRE has attributes of its own, and its checksum is a flag`() {
        let device = TunnelDevice(name: "t4", kind: .gre, local: address("192.0.2.21"), hasChecksum: true)
        #expect(
            hex(device.message.bytes).suffix(6)
                == [
                    "08000100", "67726500", "14000280", "08000600", "c0000215",  // IFLA_GRE_LOCAL
                    "06000200", "80000000",  // IFLA_GRE_IFLAGS
                ].suffix(6))
    }

    @Test func `the other families' devices take either`() {
        let device = TunnelDevice(name: "t6", kind: .ip6tnl, local: address("2001:db8::21"))
        #expect(
            hex(device.message.bytes).suffix(7) == [
                "14000200", "20010db8", "00000000", "00000000", "00000021", "05000900", "00000000",
            ])
    }
}

@Suite(.enabled(if: canMakeNamespaces)) struct RouteTests {
    @Test func `the default route is found, and the way to an address`() async throws {
        try await onOwnThread {
            let namespace = try Namespace()
            try namespace.run("ip link add eth0 type veth peer name far")
            try namespace.run("ip link set eth0 up")
            try namespace.run("ip link set far up")
            try namespace.run("ip addr add 192.0.2.21/24 dev eth0")
            try namespace.enter()
            var socket = try RouteSocket()
            let index = try #require(try socket.link(named: "eth0")).index
            #expect(try socket.routes(.v4).map(\.isDefault) == [false])
            #expect(try socket.route(to: address("203.0.113.9")) == nil)
            #expect(try socket.route(to: address("192.0.2.99"))?.interface == index)
            #expect(try socket.route(to: address("192.0.2.21"))?.isLocal == true)
            try namespace.run("ip route add default via 192.0.2.1 metric 20")
            try namespace.run("ip route add default via 192.0.2.2 metric 10")
            let gateways = try socket.routes(.v4).filter(\.isDefault).map(\.gateway)
            #expect(gateways == [address("192.0.2.2"), address("192.0.2.1")])
            #expect(try socket.route(to: address("203.0.113.9"))?.gateway == address("192.0.2.2"))
        }
    }

    @Test func `a link tells its kind and its longest packet, and is removed`() async throws {
        try await onOwnThread {
            let namespace = try Namespace()
            try namespace.run("ip link add eth0 mtu 1400 type veth peer name far")
            try namespace.enter()
            var socket = try RouteSocket()
            let link = try #require(try socket.link(named: "eth0"))
            #expect(link.kind == "veth" && link.mtu == 1400 && !link.isUp)
            try socket.setUp(link)
            #expect(try socket.link(named: "eth0")?.isUp == true)
            try socket.removeLink(named: "eth0")
            #expect(try socket.link(named: "far") == nil)
            try socket.removeLink(named: "eth0")
        }
    }

    @Test func `an address without an end has none`() async throws {
        try await onOwnThread {
            let namespace = try Namespace()
            try namespace.enter()
            var socket = try RouteSocket()
            for text in ["192.0.2.10", "2001:db8::10"] {
                let forEver = LeasedAddress(
                    prefix: prefix(text), interface: Link.loopbackIndex, lease: LeasedAddress.forEver)
                #expect(socket.change([.add(forEver)]) == [nil])
                #expect(try socket.addresses().first { $0.prefix == prefix(text) }?.validLifetime == .some(nil))
            }
        }
    }
}

/// Whether this kernel has tunnels, said once.
private let hasTunnels: Bool = {
    guard canMakeNamespaces else { return false }
    if access("/sys/module/ipip", F_OK) == 0 { return true }
    if (try? KernelModule.fou.load()) != nil { return true }
    print("tests of tunnels are skipped: this kernel has none (Deploy/vm has)")
    return false
}()

@Suite(.enabled(if: hasTunnels)) struct TunnelKernelTests {
    @Test(arguments: [
        TunnelDevice(name: "t1", kind: .ipip, local: address("192.0.2.21")),
        TunnelDevice(name: "t2", kind: .sit, local: address("192.0.2.21")),
        TunnelDevice(name: "t3", kind: .ip6tnl, local: address("2001:db8::21")),
        TunnelDevice(name: "t4", kind: .gre, local: address("192.0.2.21")),
        TunnelDevice(name: "t5", kind: .gre, local: address("192.0.2.21"), hasChecksum: true),
        TunnelDevice(name: "t6", kind: .ip6gre, local: address("2001:db8::21")),
        TunnelDevice(name: "t7", kind: .ip6gre, local: address("2001:db8::21"), hasChecksum: true),
    ])
    func `a tunnel's end is made as it was asked for, and is up`(device: TunnelDevice) async throws {
        try await onOwnThread {
            let namespace = try Namespace()
            try namespace.enter()
            var socket = try RouteSocket()
            try socket.create(device)
            #expect(try socket.tunnels().filter { $0.name == device.name } == [device])
            #expect(try socket.link(named: device.name)?.isUp == true)
            var other = device
            other.name = "other"
            #expect(throws: NetlinkError.self) { try socket.create(other) }
            try socket.removeLink(named: device.name)
            #expect(try socket.link(named: device.name) == nil)
        }
    }

    @Test func `ports of GUE come and go`() async throws {
        try await onOwnThread {
            let namespace = try Namespace()
            try namespace.enter()
            try KernelModule.fou.load()
            var socket = try GUESocket()
            let wanted = [GUEListener(port: 6080, family: .v4), GUEListener(port: 6081, family: .v6)]
            for listener in wanted + wanted { try socket.add(listener) }
            #expect(Set(try socket.listeners()) == Set(wanted))
            for listener in wanted + wanted { try socket.remove(listener) }
            #expect(try socket.listeners() == [])
        }
    }
}
