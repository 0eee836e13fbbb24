extension Schema {
    package static let pair = Section(
        path: "pair", noun: "pair", sentence: "The two directors and how they talk. One file has it.",
        keys: [
            Key("name", "name", range: "1 to 64 of A-Z a-z 0-9 . _ -", "Tells pairs on one network apart."),
            Key(
                "keys", "path", standard: "/etc/tandem/keys.d", keepalived: "auth_hmac",
                "A directory of `*.key` files or one such file (`tandem keygen`), unreadable for others."),
            Key("port", "number", standard: "5390", range: "1 to 65535", "The UDP port of the heartbeats."),
            Key(
                "timing", "word or mapping", standard: "default", range: "default, fast, extreme, vm",
                keepalived: "advert_int, down_timer_adverts",
                "How often heartbeats leave and how many may be missed: default is 200ms × 5, fast 50ms × 4, extreme "
                    + "3ms × 3, vm 500ms × 6."),
            Key(
                "on_partition", "word", standard: "require-gateway for groups with gateways, else keep-active",
                range: "keep-active, require-gateway, require-witness",
                "What decides while the peer is lost without a goodbye: nothing (both may become active), whether a "
                    + "gateway of the group answers, or whom the witness granted it."),
            Key("sync", "mapping", standard: "no sync", keepalived: "lvs_sync_daemon", "The kernel's connection sync."),
            Key(
                "directors", "mapping by name", range: "exactly two", keepalived: "unicast_src_ip, unicast_peer",
                "The two machines. Which of them a machine is follows from its addresses or from `--node`."),
            Key(
                "sysctl", "word", standard: "manage", range: "manage, check", keepalived: "vrrp_garp…, startup_script",
                "Whether the daemon sets the kernel's switches that it needs, or only says which are wrong."),
            Key("witness", "mapping", standard: "no witness", "A third machine that breaks ties."),
            Key(
                "notify", "command or list", standard: "none", range: "at most 16", keepalived: "notify",
                "Commands that are told of role changes and foreign claims of every group."),
        ])

    package static let timing = Section(
        path: "pair.timing", noun: "timing", sentence: "A peer is lost after `interval` × `misses` of silence.",
        keys: [
            Key("interval", "duration", range: "1ms to 10s", keepalived: "advert_int", "From heartbeat to heartbeat."),
            Key(
                "misses", "number", range: "2 to 100", keepalived: "down_timer_adverts",
                "Heartbeats that may be missed on all paths."),
        ])

    package static let sync = Section(
        path: "pair.sync", noun: "sync", sentence: "Keeps established connections over a takeover.",
        keys: [
            Key(
                "interface", "interface", keepalived: "lvs_sync_daemon",
                "Where both directors send and hear connections; one that only they use.")
        ])

    package static let director = Section(
        path: "pair.directors.NAME", noun: "a director",
        sentence: "One of the two machines. Its name has 1 to 64 of A-Z a-z 0-9 . _ -",
        keys: [
            Key(
                "addresses", "list of addresses", range: "1 to 8, as many on both", keepalived: "unicast_src_ip",
                "One per heartbeat path: the first of both directors form a path, the second another."),
            Key(
                "interfaces", "mapping", standard: "none", range: "names of at most 15 bytes",
                "Names for this director's interfaces, for directors whose interfaces are called differently."),
        ])

    package static let group = Section(
        path: "groups.NAME", noun: "a group", sentence: "Virtual addresses that move together.",
        keys: [
            Key(
                "addresses", "list", range: "1 to 4,096", keepalived: "virtual_ipaddress",
                "Addresses, with or without mask (without: /32 or /128), or mappings as below."),
            Key(
                "interface", "interface", standard: "the one with a connected route", keepalived: "interface",
                "Where the addresses live: a name out of `interfaces` or a real one."),
            Key("prefer", "name of a director", standard: "none", keepalived: "priority", "Who should hold it."),
            Key(
                "preempt", "never or \"after DURATION\"", standard: "never", range: "after 1s to after 24h",
                keepalived: "preempt_delay, nopreempt",
                "When the preferred director takes the group back from a healthy holder."),
            Key(
                "gateways", "list of addresses", standard: "none", range: "at most 8",
                "Routers that a director should reach. They are asked by ARP and neighbour discovery; a director that "
                    + "none answers is less fit by 50."),
            Key(
                "track", "list", standard: "none", range: "at most 64",
                keepalived: "track_script, track_file, track_process", "What makes a director less fit: trackers."),
            Key(
                "together_with", "name of a group", standard: "none", keepalived: "vrrp_sync_group",
                "Another group that has to have the same holder: what one of them needs, all of them get. They prefer "
                    + "the same director and preempt alike."),
            Key(
                "notify", "command or list", standard: "none", range: "at most 16", keepalived: "notify",
                "Commands that are told of its role changes and foreign claims, after those of the pair."),
        ])

    package static let virtualAddress = Section(
        path: "groups.NAME.addresses[]", noun: "an address", sentence: "An address with an interface of its own.",
        keys: [
            Key("address", "address", keepalived: "virtual_ipaddress", "With or without mask."),
            Key("interface", "interface", standard: "the group's", keepalived: "dev", "Where this one lives."),
        ])
}
