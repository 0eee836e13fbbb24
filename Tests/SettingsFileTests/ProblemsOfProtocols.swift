extension ProblemTests {
    static let protocolRows = Row.parse(
        #"""
        check| {redis: 6379}
          6:98: error: redis takes no value; write {redis, interval: 2s}

        check| {grpc: shop.Cart}
          6:97: error: grpc takes no value; write {grpc, interval: 2s}

        check| {grpc, sni: a.b}
          6:102: error: sni goes with a check of tls, https, grpcs, smtp, imap, pop3, ftp, mysql or postgresql, and this one is \#
        grpc

        check| {http: /, version: 3}
          6:109: error: "3" is no version; it is 1.1 or 2 (did you mean "2"?)

        check| {tcp, service: a}
          6:105: error: service goes with a check of grpc or grpcs, and this one is tcp

        check| {redis, user: probe}
          6:90: error: service web: the check has a user and no auth

        check| {redis, auth: hunter2}
          6:104: error: auth names a file that holds it; no secret stands here: {file: /path}

        check| {redis, auth: {}}
          6:104: error: auth needs file

        check| {redis, auth: {fil: /a}}
          6:104: error: auth needs file
          6:105: error: "fil" is no key of a secret (did you mean "file"?)

        check| {redis, auth: {file: a}}
          6:111: error: "a" is no path that begins with / and has at most 1,024 bytes

        check| {redis, auth: {file: /a}, user: ""}
          6:122: error: expected a user's name, found nothing

        check| {redis, role: slave}
          6:104: error: "slave" is no role; it is master or replica

        check| {tcp, role: master}
          6:102: error: role goes with a check of redis, and this one is tcp

        check| {smtp, helo: a..b}
          6:103: error: "a..b" is no host name

        check| {smtp, starttls: maybe}
          6:107: error: "maybe" is no starttls; it is true or false

        check| {smtp, verify: false, sni: a}
          6:105: error: verify is of TLS, which this check speaks with starttls: true alone
          6:117: error: sni is of TLS, which this check speaks with starttls: true alone

        check| {tls, starttls: true}
          6:106: error: starttls goes with a check of smtp, imap, pop3, ftp, mysql or postgresql, and this one is tls

        check| {imap, helo: a}
          6:103: error: helo goes with a check of smtp, and this one is imap

        check| udp
          6:90: warning: service web is checked by udp over udp and does not listen on it; servers that answer tcp \#
        only are down

        check| {ntp: 123}
          6:96: error: ntp takes no value; write {ntp, interval: 2s}

        check| {ping: 10.0.0.1}
          6:97: error: ping takes no value; write {ping, interval: 2s}

        check| {ping, port: 7}
          6:90: error: service web: the check has a port, and ping asks at none; leave it out

        check| {ping, proxy: v1}
          6:90: error: service web: proxy is said before a conversation over TCP, and the check has none; say what \#
        has to come back with expect, or leave proxy out

        check| {ping, expect: a}
          6:105: error: expect goes with a check of tcp, tls or udp, and this one is ping

        service| {name: all, listen: "tcp://192.0.2.10:0", persistence: 60s, forward: nat, servers: [10.0.0.1], \#
        check: ping}

        check| {mysql, auth: {file: /a}}
          6:90: error: service web: the check has an auth and no user

        check| {postgresql, auth: {file: /a}}
          6:90: error: service web: the check has an auth and no user

        check| {postgresql, user: a, auth: hunter2}
          6:118: error: auth names a file that holds it; no secret stands here: {file: /path}

        check| {mysql, verify: false}
          6:106: error: verify is of TLS, which this check speaks with starttls: true alone

        check| {smtp, auth: {file: /a}}
          6:103: error: auth goes with a check of redis, mysql, postgresql, ldap or radius, and this one is smtp

        check| {redis, database: a}
          6:108: error: database goes with a check of postgresql, and this one is redis

        check| radius
          6:90: error: service web: the check has no secret, without which no RADIUS server answers
          6:90: warning: service web is checked by radius over udp and does not listen on it; servers that answer tcp \#
        only are down

        service| {name: aaa, listen: "udp://192.0.2.10:1812", forward: nat, servers: [10.0.0.1], \#
        check: {radius, secret: hunter2}}
          6:109: error: secret names a file that holds it; no secret stands here: {file: /path}

        service| {name: aaa, listen: "udp://192.0.2.10:1812", forward: nat, servers: [10.0.0.1], \#
        check: {radius, secret: {file: /s}, user: a}}
          6:92: error: service aaa: the check has a user and no auth

        service| {name: aaa, listen: "udp://192.0.2.10:1812", forward: nat, servers: [10.0.0.1], \#
        check: {radius, secret: {file: /s}, auth: {file: /a}}}
          6:92: error: service aaa: the check has an auth and no user

        service| {name: aaa, listen: "udp://192.0.2.10:1812", forward: nat, servers: [10.0.0.1], \#
        check: {radius, secret: {file: /s}, reply: any}}
          6:92: error: service aaa: the check has a reply and no user whom it would be about

        check| {redis, secret: {file: /s}}
          6:106: error: secret goes with a check of radius, and this one is redis

        check| {ldap, reply: any}
          6:104: error: reply goes with a check of radius, and this one is ldap

        check| sip
          6:90: warning: service web is checked by sip over udp and does not listen on it; servers that answer tcp \#
        only are down

        check| {sip, transport: tcp}

        check| {sip, transport: tls}
          6:107: error: "tls" is no transport; it is udp or tcp

        check| {sip, transport: tcp, status: 100}
          6:120: error: "100" is no status or range of statuses within 200 to 699

        check| {http: /, transport: tcp}
          6:111: error: transport goes with a check of sip, and this one is http

        check| {sip, proxy: v1}
          6:90: error: service web: proxy is said before a conversation over TCP, and the check has none; say what \#
        has to come back with expect, or leave proxy out
          6:90: warning: service web is checked by sip over udp and does not listen on it; servers that answer tcp \#
        only are down

        service| {name: aaa, listen: "udp://192.0.2.10:5060", forward: nat, servers: [10.0.0.1], \#
        check: {sip, transport: tcp, proxy: v1}}
          6:92: warning: service aaa listens on udp:// and is checked by tcp; servers that answer udp only are down

        check| {ldap, user: cn=a}
          6:90: error: service web: the check has a user and no auth

        check| {ldap, auth: {file: /a}}
          6:90: error: service web: the check has an auth and no user
        """#)
}
