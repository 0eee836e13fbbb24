extension ProblemTests {
    static let checkRows = Row.parse(
        #"""
        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: htp}
          6:90: error: "htp" is no check; it is tcp, tls, http, https, grpc, grpcs, dns, \#
        redis, smtp, imap, pop3, ftp, udp, ntp, ping, mysql, postgresql, ldap, radius, sip, script, file or none (did you mean "http"?)

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: passive}
          6:90: error: passive is a key of the service, beside its check; write passive: true there

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: {tcp, \#
        http: /}}
          6:90: error: a check is of one kind, and this one of tcp and http

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: {passive: \#
        {period: 1m}}}
          6:91: error: passive is a key of the service, beside its check; write passive: true there

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: {http: \#
        healthz}}
          6:97: error: "healthz" is no path that begins with / and has no blanks or umlauts in it

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: {http: /, \#
        status: 700}}
          6:108: error: "700" is no status or range of statuses within 100 to 599

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: {http: /, \#
        status: 299-200}}
          6:108: error: "299-200" is no status or range of statuses within 100 to 599

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: {tcp: 80}}
          6:96: error: tcp takes no value; write {tcp, interval: 2s}

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: \#
        {interval: 50ms, timeout: 1ms, rise: 0, fall: 101}}
          6:101: error: interval is 50ms; it is 100ms to 1h
          6:116: error: timeout is 1ms; it is 10ms to 1h
          6:127: error: rise is 0; it is 1 to 100
          6:136: error: fall is 101; it is 1 to 100

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: \#
        {interval: 1s, timeout: 2s}}
          6:90: error: service web: timeout 2s is longer than the interval 1s

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: \#
        {interval: 1s, fast_interval: 2s, down_interval: 500ms}}
          6:90: error: service web: down_interval 500ms is shorter than the interval 1s
          6:90: error: service web: fast_interval 2s is longer than the interval 1s

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: \#
        {fast_interval: 500ms, timeout: 1s}}
          6:90: error: service web: timeout 1s is longer than fast_interval 500ms

        check| {tcp, jitter: 51%}
          6:104: error: jitter is 51; it is 0 to 50

        check| {tcp, jitter: 5}
          6:104: error: expected a percentage for jitter, a whole number with %, found "5" (did you mean "5%"?)

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: \#
        {address: lb, mark: 4294967296}}
          6:100: error: "lb" is no IPv4 or IPv6 address; names are not looked up
          6:110: error: mark is 4294967296; it is 0 to 4,294,967,295

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: \#
        {address: 224.0.0.1}}
          6:90: error: service web: the check's address 224.0.0.1 is a multicast address

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: \#
        {file: /run/up, address: 10.0.0.2}}
          6:90: error: service web: the check has an address and asks no server; leave it out

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: \#
        {tcp, proxy: v2}}
          6:90: error: service web: proxy is said before a conversation over TCP, and the check has none; say what \#
        has to come back with expect, or leave proxy out

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: \#
        {fast_interval: 99ms, down_interval: 61m}}
          6:106: error: fast_interval is 99ms; it is 100ms to 1h
          6:127: error: down_interval is 61m; it is 100ms to 1h

        service| {name: dns, listen: "udp://192.0.2.10:53", forward: nat, servers: [10.0.0.1], check: {http: /}}
          6:90: error: service dns listens on udp:// and is checked by http, which is tcp; use dns, udp, tcp or none

        service| {name: dns, listen: "udp://192.0.2.10:53", forward: nat, servers: [10.0.0.1]}
          6:5: warning: service dns listens on udp:// and is checked by tcp; servers that answer udp only are down

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: \#
        {tcp, send: PING}}
          6:90: error: service web: the check sends and expects nothing; say what has to come back with expect or \#
        expect_regex

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: \#
        {tcp, expect: a, expect_regex: b}}
          6:121: error: expect and expect_regex say the same; a check has one of them

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: \#
        {tcp, status: 200}}
          6:104: error: status goes with a check of http, https or sip, and this one is tcp

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: \#
        {expect: a, http: /}}
          6:99: error: expect goes with a check of tcp, tls or udp, and this one is http

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: \#
        {none, host: a}}
          6:103: error: host goes with a check of http, https, grpc, grpcs or sip, and this one is none

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: \#
        {tcp, expect_regex: '(a'}}
          6:110: error: "(a" is no regular expression for expect_regex: a ( has no )

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: \#
        {tcp, expect: 'a\q'}}
          6:104: error: "a\q" cannot be read as expect: \q is not known; known are \r \n \t \f \v \0 \xHH and \\

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: \#
        {tcp, expect: 'hex:4'}}
          6:104: error: "hex:4" cannot be read as expect: hex: is followed by pairs of hexadecimal digits, and \x \#
        by one pair

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: \#
        {tls, key: /k.pem}}
          6:90: error: service web: the check has a key and no certificate that it belongs to

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: \#
        {https: /, sni: 192.0.2.1}}
          6:106: error: "192.0.2.1" is no host name; without sni the server's address is expected

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: \#
        {https: /, verify: never}}
          6:109: error: "never" is no verify; it is true or false

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: \#
        {https: /, verify: {cA: /a.pem}}}
          6:109: error: verify needs ca
          6:110: error: "cA" is no key of verify (did you mean "ca"?)

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: \#
        {https: /, verify: {ca: a.pem}}}
          6:114: error: "a.pem" is no path that begins with / and has at most 1,024 bytes

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: \#
        {http: /, verify: true}}
          6:108: error: verify goes with a check of tls, https, grpcs, smtp, imap, pop3, ftp, mysql or postgresql, and this one is \#
        http

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: \#
        {https: /, warn_before: 366d}}
          6:114: error: warn_before is 366d; it is 0s to 8760h

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: \#
        {http: /, https: /}}
          6:90: error: a check is of one kind, and this one of http and https

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: \#
        {http: /, method: get}}
          6:108: error: "get" is no method; it is GET, HEAD, OPTIONS or POST (did you mean "GET"?)

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: \#
        {http: /, headers: {}}}
          6:109: error: headers has 0 entries; it is 1 to 32

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: \#
        {http: /, headers: {Host: a, X-A: b, x-a: c, "a b": c, Cookie: d, connection: e, A: "\u00e4"}}}
          6:110: error: the Host header has a key of its own: host
          6:127: error: header "x-a" stands here twice; case does not count
          6:135: error: "a b" is no name of a header
          6:145: error: the header Cookie names a file that holds its value; no secret stands here: {file: /path}
          6:156: error: the header connection is the check's own; leave it out
          6:174: error: "ä" is no value of a header: at most 1,024 ASCII characters

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: \#
        {http: /, headers: {Authorization: {file: /etc/tandem/shop.token}, X-Api-Key: {file: /k}}}}

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: \#
        {http: /, headers: {Authorization: {}, cookie: {fil: /a}, X-A: {file: a}, Host: {file: /a}}}}
          6:125: error: the header Authorization needs file
          6:137: error: the header cookie needs file
          6:138: error: "fil" is no key of a secret (did you mean "file"?)
          6:160: error: "a" is no path that begins with / and has at most 1,024 bytes
          6:164: error: the Host header has a key of its own: host

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: \#
        {http: /, json: status}}
          6:106: error: "status" is no condition like "status == ok": it has no ==

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: \#
        {http: /, sha256: abc}}
          6:108: error: "abc" is no sha256; it is the 64 hexadecimal digits that sha256sum prints

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: \#
        {https: /, body_regex: '('}}
          6:113: error: "(" is no regular expression for body_regex: a ( has no )

        service| {name: web, listen: "udp://192.0.2.10:53", forward: nat, servers: [10.0.0.1], check: \#
        dns}
          6:90: error: a check of dns needs a name to ask for (did you mean "{dns: shop.example}"?)

        service| {name: web, listen: "udp://192.0.2.10:53", forward: nat, servers: [10.0.0.1], check: \#
        {dns: a..b}}
          6:96: error: "a..b" is no domain name: labels of 1 to 63 ASCII characters, at most 255 in all

        service| {name: web, listen: "udp://192.0.2.10:53", forward: nat, servers: [10.0.0.1], check: \#
        {dns: a, type: AA}}
          6:105: error: "AA" is no type; it is A, NS, CNAME, SOA, PTR, MX, TXT, AAAA or SRV (did you mean "A"?)

        service| {name: web, listen: "udp://192.0.2.10:53", forward: nat, servers: [10.0.0.1], check: \#
        {dns: a, rcode: OK}}
          6:106: error: "OK" is no rcode; it is NOERROR, FORMERR, SERVFAIL, NXDOMAIN, NOTIMP or REFUSED

        service| {name: web, listen: "udp://192.0.2.10:53", forward: nat, servers: [10.0.0.1], check: \#
        {dns: a, answer: "2001:db8::1"}}
          6:107: error: "2001:db8::1" is no answer of type A, which is an IPv4 address

        service| {name: web, listen: "udp://192.0.2.10:53", forward: nat, servers: [10.0.0.1], check: \#
        {dns: a, type: MX, answer: a..b}}
          6:117: error: "a..b" is no answer of type MX, which is a domain name

        service| {name: web, listen: "udp://192.0.2.10:53", forward: nat, servers: [10.0.0.1], check: \#
        {http: /, type: A}}
          6:106: error: type goes with a check of dns, and this one is http

        service| {name: web, listen: "tcp://192.0.2.10:53", forward: nat, servers: [10.0.0.1], check: \#
        {dns: a}}
          6:90: warning: service web is checked by dns over udp and does not listen on it; servers that answer tcp \#
        only are down

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: script}
          6:90: error: a check of script needs a command to run (did you mean "{script: /usr/local/bin/check-shop}"?)

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: {script: a}}
          6:99: error: "a" is no command: a path that begins with /, and at most 63 arguments

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: {script: }}
          6:99: error: expected a command, a path with arguments, found nothing

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: \#
        {script: [/a, [b]], user: a b}}
          6:104: error: expected a word of a command, found a list
          6:116: error: "a b" is no name; names have 1 to 64 of A-Z a-z 0-9 . _ -

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: \#
        {script: /a, arguments: misc}}
          6:114: error: "misc" is no arguments; it is none or ldirectord

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: \#
        {http: /, user: nobody}}
          6:106: error: user goes with a check of redis, mysql, postgresql, ldap, radius or script, and this one is http

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: file}
          6:90: error: a check of file needs a path to look at (did you mean "{file: /run/shop/up}"?)

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: {file: up}}
          6:97: error: "up" is no path that begins with / and has at most 1,024 bytes

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: \#
        {file: /up, newer_than: 10ms}}
          6:114: error: newer_than is 10ms; it is 1s to 8760h

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: \#
        {script: /up, newer_than: 10s}}
          6:116: error: newer_than goes with a check of file, and this one is script

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: {agent: 0}}
          6:98: error: agent is 0; it is 1 to 65535

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: {agent: {}}}
          6:98: error: agent needs port

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: \#
        {agent: {port: 9000, adress: a}}}
          6:111: error: "adress" is no key of agent (did you mean "address"?)

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: \#
        {agent: {port: 9000, address: a, send: 'hex:4', interval: 1ms}}}
          6:120: error: "a" is no IPv4 or IPv6 address; names are not looked up
          6:129: error: "hex:4" cannot be read as send: hex: is followed by pairs of hexadecimal digits, and \x by one \#
        pair
          6:148: error: interval is 1ms; it is 100ms to 1h

        service| {name: web, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], check: \#
        {script: /a, dynamic: 3}}
          6:112: error: "3" is no dynamic; it is true or false
        """#)
}
