extension Schema {
    package static let pool = Section(
        path: "pools.NAME[], services[].servers[]", noun: "a server",
        sentence: "An address (`10.1.0.21`, `10.1.0.21:8080`, `\"[2001:db8::21]:80\"`) or a mapping.",
        keys: [
            Key("address", "address", keepalived: "real_server", "With or without port."),
            Key(
                "port", "number", standard: "the port listened on", range: "1 to 65535",
                "With dr and tun: that one. Behind all ports, and with dr and tun behind a mark, it is only where the "
                    + "check knocks."),
            Key(
                "weight", "number", standard: "1", range: "0 to 2,147,483,647", keepalived: "weight",
                "Its share of new connections; 0 takes none."),
            Key(
                "forward", "word", standard: "the service's", range: "nat, dr, tun", keepalived: "lvs_method",
                "Its own."),
            Key(
                "upper", "number", standard: "none", range: "1 to 2,147,483,647", keepalived: "uthreshold",
                "Connections from which on it gets no new ones."),
            Key(
                "lower", "number", standard: "three quarters of upper", range: "1 to upper", keepalived: "lthreshold",
                "Connections below which it gets new ones again."),
            Key(
                "tunnel", "word or mapping", standard: "the service's", keepalived: "lvs_method TUN type",
                "With tun: how its packets are wrapped."),
            Key(
                "check", "word or mapping", standard: "the service's",
                keepalived: "HTTP_GET, TCP_CHECK ... of a real_server",
                "A check of its own, in the place of the service's, of which nothing is left: it names its kind, and "
                    + "what else it does not say is as `defaults.check` has it. `none`: this server is always up."),
        ])

    package static let tunnel = Section(
        path: "services[].tunnel, services[].servers[].tunnel, pools.NAME[].tunnel", noun: "a tunnel",
        sentence: "How packets are wrapped on their way to tun servers: `ipip`, `gre`, or a mapping. The server has to "
            + "unwrap just that.",
        keys: [
            Key("type", "word", standard: "ipip", range: "ipip, gue, gre", keepalived: "type", "The kind of tunnel."),
            Key(
                "port", "number", standard: "must be given with gue", range: "1 to 65535", keepalived: "port",
                "With gue: the UDP port of the server that unwraps."),
            Key(
                "checksum", "word", standard: "none", range: "none, full, remote", keepalived: "nocsum, csum, remcsum",
                "With gue and gre: whether the outer packet has one; remote, with gue alone, leaves the inner one to "
                    + "the server."),
        ])

    package static let defaults = Section(
        path: "defaults", noun: "defaults", sentence: "What services are that do not say otherwise. One file has it.",
        keys: [
            Key("scheduler", "word", standard: "wlc", keepalived: "lb_algo", "As in a service."),
            Key("on_down", "word", standard: "remove", keepalived: "inhibit_on_failure", "As in a service."),
            Key("verdicts", "word", standard: "holder", "As in a service."),
            Key("quorum", "number or percentage", standard: "none", keepalived: "quorum", "As in a service."),
            Key("hysteresis", "number", standard: "0", keepalived: "hysteresis", "As in a service."),
            Key("too_few", "word", standard: "fallback", "As in a service."),
            Key("slow_start", "duration", standard: "0s", "As in a service."),
            Key("flap_damping", "mapping or none", standard: "none", "As in a service."),
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
                "listen", "one or a list",
                range: "1 to 4,096 of tcp://, udp:// and sctp://ADDRESS:PORT, and fwmark://MARK",
                keepalived: "virtual_server",
                "What clients connect to. Addresses and ports may be ranges (`tcp://192.0.2.10-192.0.2.19:8000-8009`, "
                    + "`\"tcp://[2001:db8::1-2001:db8::9]:80\"`), each of which is a service of the kernel's. Port 0 "
                    + "is all ports, for persistent services. A mark, 1 to 4294967295, is what netfilter gave the "
                    + "packets; IPv6's is `fwmark://7/ipv6`. Servers are used for what is listened on in their family, "
                    + "and tun servers also for the other one, where nothing is listened on in theirs or no server is "
                    + "of it."),
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
            Key(
                "persistence_netmask", "mask, length or mapping", standard: "each address for itself",
                range: "any mask (IPv4), 1 to 128 (IPv6)", keepalived: "persistence_granularity",
                "Which clients count as one, with persistence: 255.255.255.0 or 24, or both families as a mapping."),
            Key(
                "persistence_engine", "word", standard: "none", range: "sip", keepalived: "persistence_engine",
                "Tells clients apart by the Call-ID of SIP instead of their address, with persistence and udp."),
            Key(
                "one_packet", "word", standard: "false", range: "true, false", keepalived: "ops",
                "With udp:// and fwmark://: each datagram is a connection of its own."),
            Key(
                "flags", "list of words", standard: "none",
                range: SchedulerFlag.allCases.map(\.rawValue).joined(separator: ", "),
                keepalived: "sh-port, mh-port ...",
                "What the scheduler does otherwise: fallback takes another server for one that takes no connections, "
                    + "port looks at the client's port too. No other scheduler of the kernel has flags."),
            Key(
                "tunnel", "word or mapping", standard: "ipip", keepalived: "lvs_method TUN type",
                "How packets to its tun servers are wrapped."),
            Key(
                "masquerade", "word", standard: "false", range: "true, false",
                "With nat: servers see the director as the source of packets, not the client. So answers come back to "
                    + "the director wherever the servers' routes lead, and even if clients are on the servers' own "
                    + "network; but servers do not learn who the client is, and its connections do not survive a "
                    + "takeover. The director keeps a table `tandem` of nf_tables for it."),
            Key(
                "check", "word or mapping", standard: "tcp",
                "How servers are looked at that have no check of their own: tcp, none or a mapping."),
            Key(
                "on_down", "word", standard: "remove", range: "remove, quiesce", keepalived: "inhibit_on_failure",
                "A server that is down leaves the table, or stays with weight 0 and keeps its connections."),
            Key(
                "verdicts", "word", standard: "holder", range: "holder, both, any",
                "Whose view counts while the directors see a server differently: the holder's of the service's group; "
                    + "both: it is down only if both see it down; any: if either does."),
            Key(
                "quorum", "number or percentage", standard: "none", range: "0 to 4,096, or 1% to 100%",
                keepalived: "quorum",
                "How many servers have to be up, by their verdicts; 0 is none. Weights do not count, nor do drains. "
                    + "See [Operations](Operations.md#when-too-few-servers-are-up)."),
            Key(
                "hysteresis", "number", standard: "0", range: "0 to less than the quorum", keepalived: "hysteresis",
                "So many servers more than the quorum bring it back once it was lost, and so many fewer lose it."),
            Key(
                "too_few", "word", standard: "fallback", range: "all, keep, fallback, withdraw",
                "While fewer are up: all servers take connections whatever their verdicts; the servers of the last "
                    + "table that had quorum stay, and those that come up join them; the fallback answers alone, and "
                    + "servers that are up have weight 0; or the virtual addresses that it listens on are withdrawn "
                    + "from both directors, whatever else listens there. "
                    + "See [Operations](Operations.md#when-an-address-is-withdrawn)."),
            Key(
                "slow_start", "duration", standard: "0s: at once", range: "0s to 1h",
                "How long a server that was down and comes back takes to its whole weight, in steps of a second at "
                    + "least and 20 at most. An operator's weight and an agent's go before it."),
            Key(
                "flap_damping", "mapping or none", standard: "none",
                "When a server that goes up and down is held down. `{}` has the usual figures."),
            Key(
                "passive", "true, false or mapping", standard: "false",
                "Whether the kernel's counters are looked at as well: of a server with nat to which new connections go "
                    + "and from which nothing comes back `status` warns. The verdict stays. `true` has the usual "
                    + "figures."),
            Key("servers", "name of a pool or a list", range: "0 to 4,096", keepalived: "real_server", "Who answers."),
            Key(
                "fallback", "local or a server", standard: "none", keepalived: "sorry_server",
                "Who answers when no server is up: the director itself or another server."),
            .later("notify", "Commands that are told of verdicts.", keepalived: "notify_up"),
        ])

    package static let damping = Section(
        path: "services[].flap_damping, defaults.flap_damping", noun: "flap_damping",
        sentence: "When a server that goes up and down is held down, and until when.",
        keys: [
            Key(
                "falls", "number", standard: "3", range: "2 to 100",
                "So often it goes down within the window before it is held."),
            Key("window", "duration", standard: "5m", range: "1s to 24h", "The time in which falls are counted."),
            Key(
                "hold", "duration", standard: "5m", range: "1s to 24h",
                "How long it has to keep its verdict until it is let go; `tandem ready` lets it go at once."),
        ])

    package static let passive = Section(
        path: "services[].passive", noun: "passive",
        sentence: "How much silence of a server is worth a warning.",
        keys: [
            Key(
                "period", "duration", standard: "30s", range: "5s to 1h",
                "For so long nothing has come back. The counters are read every 5 s."),
            Key(
                "connections", "number", standard: "10", range: "1 to 1,000,000",
                "So many new connections, without a pause as long as the period, began meanwhile."),
        ])

    package static let netmask = Section(
        path: "services[].persistence_netmask", noun: "persistence_netmask",
        sentence: "Which clients count as one, for each family that is listened on.",
        keys: [
            Key(
                "ipv4", "mask or length", standard: "each address", range: "a mask, or 0 to 32",
                "255.255.255.0 or 24."),
            Key("ipv6", "length", standard: "each address", range: "1 to 128", "As the kernel counts: in bits."),
        ])
}
