import Addresses
import Balancing
import Settings
import Testing

@Suite struct TableTextTests {
    static let table = Table(services: [
        tcp("192.0.2.10:80"): TableService(
            options: ServiceOptions(scheduler: "wlc", persistence: 300, netmask: 0xFFFF_FF00),
            servers: [
                endpoint("10.1.0.22:80"): ServerOptions(forwarding: .dr, weight: 2),
                endpoint("10.1.0.3:8080"): ServerOptions(forwarding: .nat, weight: 1),
            ]),
        udp("192.0.2.10:5060"): TableService(
            options: ServiceOptions(scheduler: "rr", persistence: 60, engine: "sip", flags: 0x4)),
        tcp("[2001:db8::5]:443"): TableService(
            options: ServiceOptions(scheduler: "mh", persistence: 600, netmask: 64, flags: 0x18),
            servers: [
                endpoint("[2001:db8:0:1::4]:443"): ServerOptions(forwarding: .tun, weight: 0),
                endpoint("[2001:db8:0:1::5]:443"): ServerOptions(
                    forwarding: .tun, tunnel: Tunnel(type: 1, port: 6080, flags: 0)),
                endpoint("[2001:db8:0:1::6]:443"): ServerOptions(forwarding: .tun, tunnel: Tunnel(type: 2, flags: 1)),
            ]),
        .endpoint(.sctp, endpoint("192.0.2.1:2905")): TableService(options: ServiceOptions(scheduler: "wrr")),
        .mark(3, .v4): TableService(
            options: ServiceOptions(scheduler: "sh", flags: 0x10),
            servers: [endpoint("172.16.11.76:5060"): ServerOptions(forwarding: .dr)]),
        .mark(5, .v6): TableService(options: ServiceOptions(scheduler: "sed")),
    ])

    /// As `ipvsadm -Sn` 1.31 prints the same table, service by service.
    @Test func `rules are those of ipvsadm`() {
        #expect(
            TableText.rules(Self.table) == [
                "-A -t 192.0.2.10:80 -s wlc -p 300 -M 255.255.255.0",
                "-a -t 192.0.2.10:80 -r 10.1.0.3:8080 -m -w 1",
                "-a -t 192.0.2.10:80 -r 10.1.0.22:80 -g -w 2",
                "-A -u 192.0.2.10:5060 -s rr -p 60 --pe sip -o",
                "-A --sctp-service 192.0.2.1:2905 -s wrr",
                "-A -t [2001:db8::5]:443 -s mh -p 600 -M 64 -b mh-fallback,mh-port",
                "-a -t [2001:db8::5]:443 -r [2001:db8:0:1::4]:443 -i -w 0 --tun-type ipip",
                "-a -t [2001:db8::5]:443 -r [2001:db8:0:1::5]:443 -i -w 1 --tun-type gue --tun-port 6080 --tun-nocsum",
                "-a -t [2001:db8::5]:443 -r [2001:db8:0:1::6]:443 -i -w 1 --tun-type gre --tun-csum",
                "-A -f 3 -s sh -b sh-port",
                "-a -f 3 -r 172.16.11.76:5060 -g -w 1",
                "-A -f 5 -6 -s sed",
            ])
    }

    @Test func `the listing is that of ipvsadm`() {
        let lines = TableText.listing(Self.table) { _, server in
            server.port == 8080 ? TableText.Connections(active: 12, inactive: 3) : TableText.Connections()
        }
        #expect(
            lines == [
                "Prot LocalAddress:Port Scheduler Flags",
                "  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn",
                "TCP  192.0.2.10:80 wlc persistent 300 mask 255.255.255.0",
                "  -> 10.1.0.3:8080                Masq    1      12         3         ",
                "  -> 10.1.0.22:80                 Route   2      0          0         ",
                "UDP  192.0.2.10:5060 rr persistent 60 pe sip ops",
                "SCTP 192.0.2.1:2905 wrr",
                "TCP  [2001:db8::5]:443 mh (mh-fallback,mh-port) persistent 600 mask 64",
                "  -> [2001:db8:0:1::4]:443        Tunnel  0      0          0         ",
                "  -> [2001:db8:0:1::5]:443        Tunnel  1      0          0         ",
                "  -> [2001:db8:0:1::6]:443        Tunnel  1      0          0         ",
                "FWM  3 sh (sh-port)",
                "  -> 172.16.11.76:5060            Route   1      0          0         ",
                "FWM  5 IPv6 sed",
            ])
    }

    @Test func `a step reads as what was tried`() {
        let step = Step.addServer(
            endpoint("10.1.0.21:80"), ServerOptions(forwarding: .dr, weight: 2), of: tcp("192.0.2.10:80"))
        #expect(step.description == "add dr server 10.1.0.21:80 with weight 2 to tcp://192.0.2.10:80")
    }
}
