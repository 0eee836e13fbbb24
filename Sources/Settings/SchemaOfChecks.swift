extension Schema {
    package static let check = Section(
        path: "services[].check, services[].servers[].check, pools.NAME[].check, defaults.check", noun: "a check",
        sentence: "How servers are looked at: one kind (`tcp`, `tls`, `http: /path`, `https: /path`, `dns: name`, "
            + "`script: /path`, `file: /path`, `none` or a protocol like `redis`) and these keys.",
        keys: [
            Key(
                "tcp", "nothing", standard: "if no other kind is given", keepalived: "TCP_CHECK",
                "Up if a connection is accepted: `check: tcp`, which resets it before the server's program learns of "
                    + "it; or if what is expected comes over it."),
            Key(
                "send", "text or hex: and digits", standard: "nothing: the server speaks first",
                range: "1 to 1,023 bytes",
                "With tcp, tls or udp: what is said, `\"PING\\r\\n\"` or `hex:50494e470d0a`. Known are `\\r \\n "
                    + "\\t \\0 \\xHH \\\\`. No place for passwords: it stands in plans and differences."),
            Key(
                "expect", "text or hex: and digits", standard: "none", range: "1 to 1,023 bytes",
                "With tcp, tls and udp: what has to be in the first 65,536 bytes of the answer, written as in send."),
            Key(
                "expect_regex", "regular expression", standard: "none", range: "up to 1,023 steps",
                "The same as a regular expression: `. [a-z] \\d \\w \\s \\xHH ( ) \\| * + ? {2,5} ^ $`, and `(?i)` at "
                    + "its start. It is searched in a time that no answer can draw out."),
            Key(
                "tls", "nothing", standard: "-", keepalived: "SSL_GET without url",
                "Up if the server's certificate is right: `check: tls`; and if what is expected comes over it."),
            Key(
                "http", "path", standard: "-", range: "begins with /", keepalived: "HTTP_GET url path",
                "Up if status and body of the answer are as wanted. A redirect is an answer, not followed."),
            Key(
                "https", "path", standard: "-", range: "begins with /", keepalived: "SSL_GET url path",
                "The same over TLS, if the server's certificate is right."),
            Key(
                "dns", "name", standard: "-", keepalived: "DNS_CHECK name",
                "Up if a question about that name, over UDP, is answered as wanted."),
            Key(
                "script", "command", standard: "-", keepalived: "MISC_CHECK misc_path",
                "Up if it exits with 0: a path with arguments between blanks, or a list of them. No shell is asked. "
                    + "See [Operations](Operations.md#checks-by-script)."),
            Key(
                "file", "path", standard: "-", keepalived: "FILE_CHECK track_file",
                "Up while there is a file, a folder or anything else at that path of the director's, whatever is in "
                    + "it. keepalived reads a weight out of it."),
            Key("none", "nothing", standard: "-", "Never looked at, always up: `check: none`."),
            Key(
                "status", "numbers and ranges", standard: "200-299; of sip 200", range: "100 to 599; of sip 200 to 699",
                keepalived: "status_code", "With http, https and sip: what is good, `200`, `200-299` or a list."),
            Key(
                "version", "word", standard: "1.1",
                range: HTTPCheck.Version.allCases.map(\.rawValue).joined(separator: ", "),
                "With http and https: the version of HTTP. 2 is spoken at once in the clear, with prior knowledge, and "
                    + "within TLS has to be agreed to by the server (ALPN)."),
            Key(
                "method", "word", standard: "GET",
                range: HTTPCheck.Method.allCases.map(\.rawValue).joined(separator: ", "),
                "With http and https: what is asked. POST has an empty body."),
            Key(
                "headers", "mapping", standard: "none", range: "1 to 32",
                "With http and https: more headers, `{X-Check: tandem}`, but those that the check says itself. A value "
                    + "that is a secret stands in a file: `{Authorization: {file: /etc/tandem/shop.token}}`."),
            Key(
                "body", "text or hex: and digits", standard: "none", range: "1 to 1,023 bytes", keepalived: "regex",
                "With http and https: what has to be in the first 65,536 bytes of the body, written as in send. Bodies "
                    + "that come compressed although nobody asked for it fail."),
            Key(
                "body_regex", "regular expression", standard: "none", range: "up to 1,023 steps", keepalived: "regex",
                "The same, as in expect_regex."),
            Key(
                "json", "condition", standard: "none", range: "up to 64 steps",
                "With http and https: a value in the body, `database.replicas[0].state == up`; a text, a number, true, "
                    + "false or null. The body has at most 65,536 bytes."),
            Key(
                "sha256", "64 digits", standard: "none", keepalived: "digest",
                "With http and https: the body's, of at most 65,536 bytes, as sha256sum prints it. keepalived's is MD5."
            ),
            Key(
                "type", "word", standard: "A",
                range: DNSCheck.RecordType.allCases.map(\.rawValue).joined(separator: ", "),
                keepalived: "DNS_CHECK type", "With dns: the type of the records."),
            Key(
                "rcode", "word", standard: "NOERROR",
                range: DNSCheck.ResponseCode.allCases.map(\.rawValue).joined(separator: ", "),
                "With dns: what the server has to say of the question."),
            Key(
                "answer", "address, name or text", standard: "none",
                "With dns: what one record of the type has to hold. Of MX, SRV and SOA it is the host, of TXT the "
                    + "text, written as in send. Without it the rcode is enough."),
            Key(
                "arguments", "word", standard: "none",
                range: ScriptCheck.Arguments.allCases.map(\.rawValue).joined(separator: ", "),
                "With script: what it gets behind its own arguments. `ldirectord`: virtual address, its port, server, "
                    + "its port, as ldirectord's external checks do."),
            Key(
                "dynamic", "word", standard: "false", range: "true, false", keepalived: "MISC_CHECK misc_dynamic",
                "With script: an exit of 2 to 255 is up as well, with 2 less than that for a weight; 0 is up and "
                    + "leaves the weight."),
            Key(
                "newer_than", "duration", standard: "any time", range: "1s to 365d",
                "With file: how long ago it may have been written at the most, by the wall clock."),
            Key(
                "host", "text", standard: "the server's address", keepalived: "virtualhost",
                "With http, https, grpc and grpcs: the Host header, or the authority. With sip: a domain of the "
                    + "server's, whom it is asked of; without it the server's address and port."),
            Key(
                "sni", "host name", standard: "host, or none", keepalived: "sni_name",
                "With tls, https, grpcs and starttls: the name that is asked for, and that the certificate has to be "
                    + "for. Without it and host, the certificate has to be for the server's address."),
            Key(
                "verify", "word or mapping", standard: "true", range: "true, false",
                "With tls, https, grpcs and starttls: whether an authority has to vouch for the certificate, and its "
                    + "name and time have to be right. keepalived never looks."),
            Key(
                "certificate", "path", standard: "none", keepalived: "certificate",
                "With tls, https, grpcs and starttls: the check's own certificate and those that it needs to be "
                    + "believed, as PEM. Files are read anew when they change; one that cannot be used is no verdict "
                    + "about the server. A server that turns it away is down, see "
                    + "[Operations](Operations.md#certificates-of-checks)."
            ),
            Key(
                "key", "path", standard: "in the file of certificate", keepalived: "key",
                "Its key, as PEM without a passphrase."),
            Key(
                "warn_before", "duration", standard: "14d", range: "0s to 365d",
                "With tls, https, grpcs and starttls: how long before the end of the server's certificate status "
                    + "warns of it. The server stays up; 0s never warns."),
        ] + protocols + [
            Key(
                "interval", "duration", standard: "2s", range: "100ms to 1h", keepalived: "delay_loop",
                "Start to start."),
            Key(
                "fast_interval", "duration", standard: "the interval", range: "100ms to the interval",
                keepalived: "delay_before_retry",
                "The same while results contradict the verdict: from the first failure until the server is down, and "
                    + "from the first good result until it is up."),
            Key(
                "down_interval", "duration", standard: "the interval", range: "the interval to 1h",
                "The same while the server is down, until a good result."),
            Key(
                "timeout", "duration", standard: "1s, at most fast_interval",
                range: "10ms to fast_interval",
                keepalived: "connect_timeout", "After which a probe has failed."),
            Key(
                "jitter", "percentage", standard: "5%", range: "0% to 50%",
                "By how much of the interval each probe is put off at random, up to this. The probes of the two "
                    + "directors lie half an interval apart, give or take it; agents have their check's."),
            Key("rise", "number", standard: "2", range: "1 to 100", "Good results in a row until up."),
            Key("fall", "number", standard: "3", range: "1 to 100", keepalived: "retry", "Bad ones until down."),
            Key(
                "initial", "word", standard: "down", range: "down, up", keepalived: "alpha",
                "What a server counts as until its first result, where the peer has none either and the kernel does "
                    + "not hold it from an earlier life of this director."),
            Key(
                "port", "number", standard: "the server's", range: "1 to 65535", keepalived: "connect_port",
                "Another port; not with ping."),
            Key(
                "address", "address", standard: "the server's", keepalived: "connect_ip",
                "With kinds that ask a server: another address to ask, in every server's place. The verdict is the "
                    + "server's; Host headers and certificates are those of the address that is asked. An agent stays "
                    + "at the server."),
            Key(
                "proxy", "word", standard: "none", range: ProxyHeader.allCases.map(\.rawValue).joined(separator: ", "),
                "With kinds that talk over TCP: what is said first, before TLS, to a server that wants the PROXY "
                    + "protocol. It names no client: `PROXY UNKNOWN` in v1, LOCAL in v2, as health checks do."),
            Key(
                "mark", "number", standard: "0", range: "0 to 4,294,967,295", keepalived: "fwmark",
                "With kinds that ask a server, and agents: what netfilter and `ip rule` see on the check's packets; "
                    + "0 is none."),
            Key(
                "source", "mapping by director", standard: "the kernel chooses", range: "one address of each family",
                keepalived: "bindto",
                "With kinds that ask a server, and agents: the address of its own from which each director asks, "
                    + "`{lb1: 10.9.0.2, lb2: 10.9.0.3}`, or a list with one of each family. `{}` is none, where "
                    + "defaults have some. See [Operations](Operations.md#where-checks-come-from)."),
            Key(
                "data_path", "word", standard: "false", range: "true, false",
                "With `forward: dr` and `tun`, and tcp:// listens: besides the check a SYN goes to each virtual "
                    + "address the way that a client's packet goes, and the server is up only if it answers there as "
                    + "well. To udp:// listens goes what a check of dns, ntp, radius, udp or sip over udp asks. See "
                    + "[Operations](Operations.md#checks-through-the-data-path)."),
            Key(
                "agent", "number or mapping", standard: "none", range: "1 to 65535",
                "The port of a program at the server that says how much work it wants, in the words of HAProxy's "
                    + "agent-check: `75%`, `drain`, `maint`, `ready`, `down`, `up`. Asked besides the check, with its "
                    + "timeout. See [Operations](Operations.md#servers-that-speak-for-themselves-agents)."),
            Key.elsewhere("passive", "a key of the service, beside its check; write passive: true there"),
        ])

    package static let verification = Section(
        path: "services[].check.verify", noun: "verify",
        sentence: "Who vouches for a server's certificate, where it is not the system's authorities.",
        keys: [
            Key(
                "ca", "path",
                "A PEM file with authorities, or with the server's certificate itself. No others are believed.")
        ])

    package static let agent = Section(
        path: "services[].check.agent", noun: "agent",
        sentence: "An agent that needs more said of it than its port.",
        keys: [
            Key("port", "number", range: "1 to 65535", "Where it listens."),
            Key("address", "address", standard: "the server's", "Where it runs, if not at the server."),
            Key(
                "send", "text or hex: and digits", standard: "nothing: the agent speaks first",
                range: "1 to 1,023 bytes", "What is said to it first, as with send of a check."),
            Key("interval", "duration", standard: "2s", range: "100ms to 1h", "Start to start."),
        ])
}
