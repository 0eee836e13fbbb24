import Addresses
import Balancing
import Netlink
import Settings
import Testing

/// Golden messages of little-endian machines; family 0x1c.
@Suite(.enabled(if: UInt16(1).littleEndian == 1, "golden bytes are little-endian"))
struct IPVSCodecTests {
    static let web = ServiceIdentity.endpoint(.tcp, endpoint("192.0.2.10:80"))
    static let dns = ServiceIdentity.endpoint(.udp, endpoint("[2001:db8::10]:53"))

    private func message(_ step: Step) -> [String] {
        hex(IPVSCodec.message(for: step, family: 0x1C).bytes)
    }

    private let webIdentity = [
        "06000100", "02000000",  // AF: AF_INET
        "06000200", "06000000",  // PROTOCOL: TCP
        "14000300", "c000020a", "00000000", "00000000", "00000000",  // ADDR: 192.0.2.10
        "06000400", "00500000",  // PORT: 80, network order
    ]
    private let dnsIdentity = [
        "06000100", "0a000000",  // AF: AF_INET6
        "06000200", "11000000",  // PROTOCOL: UDP
        "14000300", "20010db8", "00000000", "00000000", "00000010",  // ADDR
        "06000400", "00350000",  // PORT: 53
    ]

    @Test func `adding a service`() {
        #expect(
            message(.addService(Self.web, ServiceOptions(scheduler: "wlc")))
                == ["68000000", "1c000500", "00000000", "00000000"]  // 104 bytes, family, REQUEST|ACK
                + ["01010000"]  // IPVS_CMD_NEW_SERVICE, version 1
                + ["54000180"]  // nested SERVICE
                + webIdentity
                + ["08000600", "776c6300"]  // SCHED_NAME: wlc
                + ["0c000700", "00000000", "ffffffff"]  // FLAGS: none, of all
                + ["08000800", "00000000"]  // TIMEOUT
                + ["08000900", "ffffffff"])  // NETMASK: each address
    }

    @Test func `editing a persistent service of IPv6`() {
        let options = ServiceOptions(scheduler: "rr", persistence: 300, netmask: 64, engine: "sip", flags: 0x4)
        #expect(
            message(.editService(Self.dns, options))
                == ["70000000", "1c000500", "00000000", "00000000", "02010000", "5c000180"]
                + dnsIdentity
                + ["07000600", "72720000"]  // SCHED_NAME: rr
                + ["08000b00", "73697000"]  // PE_NAME: sip
                + ["0c000700", "05000000", "ffffffff"]  // FLAGS: PERSISTENT, ONEPACKET
                + ["08000800", "2c010000"]  // TIMEOUT: 300 s
                + ["08000900", "40000000"])  // NETMASK: 64 bits
    }

    @Test func `removing a service`() {
        #expect(
            message(.removeService(Self.web))
                == ["44000000", "1c000500", "00000000", "00000000", "03010000", "30000180"] + webIdentity)
    }

    @Test func `a service by mark has no protocol`() {
        #expect(
            message(.removeService(.mark(7, .v6))) == [
                "28000000", "1c000500", "00000000", "00000000", "03010000", "14000180",
                "06000100", "0a000000", "08000500", "07000000",
            ])
    }

    @Test(
        arguments: [(Forwarding.nat, "00000000"), (.dr, "03000000")])
    func `adding a server`(forwarding: Forwarding, method: String) {
        let step = Step.addServer(
            endpoint("10.1.0.21:8080"), ServerOptions(forwarding: forwarding, weight: 300), of: Self.web)
        #expect(
            message(step)
                == ["8c000000", "1c000500", "00000000", "00000000", "05010000", "30000180"] + webIdentity
                + ["48000280"]  // nested DEST
                + ["06000b00", "02000000"]  // ADDR_FAMILY
                + ["14000100", "0a010015", "00000000", "00000000", "00000000"]  // ADDR: 10.1.0.21
                + ["06000200", "1f900000"]  // PORT: 8080
                + ["08000300", method]  // FWD_METHOD
                + ["08000400", "2c010000"]  // WEIGHT: 300
                + ["08000500", "00000000", "08000600", "00000000"])  // U_THRESH, L_THRESH
    }

    @Test func `editing a server behind a tunnel`() {
        let options = ServerOptions(forwarding: .tun, weight: 0, tunnel: Tunnel(type: 1, port: 6080, flags: 1))
        #expect(
            message(.editServer(endpoint("[2001:db8::21]:53"), options, of: Self.dns))
                == ["a4000000", "1c000500", "00000000", "00000000", "06010000", "30000180"] + dnsIdentity
                + ["60000280", "06000b00", "0a000000"]
                + ["14000100", "20010db8", "00000000", "00000000", "00000021", "06000200", "00350000"]
                + ["08000300", "02000000", "08000400", "00000000", "08000500", "00000000", "08000600", "00000000"]
                + ["05000d00", "01000000"]  // TUN_TYPE: gue
                + ["06000e00", "17c00000"]  // TUN_PORT: 6080, network order
                + ["06000f00", "01000000"])  // TUN_FLAGS: checksum
    }

    @Test func `removing a server`() {
        #expect(
            message(.removeServer(endpoint("10.1.0.21:80"), of: Self.web))
                == ["6c000000", "1c000500", "00000000", "00000000", "07010000", "30000180"] + webIdentity
                + ["28000280", "06000b00", "02000000"]
                + ["14000100", "0a010015", "00000000", "00000000", "00000000", "06000200", "00500000"])
    }

    @Test func `starting and stopping a sync daemon`() {
        let daemon = SyncDaemon(role: .backup, interface: "eth1", id: 21, maxLength: 60)
        #expect(
            hex(daemon.startMessage(family: 0x1C).bytes) == [
                "3c000000", "1c000500", "00000000", "00000000", "09010000", "28000380",  // nested DAEMON
                "08000100", "02000000",  // STATE: backup
                "09000200", "65746831", "00000000",  // MCAST_IFN: eth1
                "08000300", "15000000",  // SYNC_ID
                "06000400", "3c000000",  // SYNC_MAXLEN
            ])
        #expect(
            hex(SyncDaemon.stopMessage(.master, family: 0x1C).bytes) == [
                "20000000", "1c000500", "00000000", "00000000", "0a010000", "0c000380", "08000100", "01000000",
            ])
    }
}
