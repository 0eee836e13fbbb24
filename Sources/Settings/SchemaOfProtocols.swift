/// The checks that speak a server's own protocol.
extension Schema {
    static let protocols = [
        Key(
            "grpc", "nothing", standard: "-",
            "Up if gRPC's health service (grpc.health.v1.Health/Check) says SERVING over HTTP/2 in the clear, with "
                + "prior knowledge. NOT_SERVING, a service that it does not know and other statuses are the reason why "
                + "not."
        ),
        Key(
            "grpcs", "nothing", standard: "-",
            "The same over TLS, if the server's certificate is right and it agrees to HTTP/2 (ALPN)."),
        Key(
            "service", "text", standard: "the server as a whole", range: "1 to 255 bytes",
            "With grpc and grpcs: whose health is asked for, `shop.Cart`."),
        Key(
            "redis", "nothing", standard: "-",
            "Up if PING is answered with PONG; also Valkey. A server that is loading its data, or wants a password "
                + "that the check does not have, is down with that reason."),
        Key(
            "role", "word", standard: "none", range: RedisCheck.Role.allCases.map(\.rawValue).joined(separator: ", "),
            "With redis: who the server has to be, by the answer to ROLE."),
        Key(
            "user", "text", standard: "none; of a script nobody", range: "1 to 255 bytes",
            keepalived: "MISC_CHECK user",
            "With redis, ldap and radius, where it needs auth, and mysql and postgresql: as whom it asks. With "
                + "script: who runs it."),
        Key(
            "auth", "mapping", standard: "none",
            "With redis, ldap, radius, mysql and postgresql: the user's password, in a file: "
                + "`{file: /etc/tandem/redis.secret}`."),
        Key(
            "smtp", "nothing", standard: "-", keepalived: "SMTP_CHECK",
            "Up if the server greets with 220, answers EHLO with 250 and says goodbye. It sends no mail."),
        Key(
            "imap", "nothing", standard: "-",
            "Up if the server greets with OK or PREAUTH and takes a LOGOUT. Nobody logs in."),
        Key("pop3", "nothing", standard: "-", "Up if the server greets with +OK and takes a QUIT. Nobody logs in."),
        Key("ftp", "nothing", standard: "-", "Up if the server greets with 220 and takes a QUIT. Nobody logs in."),
        Key(
            "udp", "nothing", standard: "-", keepalived: "UDP_CHECK",
            "Up if what is expected comes in a datagram: `{udp, send: x, expect: y}`; or, where nothing is expected, "
                + "if nothing says that nobody listens: that is not known before the timeout."),
        Key(
            "ntp", "nothing", standard: "-",
            "Up if the server tells the time and knows it: of a stratum from 1 to 15 and with a clock that is "
                + "synchronised. A kiss-o'-death is the reason why it is down."),
        Key(
            "ping", "nothing", standard: "-", keepalived: "PING_CHECK",
            "Up if the machine sends back what an ICMP echo request brings it, over IPv4 or IPv6. It says nothing of "
                + "the programs there. What a router says of the request is the reason why it is down."),
        Key(
            "mysql", "nothing", standard: "-",
            "Up if the server greets and lets the check in, or without a user turns it away. Also MariaDB. A server "
                + "that has blocked the director or has too many connections is down with that reason. With auth it "
                + "is logged in, by mysql_native_password or caching_sha2_password; the latter wants starttls, "
                + "because a server that was started lately asks for the password itself."),
        Key(
            "postgresql", "nothing", standard: "-",
            "Up if the server begins a session or, without auth, asks for a password, or without a user turns the "
                + "check away. One that is starting up or has too many connections is down with that reason. With "
                + "auth it is logged in, by SCRAM-SHA-256, where the server has to know the password too, by md5, and "
                + "with starttls also if the server wants the password itself."),
        Key(
            "database", "text", standard: "the server's choice", range: "1 to 255 bytes",
            "With postgresql: where the session is to begin."),
        Key(
            "ldap", "nothing", standard: "-",
            "Up if the server takes a bind, of nobody or of user with auth, and has the entry that base names."),
        Key(
            "base", "text", standard: "none", range: "1 to 255 bytes",
            "With ldap: the name of an entry that has to be found, `dc=example`."),
        Key(
            "radius", "nothing", standard: "-",
            "Up if the server lets the check's user in, by name and password; or without a user, if it answers a "
                + "question how it is (Status-Server). Both need secret. An answer that is not sealed with it does "
                + "not count."),
        Key(
            "secret", "mapping", standard: "none",
            "With radius: what the server and the directors, as its clients, share, in a file: "
                + "`{file: /etc/tandem/radius.secret}`."),
        Key(
            "reply", "word", standard: "accept",
            range: RADIUSCheck.Reply.allCases.map(\.rawValue).joined(separator: ", "),
            "With radius and a user: what the server has to say. `any` is up as well if it turns the user away or asks "
                + "for more than a password: it answers."),
        Key(
            "sip", "nothing", standard: "-",
            "Up if the server answers OPTIONS with a final status that is wanted. Over UDP it has to answer to where "
                + "the question came from (rport, RFC 3581), as all but the oldest do."),
        Key(
            "transport", "word", standard: "udp",
            range: SIPCheck.Transport.allCases.map(\.rawValue).joined(separator: ", "),
            "With sip: over what it is asked."),
        Key(
            "helo", "host name", standard: SessionCheck.introduction, keepalived: "helo_name",
            "With smtp: as whom the check introduces itself."),
        Key(
            "starttls", "true or false", standard: "false",
            "With smtp, imap, pop3, ftp (AUTH TLS), mysql and postgresql (SSLRequest): "
                + "whether the server has to go on within TLS, with a certificate that is right as in a check of tls. "
                + "What is said in the clear after it agreed is refused."),
    ]

    package static let secret = Section(
        path: "services[].check.auth, services[].check.secret, services[].check.headers.*", noun: "a secret",
        sentence: "Where a password or a secret stands. It never stands in this file, and status, plans and events do "
            + "not show it.",
        keys: [
            Key(
                "file", "path", range: "1 to 1,024 bytes",
                "A file with the secret in its first line, the line's end not counted, of at most 1,024 bytes; of a "
                    + "header the whole value, one line of at most 4,096. It may be a systemd credential. It is read "
                    + "when a probe begins; one that cannot be used is no verdict about the server.")
        ])
}
