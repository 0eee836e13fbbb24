extension ProblemTests {
    /// What the kernel refuses, or takes and does not do.
    static let optionRows = Row.parse(
        #"""
        service| {name: a, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], flags: sh-port}
          6:88: error: service a has the flag sh-port, which is one of scheduler sh; its scheduler is wlc

        service| {name: a, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], scheduler: mh, \#
        flags: [sh-fallback, mh-port]}
          6:103: error: service a has the flag sh-fallback, which is one of scheduler sh; its scheduler is mh \#
        (did you mean "mh-fallback"?)

        service| {name: a, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], scheduler: sh, \#
        flags: flag-2}
          6:103: error: service a has the flag flag-2, which scheduler sh calls otherwise (did you mean \#
        "sh-port"?)

        service| {name: a, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], scheduler: mh, \#
        flags: flag-3}
          6:103: error: service a has the flag flag-3, which scheduler mh has not

        service| {name: a, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], flags: flag-3}
          6:88: warning: service a has the flag flag-3, which the kernel keeps; but its scheduler wlc looks at none

        service| {name: a, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], flags: [mh-prot]}
          6:89: error: "mh-prot" is no flag; it is sh-fallback, sh-port, mh-fallback, mh-port, flag-1, flag-2 or \#
        flag-3 (did you mean "mh-port"?)

        service| {name: a, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], \#
        persistence_netmask: 24}
          6:102: error: service a has a persistence_netmask and no persistence

        service| {name: a, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], persistence: 1m, \#
        persistence_netmask: 33}
          6:119: error: "33" is no mask of IPv4; it is like 255.255.255.0, or 0 to 32

        service| {name: a, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], persistence: 1m, \#
        persistence_netmask: {ipv6: 64}}
          6:119: error: service a has a mask of IPv6 and does not listen in that family

        service| {name: a, listen: "tcp://[2001:db8::10]:80", forward: nat, servers: ["2001:db8::1"], \#
        persistence: 1m, persistence_netmask: 255.255.255.0}
          6:128: error: service a has a mask of IPv4 and does not listen in that family

        service| {name: a, listen: "tcp://[2001:db8::10]:80", forward: nat, servers: ["2001:db8::1"], \#
        persistence: 1m, persistence_netmask: 0}
          6:128: error: "0" is no mask of IPv6; it is 1 to 128 bits, and the kernel refuses others

        service| {name: a, listen: ["tcp://192.0.2.10:80", "tcp://[2001:db8::10]:80"], forward: nat, servers: \#
        [10.0.0.1, "2001:db8::1"], persistence: 1m, persistence_netmask: 24}
          6:163: error: the service listens in both families, and "24" could be of either (did you mean "{ipv4: \#
        24, ipv6: 64}"?)

        service| {name: a, listen: "udp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: none, \#
        persistence_engine: sip}
          6:114: error: service a has the persistence_engine sip and no persistence

        service| {name: a, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], persistence: 1m, \#
        persistence_engine: sip}
          6:118: error: service a has the persistence_engine sip and listens on tcp://192.0.2.10:80, where the \#
        kernel would drop every packet: the engine reads udp alone

        service| {name: a, listen: "udp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: none, \#
        persistence: 1m, persistence_engine: sipp}
          6:131: error: "sipp" is no persistence_engine; it is sip (did you mean "sip"?)

        service| {name: a, listen: "sctp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: none, \#
        one_packet: true}
          6:107: error: service a listens on sctp://192.0.2.10:80, and the kernel does one_packet for udp:// and \#
        fwmark:// alone

        service| {name: a, listen: "udp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: none, \#
        one_packet: yes}
          6:106: error: "yes" is no one_packet; it is true or false (did you mean "true"?)

        service| {name: a, listen: "tcp://192.0.2.10:80", forward: dr, servers: [10.0.0.1], masquerade: true}
          6:92: error: service a has masquerade, and none of its servers is reached by nat; leave it out

        service| {name: a, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], masquerade: 1}
          6:93: error: "1" is no masquerade; it is true or false

        service| {name: a, listen: "tcp://192.0.2.10:80", forward: nat, servers: [{address: 10.0.0.1, lower: 5}]}
          6:70: error: server 10.0.0.1:80 of service a has lower 5 and no upper, which the kernel refuses; give it both

        service| {name: a, listen: "tcp://192.0.2.10:80", forward: nat, servers: [{address: 10.0.0.1, lower: 5, \#
        upper: 4}, {address: 10.0.0.2, upper: 0}, {address: 10.0.0.3, upper: 2147483648}]}
          6:138: error: upper is 0; it is 1 to 2,147,483,647
          6:169: error: upper is 2147483648; it is 1 to 2,147,483,647

        service| {name: a, listen: "tcp://192.0.2.10:80", forward: nat, servers: [{address: 10.0.0.1, lower: 5, \#
        upper: 4}]}
          6:70: error: server 10.0.0.1:80 of service a has lower 5 above upper 4, which the kernel refuses

        service| {name: a, listen: "tcp://192.0.2.10:80", forward: tun, tunnel: gue, servers: [10.0.0.1]}
          6:83: error: server 10.0.0.1:80 of service a has a gue tunnel without port, which the kernel refuses; \#
        6080 is IANA's

        service| {name: a, listen: "tcp://192.0.2.10:80", forward: tun, servers: [{address: 10.0.0.1, tunnel: \#
        {port: 6080}}, {address: 10.0.0.2, tunnel: {checksum: full}}, {address: 10.0.0.3, tunnel: {type: gre, \#
        checksum: remote}}]}
          6:70: error: server 10.0.0.1:80 of service a has a tunnel with a port, and ipip has none; gue does
          6:113: error: server 10.0.0.2:80 of service a has a tunnel with a checksum, and ipip has none; gue and gre do
          6:160: error: server 10.0.0.3:80 of service a has a gre tunnel with remote checksum, which is gue's alone

        service| {name: a, listen: "tcp://192.0.2.10:80", forward: nat, servers: [{address: 10.0.0.1, tunnel: gre}]}
          6:70: error: server 10.0.0.1:80 of service a has a tunnel, and is reached by nat; leave it out

        service| {name: a, listen: "tcp://192.0.2.10:80", forward: dr, servers: [10.0.0.1], tunnel: gre}
          6:88: error: service a has a tunnel, and none of its servers is reached by tun; leave it out

        service| {name: a, listen: "tcp://192.0.2.10:80", forward: tun, servers: [10.0.0.1], tunnel: {typ: gre}}
          6:90: error: "typ" is no key of a tunnel (did you mean "type"?)

        rest| timeouts: {tcp: 900, tcp_fin: 1500ms, udp: 600h}
          4:17: error: tcp is 900 without a unit; durations have one of us, ms, s, m, h, d (did you mean "900s"?)
          4:31: error: tcp_fin is whole seconds
          4:44: error: udp is 600h; it is 1s to 576h

        rest| timeouts: {icmp: 1s}
          4:12: error: "icmp" is no key of timeouts
        """#)

    static let listenRows = Row.parse(
        #"""
        service| {name: a, group: web, listen: "fwmark://0", forward: dr, servers: [10.0.0.1], check: none}
          6:35: error: "fwmark://0" has no mark; marks are 1 to 4294967295, decimal or 0x…

        service| {name: a, group: web, listen: "fwmark://7/ip6", forward: dr, servers: [10.0.0.1], check: none}
          6:35: error: "fwmark://7/ip6" has no family behind its mark; it is ipv4, which may be left out, or \#
        ipv6 (did you mean "fwmark://7/ipv6"?)

        service| {name: a, listen: "fwmark://7", forward: dr, servers: [10.0.0.1], check: none}
          6:23: warning: service a listens on marks alone and has no group; say whose holder decides about its servers

        service| {name: a, group: web, listen: ["fwmark://7", "fwmark://0x7"], forward: dr, servers: [10.0.0.1], \#
        check: none}
          6:50: error: this service listens on fwmark://7 already

        service| {name: a, group: web, listen: "fwmark://7", forward: dr, servers: [10.0.0.1]}
          6:72: error: server 10.0.0.1 of service a has no port to check, because not one port is listened on; \#
        give the check a port or the server one, or say check: none

        service| {name: a, group: web, listen: "fwmark://7", forward: dr, check: none, servers: [10.0.0.1:80, \#
        10.0.0.1:81]}
          6:98: error: server 10.0.0.1:81 of service a stands here twice: dr cannot change ports, so its address \#
        alone tells it from others

        service| {name: a, group: web, listen: "fwmark://7/ipv6", forward: nat, check: none, servers: [10.0.0.1]}
          6:35: error: service a listens on fwmark://7/ipv6 and has no IPv6 server
          6:91: error: server 10.0.0.1 of service a is IPv4, and nothing is listened on in that family; tun \#
        alone would reach it

        service| {name: a, listen: "tcp://192.0.2.10:90-80", forward: nat, servers: [10.0.0.1]}
          6:23: error: "tcp://192.0.2.10:90-80" is a range that ends before it begins

        service| {name: a, listen: "tcp://192.0.2.10:0-80", forward: nat, servers: [10.0.0.1]}
          6:23: error: "tcp://192.0.2.10:0-80" has port 0 in a range; alone, it stands for all ports

        service| {name: a, listen: "tcp://192.0.2.10:80-", forward: nat, servers: [10.0.0.1]}
          6:23: error: "tcp://192.0.2.10:80-" is no ADDRESS:PORT behind its protocol (tcp://10.0.0.1:80, \#
        tcp://[2001:db8::1]:80), nor a range of either (tcp://10.0.0.1-10.0.0.9:8000-8009)

        service| {name: a, listen: "tcp://192.0.2.10:1-65535", forward: nat, servers: [10.0.0.1]}
          6:23: error: 65535 addresses and ports are listened on, each a service of the kernel's; at most 4096 \#
        are accepted: mark the packets with netfilter and listen on fwmark://MARK

        service| {name: a, listen: "tcp://[2001:db8::-2001:db9::]:80", forward: nat, servers: ["2001:db8::1"]}
          6:23: error: 2147483647 addresses and ports are listened on, each a service of the kernel's; at most \#
        4096 are accepted: mark the packets with netfilter and listen on fwmark://MARK

        service| {name: a, listen: ["tcp://192.0.2.10:1-4000", "tcp://192.0.2.10:5001-6000"], forward: nat, \#
        servers: [10.0.0.1:80]}
          6:23: error: 5000 addresses and ports are listened on, each a service of the kernel's; at most 4096 \#
        are accepted: mark the packets with netfilter and listen on fwmark://MARK

        service| {name: a, listen: "tcp://192.0.2.20-192.0.2.29:80", forward: nat, servers: [10.0.0.1]}
          6:23: warning: 6 more addresses of service a are no group's, or not its own's
          6:23: warning: no group has 192.0.2.20; right only if it is routed to the directors
          6:23: warning: no group has 192.0.2.21; right only if it is routed to the directors
          6:23: warning: no group has 192.0.2.22; right only if it is routed to the directors
          6:23: warning: no group has 192.0.2.23; right only if it is routed to the directors

        service| {name: a, listen: "tcp://192.0.2.10:80-81", forward: nat, servers: [10.0.0.1:80]}⏎  - {name: b, \#
        listen: ["tcp://192.0.2.10:0080", "tcp://192.0.2.10:81-82"], forward: nat, servers: [10.0.0.1:80]}
          7:24: error: service a listens on tcp://192.0.2.10:80 already
          7:49: error: service a listens on tcp://192.0.2.10:81 already

        service| {name: a, listen: "tcp://[2001:db8::10]:80", forward: nat, servers: ["2001:db8::1"]}⏎  - {name: \#
        b, listen: "tcp://[2001:DB8:0:0::0010]:80", forward: nat, servers: ["2001:db8::1"]}
          7:23: error: service a listens on tcp://[2001:db8::10]:80 already

        service| {name: a, listen: "sctp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: {http: /}}
          6:89: error: service a listens on sctp:// and is checked by http, which is tcp; use tcp or none

        pair| sync: {interface: eth1}⏎groups: {web: {addresses: [192.0.2.10]}}⏎services:⏎  - {name: a, listen: \#
        "tcp://192.0.2.10:80", forward: tun, servers: ["2001:db8::1"]}
          7:70: error: server [2001:db8::1]:80 of service a is IPv6 behind IPv4, which the kernel refuses together \#
        with its connection sync; leave pair.sync out, or give it a server of its own family
        """#)
}
