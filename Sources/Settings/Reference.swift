extension Schema {
    /// Docs/Configuration.md: what a file looks like, and every key with default, range and keepalived's word.
    package static func reference(example: String, witness: String) -> String {
        var text = """
            # Configuration

            This page is generated from the schema (Sources/Settings/Schema*.swift), which also checks the file. After a
            change there, `TANDEM_REGENERATE=1 swift test --filter ReferenceTests` writes it anew.

            One YAML file says what a pair does, and it is the same on both directors: `/etc/tandem/tandem.yaml`.
            `tandem validate FILE` says everything that is wrong with it, with file, line and column, before a daemon
            reads it. Which director a machine is follows from its addresses, or from `--node NAME`.

            ```yaml
            \(example.split(separator: "\n").joined(separator: "\n"))
            ```

            ## How things are written

            - Durations are a whole number and a unit: `500us`, `200ms`, `2s`, `1m`, `1h`, `14d`. A bare number is an
              error.
            - Names have 1 to 64 of `A-Z a-z 0-9 . _ -`; interfaces are called as the kernel calls them, in at most
              15 bytes.
            - IPv6 addresses are put in quotes where YAML would see a mapping in them: `"2001:db8::10"`.
            - YAML's anchors, aliases, merge keys and tags are refused, and so is a second document. Pools and
              `defaults` do what aliases are used for.
            - A file has at most 16 MiB, 32 levels and texts of 4,096 bytes; all files together 64 MiB, a million
              values, and 131,072 servers in their services.
            - A name that stands in two files is an error that names both places.
            - A key that is not built yet is an error that says so; nothing is ignored.

            """
        for section in sections { text += "\n" + section.markdown }
        text += """

            # A witness's file

            `tandemd --witness FILE` reads a file of its own, and `tandem validate` knows it by its section `witness`:

            ```yaml
            \(witness.split(separator: "\n").joined(separator: "\n"))
            ```

            """
        for section in witnessSections { text += "\n" + section.markdown }
        return text
    }
}

extension Schema.Section {
    fileprivate var markdown: String {
        var text = "## \(path.isEmpty ? "The top level" : "`\(path)`")\n\n\(sentence)\n\n"
        let built = keys.filter(\.isBuilt)
        if !built.isEmpty {
            text += "| key | value | default | range | keepalived | meaning |\n|---|---|---|---|---|---|\n"
            for key in built { text += key.row }
        }
        let later = keys.filter { $0.state == .later }.map { "`\($0.name)`" }
        if !later.isEmpty { text += "\(built.isEmpty ? "" : "\n")Not built yet: \(later.joined(separator: ", ")).\n" }
        return text
    }
}

extension Schema.Key {
    fileprivate var row: String {
        let standard = standard.isEmpty ? "must be given" : standard
        let cells = ["`\(name)`", type, standard, range, keepalived.isEmpty ? "-" : keepalived, sentence]
        return "| " + cells.map { $0.isEmpty ? "-" : $0 }.joined(separator: " | ") + " |\n"
    }
}
