extension ProblemTests {
    static let dataPathRows = Row.parse(
        #"""
        service| {name: web, listen: "tcp://192.0.2.10:80", forward: dr, servers: [10.0.0.1], check: {data_path: 1}}
          6:101: error: "1" is no data_path; it is true or false

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], \#
        check: {data_path: true}}
          6:90: error: service web has data_path, and server 10.0.0.1:80 is reached by nat: it has no virtual \#
        address, and the check goes its way already; leave it out

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: dr, servers: [10.0.0.1], \#
        check: {none, data_path: true}}
          6:89: error: service web has data_path, and nothing is checked beside it; say check: {tcp, data_path: \#
        true}, or leave it out

        service| {name: dns, listen: "udp://192.0.2.10:53", forward: dr, servers: [10.0.0.1], \#
        check: {tcp, data_path: true}}
          6:89: error: service dns has data_path, and listens on udp:// alone, where a check of dns, ntp, radius, \#
        udp or sip over udp is asked, and this is none; check by one of them, or leave it out
          6:89: warning: service dns listens on udp:// and is checked by tcp; servers that answer udp only are down

        service| {name: calls, listen: "udp://192.0.2.10:5060", forward: dr, servers: [10.0.0.1], \#
        check: {sip, transport: tcp, data_path: true}}
          6:93: error: service calls has data_path, and listens on udp:// alone, where a check of dns, ntp, \#
        radius, udp or sip over udp is asked, and this is none; check by one of them, or leave it out
          6:93: warning: service calls listens on udp:// and is checked by tcp; servers that answer udp only are down

        service| {name: dns, listen: ["tcp://192.0.2.10:53", "udp://192.0.2.10:53"], forward: dr, servers: [10.0.0.1], \#
        check: {udp, send: "x", data_path: true}}
          6:114: error: service dns has data_path, and its check takes silence for good, as a server without the \#
        virtual address has it; say what has to come back with expect

        service| {name: dns, listen: "sctp://192.0.2.10:53", forward: dr, servers: [10.0.0.1], \#
        check: {dns: a.example, data_path: true}}
          6:90: error: service dns has data_path, which asks over tcp and udp, and listens on neither; leave it out
          6:90: warning: service dns is checked by dns over udp and does not listen on it; servers that answer tcp \#
        only are down

        service| {name: web, listen: "fwmark://7", forward: dr, servers: ["10.0.0.1:80"], \#
        check: {tcp, data_path: true}}
          6:25: warning: service web listens on marks alone and has no group; say whose holder decides about its \#
        servers
          6:85: error: service web has data_path, and listens on a mark, which has no address to ask for; leave it \#
        out

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: dr, servers: [10.0.0.1, 127.0.0.1], \#
        check: {tcp, data_path: true}}
          6:100: error: service web has data_path, and server 127.0.0.1:80 is this director; leave it out

        service| {name: web, listen: ["tcp://192.0.2.10:80", "udp://[2001:db8::10]:80"], forward: dr, \#
        servers: [10.0.0.1, "2001:db8::1"], check: {tcp, data_path: true}}
          6:133: error: service web has data_path, and server [2001:db8::1]:80 stands behind none of the \#
        listens that are asked; leave it out
          6:133: warning: service web listens on udp:// and is checked by tcp; servers that answer udp only are down

        service| {name: web, listen: "tcp://10.9.0.1-10.9.0.17:80", forward: dr, servers: [10.0.0.1], \#
        check: {tcp, data_path: true}}
          6:25: warning: 13 more addresses of service web are no group's, or not its own's
          6:25: warning: no group has 10.9.0.1; right only if it is routed to the directors
          6:25: warning: no group has 10.9.0.2; right only if it is routed to the directors
          6:25: warning: no group has 10.9.0.3; right only if it is routed to the directors
          6:25: warning: no group has 10.9.0.4; right only if it is routed to the directors
          6:97: error: service web has data_path, and listens on 17 addresses; at most 16 are asked for: divide the \#
        service

        service| {name: web, listen: "tcp://192.0.2.10:0", persistence: 60s, forward: dr, servers: [10.0.0.1], \#
        check: {script: /up, data_path: true}}
          6:106: error: service web has data_path, and server 10.0.0.1 has no port to ask; give the check a port or \#
        the server one
        """#)
}
