extension Schema {
    package static let witness = Section(
        path: "pair.witness", noun: "witness",
        sentence: "A third machine that breaks ties: `tandemd --witness FILE` runs there.",
        keys: [
            Key("address", "address", "Where it listens; none of the directors' and no virtual one."),
            Key("port", "number", standard: "5391", range: "1 to 65535", "Its UDP port."),
            Key(
                "key", "path",
                "A directory of `*.key` files or one such file, unreadable for others; the witness has the same, and "
                    + "the directors' own key is another one."),
        ])

    /// What a witness's file has, beside `log`.
    package static let house = Section(
        path: "witness", noun: "witness", sentence: "One small daemon, for many pairs.",
        keys: [
            Key(
                "listen", "address or list", range: "1 to 8",
                "The very addresses that the directors' `pair.witness.address` names."),
            Key("port", "number", standard: "5391", range: "1 to 65535", "The UDP port."),
            Key(
                "pairs", "mapping by name", range: "1 to 256",
                "The pairs, each with its key: `NAME: PATH`, or as below."),
        ])

    package static let witnessedPair = Section(
        path: "witness.pairs.NAME", noun: "a pair", sentence: "A pair, called as `pair.name` calls it.",
        keys: [
            Key("key", "path", "A directory of `*.key` files or one such file, unreadable for others."),
            Key(
                "directors", "list of names", standard: "whoever has the key", range: "both or none",
                "The names of its directors; others are refused."),
        ])

    /// The top level of a witness's file.
    package static let witnessTop = Section(
        path: "", noun: "the top level of a witness's file", sentence: "A file is one mapping with these sections.",
        keys: [
            Key("witness", "mapping", "Where it listens, and for whom."),
            Key("log", "mapping", standard: "none", "How the daemon logs."),
        ])
}
