extension Schema {
    package static let tracker = Section(
        path: "groups.NAME.track[]", noun: "a tracker",
        sentence: "Something that makes a director less fit for the group while it fails: one of `script`, `process`, "
            + "`file` and `servers`, and these keys. The score is 100 less the weights of what fails, and at least 1.",
        keys: [
            Key(
                "script", "command", standard: "-", keepalived: "vrrp_script",
                "Passes if it exits with 0: a path with arguments between blanks, or a list of them. No shell is asked."
            ),
            Key(
                "process", "name or path", standard: "-", keepalived: "vrrp_track_process",
                "Passes while a process lives that has this name (of which the kernel keeps 15 bytes) or was started "
                    + "by this path."),
            Key(
                "file", "path", standard: "-", keepalived: "track_file",
                "Passes while it is absent or says 0. A number up to 100 in it is taken off; with anything else, "
                    + "even nothing, in it `weight` is."),
            Key(
                "servers", "name of a service or all", standard: "-",
                "Passes while `below` or more of its servers are up, as this director sees them."),
            Key("below", "percentage", standard: "50%", range: "1% to 100%", "With servers."),
            Key(
                "weight", "number", standard: "50", range: "1 to 100", keepalived: "weight",
                "What it takes off while it fails."),
            Key(
                "interval", "duration", standard: "5s for scripts, else 1s", range: "100ms to 1h",
                keepalived: "interval", "Start to start."),
            Key(
                "timeout", "duration", standard: "2s, at most the interval", range: "100ms to the interval",
                keepalived: "timeout", "With script: it is ended then, and has failed."),
            Key("rise", "number", standard: "2", range: "1 to 100", keepalived: "rise", "Good looks until it passes."),
            Key("fall", "number", standard: "2", range: "1 to 100", keepalived: "fall", "Bad ones until it fails."),
            Key("user", "name", standard: "nobody", keepalived: "user, script_user", "With script: who runs it."),
        ])

    package static let notify = Section(
        path: "pair.notify[], groups.NAME.notify[]", noun: "a notification",
        sentence: "A command as with `script` of a tracker, or a mapping with these keys.",
        keys: [
            Key(
                "command", "command", keepalived: "notify",
                "Run when this director becomes active, backup or waiting for a group, and when somebody else claims "
                    + "a group's address. See [Operations](Operations.md#being-told-of-changes)."),
            Key("user", "name", standard: "nobody", keepalived: "script_user", "Who runs it."),
            Key("timeout", "duration", standard: "10s", range: "100ms to 10m", "It is ended then."),
        ])
}
