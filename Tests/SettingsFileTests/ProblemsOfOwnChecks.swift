extension ProblemTests {
    static let ownCheckRows = Row.parse(
        #"""
        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, check: {http: /}, \#
        servers: [10.0.0.1, {address: 10.0.0.2, check: {port: 8080}}, {address: 10.0.0.3, check: }]}
          6:127: error: a server's own check takes nothing of its service's and names its kind: {http: /, port: 8080}
          6:169: error: expected tcp, tls, http, https, grpc, grpcs, dns, redis, smtp, imap, pop3, ftp, udp, \#
        ntp, ping, mysql, postgresql, ldap, radius, sip, script, file or none, or a mapping like {http: /, interval: 2s}, \#
        found nothing

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, \#
        servers: [{address: 10.0.0.1, check: {tcp, interval: 1s, timeout: 2s}}, {address: 10.0.0.2, check: none}]}
          6:72: error: service web (server 10.0.0.1:80): timeout 2s is longer than the interval 1s

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], \#
        fallback: {address: 10.0.0.9, check: {tls, key: /k.pem}}}
          6:93: error: service web (fallback 10.0.0.9:80): the check has a key and no certificate that it belongs to

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, check: {http: /}, \#
        servers: [{address: 10.0.0.1, check: {tcp, status: 200}}, {address: 10.0.0.2, check: passive}]}
          6:131: error: status goes with a check of http, https or sip, and this one is tcp
          6:165: error: passive is a key of the service, beside its check; write passive: true there

        rest| defaults: {check: {http: /, status: 200}}⏎pools: {shop: [{address: 10.0.0.1, check: htp}]}⏎services: \#
        [{name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: shop}]
          5:43: error: "htp" is no check; it is tcp, tls, http, https, grpc, grpcs, dns, redis, smtp, imap, \#
        pop3, ftp, udp, ntp, ping, mysql, postgresql, ldap, radius, sip, script, file or none (did you mean "http"?)
          6:32: warning: no group has 192.0.2.10; right only if it is routed to the directors

        service| {name: dns, listen: "udp://192.0.2.10:53", forward: nat, \#
        servers: [{address: 10.0.0.1, check: {dns: a}}, {address: 10.0.0.2, check: {http: /}}]}
          6:110: error: service dns (server 10.0.0.2:53) listens on udp:// and is checked by http, which is tcp; use \#
        dns, udp, tcp or none

        service| {name: dns, listen: "udp://192.0.2.10:53", forward: nat, \#
        servers: [{address: 10.0.0.1, check: {dns: a}}, {address: 10.0.0.2, check: none}]}

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, check: tcp, \#
        servers: [{address: 10.0.0.1, check: {http: /}}], fallback: local}
          6:69: warning: service web has a check, and each of its servers has one of its own; leave it out

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, check: tcp, \#
        servers: [{address: 10.0.0.1, check: {http: /}}], fallback: 10.0.0.9}

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: dr, check: {tcp, data_path: true}, \#
        servers: [10.0.0.1, {address: 10.0.0.2, forward: nat, check: tcp}]}

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: dr, \#
        servers: [10.0.0.1, {address: 10.0.0.2, forward: nat, check: {tcp, data_path: true}}]}
          6:81: error: service web (server 10.0.0.2:80) has data_path, and server 10.0.0.2:80 is reached by nat: it \#
        has no virtual address, and the check goes its way already; leave it out

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, \#
        servers: [10.0.0.1, {address: 10.0.0.2, check: {tcp, source: {lb3: 10.9.0.2, lb2: "2001:db8::2"}}}]}
          6:82: error: service web (server 10.0.0.2:80) has a source for director lb3, which the pair does not have \#
        (did you mean "lb1"?)
          6:82: error: service web (server 10.0.0.2:80): server 10.0.0.2 is IPv4, and director lb2 has the source \#
        2001:db8::2 alone; name one of each family, lb2: [2001:db8::2, IPv4]

        service| {name: all, listen: "fwmark://7", group: web, forward: dr, check: none, \#
        servers: [10.0.0.1, {address: 10.0.0.2, check: tcp}, {address: 10.0.0.3, check: {tcp, port: 80}}]}
          6:97: error: server 10.0.0.2 of service all has no port to check, because not one port is listened on; give \#
        the check a port or the server one, or say check: none
        """#)
}
