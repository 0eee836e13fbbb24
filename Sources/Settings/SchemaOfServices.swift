extension Schema {
    package static let pool = Section(
        path: "pools.NAME[], services[].servers[]", noun: "a server",
        sentence: "An address (`10.1.0.21`, `10.1.0.21:8080`, `\"[2001:db8::21]:80\"`) or a mapping.",
        keys: [
            Key("address", "address", keepalived: "real_server", "With or without port."),
            Key("port", "number", standard: "the port listened on", range: "1 to 65535", "With dr and tun: that one."),
            Key(
                "weight", "number", standard: "1", range: "0 to 2,147,483,647", keepalived: "weight",
                "Its share of new connections; 0 takes none."),
            Key(
                "forward", "word", standard: "the service's", range: "nat, dr, tun", keepalived: "lvs_method",
                "Its own."),
            .later("upper", "Connections above which it gets no new ones.", keepalived: "uthreshold"),
            .later("lower", "Connections below which it gets new ones again.", keepalived: "lthreshold"),
            .later("tunnel", "The kind of its tunnel.", keepalived: "lvs_method TUN type"),
            .later("check", "A check of its own."),
        ])

    package static let defaults = Section(
        path: "defaults", noun: "defaults", sentence: "What services are that do not say otherwise. One file has it.",
        keys: [
            Key("scheduler", "word", standard: "wlc", keepalived: "lb_algo", "As in a service."),
            Key("on_down", "word", standard: "remove", keepalived: "inhibit_on_failure", "As in a service."),
            Key("check", "word or mapping", standard: "tcp", "As in a service, whose own keys win one by one."),
        ])

    package static let service = Section(
        path: "services[]", noun: "a service", sentence: "An entry of the list: what clients reach and who answers.",
        keys: [
            Key("name", "name", range: "1 to 64 of A-Z a-z 0-9 . _ -", "Stands in status, logs and commands."),
            Key(
                "group", "name of a group", standard: "the group that has the address",
                "Whose holder decides about its servers."),
            Key(
                "listen", "one or a list", range: "1 to 256 of tcp://ADDRESS:PORT and udp://ADDRESS:PORT",
                keepalived: "virtual_server",
                "What clients connect to. Servers are used for what is listened on in their family. Not built yet: "
                    + "sctp://, fwmark://, ranges of ports."),
            Key(
                "forward", "word", range: "nat, dr, tun", keepalived: "lb_kind",
                "How packets get to the servers. No default, because a guess loses every packet without a word."),
            Key(
                "scheduler", "word", standard: "wlc",
                range: Scheduler.allCases.map(\.rawValue).joined(separator: ", "), keepalived: "lb_algo",
                "Which server gets a new connection."),
            Key(
                "persistence", "duration", standard: "none", range: "1s to 744h, whole seconds",
                keepalived: "persistence_timeout", "How long a client stays with its server."),
            Key("check", "word or mapping", standard: "tcp", "How servers are looked at: tcp, none or a mapping."),
            Key(
                "on_down", "word", standard: "remove", range: "remove, quiesce", keepalived: "inhibit_on_failure",
                "A server that is down leaves the table, or stays with weight 0 and keeps its connections."),
            Key("servers", "name of a pool or a list", range: "0 to 4,096", keepalived: "real_server", "Who answers."),
            Key(
                "fallback", "local or a server", standard: "none", keepalived: "sorry_server",
                "Who answers when no server is up: the director itself or another server."),
            .later("notify", "Commands that are told of verdicts.", keepalived: "notify_up"),
            .later("quorum", "How many servers are enough.", keepalived: "quorum"),
            .later("slow_start", "The time a server takes to its full weight."),
            .later("one_packet", "Every datagram on its own.", keepalived: "ops"),
            .later("flags", "Flags of the scheduler.", keepalived: "mh-port"),
            .later("persistence_netmask", "Clients that stay together.", keepalived: "persistence_granularity"),
            .later("persistence_engine", "Persistence by content.", keepalived: "persistence_engine"),
        ])

    package static let check = Section(
        path: "services[].check, defaults.check", noun: "a check",
        sentence: "How servers are looked at: one kind (`tcp`, `http: /path` or `none`) and these keys.",
        keys: [
            Key(
                "tcp", "nothing", standard: "if no other kind is given", keepalived: "TCP_CHECK",
                "Up if a connection is accepted: `check: tcp`."),
            Key(
                "http", "path", standard: "-", range: "begins with /", keepalived: "HTTP_GET url path",
                "Up if GET answers with a status as wanted."),
            Key("none", "nothing", standard: "-", "Never looked at, always up: `check: none`."),
            Key(
                "status", "numbers and ranges", standard: "200-299", range: "100 to 599", keepalived: "status_code",
                "With http: what is good, `200`, `200-299` or a list."),
            Key(
                "host", "text", standard: "the server's address", keepalived: "virtualhost",
                "With http: the Host header."),
            Key(
                "interval", "duration", standard: "2s", range: "100ms to 1h", keepalived: "delay_loop",
                "Start to start."),
            Key(
                "timeout", "duration", standard: "1s, at most the interval", range: "10ms to the interval",
                keepalived: "connect_timeout", "After which a probe has failed."),
            Key("rise", "number", standard: "2", range: "1 to 100", "Good results in a row until up."),
            Key("fall", "number", standard: "3", range: "1 to 100", keepalived: "retry", "Bad ones until down."),
            Key(
                "port", "number", standard: "the server's", range: "1 to 65535", keepalived: "connect_port",
                "Another port."),
        ] + checksForLater.map { Key.later($0, "Another kind of check or option of one.") })

    private static let checksForLater = [
        "https", "tls", "h2", "grpc", "dns", "udp", "ping", "smtp", "ftp", "imap", "pop3", "mysql", "postgresql",
        "redis", "ldap", "radius", "sip", "ntp", "script", "file", "agent", "passive", "method", "headers", "body",
        "send",
        "expect", "address", "source", "jitter", "proxy",
    ]
}
