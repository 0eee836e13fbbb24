extension ProblemTests {
    static let serviceRows = Row.parse(
        #"""
        service| web
          6:5: error: expected a service, a mapping with a name, found "web"

        service| {}
          6:5: error: a service needs forward: nat, dr or tun; there is no default, because a guess loses every \#
        packet
          6:5: error: a service needs listen
          6:5: error: a service needs name
          6:5: error: a service needs servers

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: dr, servers: [10.0.0.1], group: wbe}
          6:89: error: there is no group wbe (did you mean "web"?)

        service| {name: web, listen: "tcp://192.0.2.10:80", servers: [10.0.0.1]}
          6:5: error: service web needs forward: nat, dr or tun; there is no default, because a guess loses \#
        every packet

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: drr, servers: [10.0.0.1, 10.0.0.2:8080]}
          6:57: error: "drr" is no forward; it is nat, dr or tun (did you mean "dr"?)

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: dr, servers: [10.0.0.1:8080]}
          6:71: error: server 10.0.0.1:8080 of service web has port 8080, and port 80 is listened on; dr cannot \#
        change ports

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [127.0.0.1]}
          6:72: error: server 127.0.0.1:80 of service web is on the loopback, where nat loses every packet; use \#
        fallback: local, or forward: dr

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: dr, servers: [127.0.0.1]}

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: tun, servers: [127.0.0.1]}
          6:72: error: server 127.0.0.1:80 of service web is on the loopback, where tun loses every packet; use \#
        fallback: local, or forward: dr

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: dr, servers: [192.0.2.2]}
          6:71: error: server 192.0.2.2:80 of service web is director lb1, which cannot be a dr server of its \#
        own pair: connections would not survive a takeover

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [192.0.2.10]}
          6:72: error: server 192.0.2.10:80 of service web is a virtual address of group web; it would answer \#
        itself

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: ["2001:db8::21"]}
          6:25: error: service web listens on tcp://192.0.2.10:80 and has no IPv4 server
          6:72: error: server [2001:db8::21]:80 of service web is IPv6, and nothing is listened on in that \#
        family; tun alone would reach it

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: tun, servers: ["2001:db8::21"]}

        service| {name: web, listen: ["tcp://192.0.2.10:80", "tcp://[2001:db8::10]:80"], forward: nat, servers: \#
        [10.0.0.1]}
          6:49: error: service web listens on tcp://[2001:db8::10]:80 and has no IPv6 server

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1, 10.0.0.1:80]}
          6:82: error: server 10.0.0.1:80 of service web stands here twice

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1:80, 10.0.0.1:080, \#
        "[::ffff:a00:1]:80"]}
          6:85: error: server 10.0.0.1:80 of service web stands here twice
          6:99: error: server 10.0.0.1:80 of service web stands here twice
          6:99: warning: ::ffff:a00:1 is an IPv4 address in IPv6's clothes; it is read as 10.0.0.1

        service| {name: web, listen: "tcp://[2001:db8::10]:80", forward: nat, servers: ["2001:db8::1", \#
        "[2001:DB8:0:0::0001]:080"]}
          6:91: error: server [2001:db8::1]:80 of service web stands here twice

        service| {name: web, group: web, listen: ["fwmark://7", "fwmark://0x7", "fwmark://7/ipv4"], forward: nat, \#
        servers: [10.0.0.1:80], check: none}
          6:52: error: this service listens on fwmark://7 already
          6:68: error: this service listens on fwmark://7 already

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1:0, 10.0.0.2:99999, \#
        host, 224.0.0.1]}
          6:72: error: "10.0.0.1:0" has port 0; ports are 1 to 65535
          6:84: error: "10.0.0.2:99999" is no address with or without port (10.0.0.1:80, [2001:db8::1]:80)
          6:100: error: "host" is no address with or without port (10.0.0.1:80, [2001:db8::1]:80)

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [{address: 10.0.0.1, weight: \#
        -1}, {address: 10.0.0.2, weight: 2147483648}]}
          6:100: error: expected a number for weight, found "-1"
          6:133: error: weight is 2147483648; it is 0 to 2,147,483,647

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [{address: 10.0.0.1:80, \#
        port: 81}, {port: 81}]}
          6:72: error: this server has two ports, 80 and 81
          6:106: error: a server needs address

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: shop}
          6:71: error: there is no pool "shop"

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: shpo}⏎pools: {shop: [10.0.0.1]}
          6:71: error: there is no pool "shpo" (did you mean "shop"?)
          7:9: warning: pool shop is used by no service

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: shop}⏎pools: {shop: \#
        [10.0.0.300]}
          7:16: error: "10.0.0.300" is no address with or without port (10.0.0.1:80, [2001:db8::1]:80)

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: []}
          6:71: warning: service web has no servers; nobody answers its clients

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], fallback: lcoal}
          6:93: error: "lcoal" is no fallback; it is local or a server's address (did you mean "local"?)

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], fallback: \#
        "2001:db8::1"}
          6:93: error: fallback [2001:db8::1]:80 of service web is IPv6, and nothing is listened on in that \#
        family; tun alone would reach it

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], fallback: 10.0.0.1}
          6:93: error: fallback 10.0.0.1:80 of service web is one of its servers already

        service| {name: web, listen: "192.0.2.10:80", forward: nat, servers: [10.0.0.1]}
          6:25: error: "192.0.2.10:80" does not begin with tcp://, udp://, sctp:// or fwmark:// (did you mean \#
        "tcp://192.0.2.10:80"?)

        service| {name: web, listen: "tpc://192.0.2.10:80", forward: nat, servers: [10.0.0.1]}
          6:25: error: tpc:// is no protocol; use tcp://, udp://, sctp:// or fwmark:// (did you mean \#
        "tcp://192.0.2.10:80"?)

        service| {name: web, listen: "tcp://2001:db8::10", forward: nat, servers: [10.0.0.1]}
          6:25: error: "tcp://2001:db8::10" has no port, or its IPv6 address no brackets: tcp://10.0.0.1:80, \#
        tcp://[2001:db8::1]:80

        service| {name: web, listen: "tcp://192.0.2.10:0", forward: nat, servers: [10.0.0.1]}
          6:25: error: service web listens on tcp://192.0.2.10:0, all ports, which the kernel does for \#
        persistent services alone; give it persistence or a port, or listen on fwmark://MARK
          6:71: error: server 10.0.0.1 of service web has no port to check, because not one port is listened \#
        on; give the check a port or the server one, or say check: none

        service| {name: web, listen: "tcp://192.0.2.99:80", forward: nat, servers: [10.0.0.1]}
          6:25: warning: no group has 192.0.2.99; right only if it is routed to the directors

        service| {name: web, group: web, listen: "tcp://192.0.2.99:80", forward: nat, servers: [10.0.0.1]}
          6:37: warning: 192.0.2.99 is none of group web's addresses; right only if it is routed to the directors

        service| {name: web, listen: ["tcp://192.0.2.10:80", "tcp://[::ffff:192.0.2.10]:080"], forward: nat, \#
        servers: [10.0.0.1]}
          6:49: error: this service listens on tcp://192.0.2.10:80 already
          6:49: warning: ::ffff:c000:20a is an IPv4 address in IPv6's clothes; it is read as 192.0.2.10

        service| {name: web, listen: ["tcp://192.0.2.10:80", "tcp://192.0.2.10:81"], forward: nat, servers: \#
        [10.0.0.1]}
          6:97: error: server 10.0.0.1 of service web has no port to check, because not one port is listened \#
        on; give the check a port or the server one, or say check: none

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1]}⏎  - {name: web, \#
        listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1]}
          7:12: error: there is a service web already
          7:25: error: this service listens on tcp://192.0.2.10:80 already

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], scheduler: wllc}
          6:94: error: "wllc" is no scheduler; it is rr, wrr, lc, wlc, lblc, lblcr, dh, sh, sed, nq, fo, ovf, \#
        mh or twos (did you mean "wlc"?)

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], persistence: 300}
          6:96: error: persistence is 300 without a unit; durations have one of us, ms, s, m, h, d (did you mean \#
        "300s"?)

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], persistence: \#
        1500ms}
          6:96: error: persistence is whole seconds

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], persistence: 745h}
          6:96: error: persistence is 745h; it is 1s to 744h

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], verdicts: mine}
          6:93: error: "mine" is no verdicts; it is holder, both or any

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], on_down: delete}
          6:92: error: "delete" is no on_down; it is remove or quiesce

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], notify: x, \#
        qourum: 2}
          6:83: error: notify of a service is not built yet; leave it out
          6:94: error: "qourum" is no key of a service (did you mean "quorum"?)
        """#)
}
