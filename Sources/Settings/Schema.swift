/// What a configuration file may say, as data: it decides which keys are known, suggests the nearest one for
/// others, and is what Docs/Configuration.md is generated from.
package enum Schema {
    /// One mapping of the file.
    package struct Section: Sendable {
        /// Where it stands in the file, `services[].check`; the top level is ``.
        package let path: String
        /// What it is, for the sentence that refuses an unknown key.
        package let noun: String
        package let sentence: String
        package let keys: [Key]

        package func key(_ name: String) -> Key? { index(of: name).map { keys[$0] } }

        /// Where in `keys` the key of that name stands. Keys are ASCII letters, so that their lengths tell most apart.
        package func index(of name: String) -> Int? {
            let length = name.utf8.count
            for index in keys.indices where keys[index].name.utf8.count == length && keys[index].name == name {
                return index
            }
            return nil
        }

        /// Words to suggest for an unknown one.
        package var names: [String] { keys.map(\.name) }
    }

    /// One key of a section.
    package struct Key: Sendable {
        package let name: String
        package let type: String
        /// What holds without it; empty: it must be given.
        package let standard: String
        package let range: String
        /// keepalived's word for it, empty if it has none.
        package let keepalived: String
        package let sentence: String
        package let state: State

        package enum State: Hashable, Sendable {
            case built
            /// Taken for later; using it is an error that says so.
            case later
            /// Looked for here, and another section's; using it is an error that says what it is and what to write.
            case elsewhere(String)
        }

        init(
            _ name: String, _ type: String, standard: String = "", range: String = "", keepalived: String = "",
            _ sentence: String, state: State = .built
        ) {
            self.name = name
            self.type = type
            self.standard = standard
            self.range = range
            self.keepalived = keepalived
            self.sentence = sentence
            self.state = state
        }

        static func later(_ name: String, _ sentence: String, keepalived: String = "") -> Key {
            Key(name, "", keepalived: keepalived, sentence, state: .later)
        }

        /// - Parameter what: follows the name and "is".
        static func elsewhere(_ name: String, _ what: String) -> Key {
            Key(name, "", "Another section's.", state: .elsewhere(what))
        }

        /// Whether it may be used.
        package var isBuilt: Bool { state == .built }
    }

    /// In the order of the documentation.
    package static let sections = [
        top, pair, timing, sync, witness, director, group, virtualAddress, tracker, notify, pool, tunnel, defaults,
        service, damping, passive, netmask, check, verification, secret, agent, timeouts, log, metrics,
    ]

    /// Of a witness's file.
    package static let witnessSections = [house, witnessedPair]

    package static let top = Section(
        path: "", noun: "the top level", sentence: "A file is one mapping with these sections.",
        keys: [
            Key(
                "include", "list of paths", standard: "none", range: "32 patterns, 8 levels, 1,024 files",
                keepalived: "include",
                "More files, relative to this one; `*` and `?` stand for characters of the last part of a path. They "
                    + "may add groups, pools and services, and any section that no other file has."),
            Key("pair", "mapping", "The two directors."),
            Key("groups", "mapping by name", standard: "none", keepalived: "vrrp_instance", "Addresses that move."),
            Key("pools", "mapping of lists", standard: "none", "Named lists of servers, for several services."),
            Key("defaults", "mapping", standard: "none", "What services are that do not say otherwise."),
            Key("services", "list", standard: "none", keepalived: "virtual_server", "What IPVS balances."),
            Key(
                "timeouts", "mapping", standard: "the kernel's", keepalived: "lvs_timeouts",
                "How long IPVS keeps connections that are silent."),
            Key("log", "mapping", standard: "none", "How the daemon logs."),
            Key("metrics", "mapping", standard: "none", "Figures for Prometheus over TCP."),
        ])

    package static let timeouts = Section(
        path: "timeouts", noun: "timeouts",
        sentence:
            "How long IPVS keeps connections of which nothing is heard, whatever their service. What is not given "
            + "stays as the kernel has it; all of the kernel's IPVS in this network namespace is meant, other people's "
            + "services too. One file has it.",
        keys: [
            Key(
                "tcp", "duration", standard: "the kernel's, 15m", range: "1s to 576h, whole seconds",
                keepalived: "lvs_timeouts tcp", "Of established TCP connections."),
            Key(
                "tcp_fin", "duration", standard: "the kernel's, 2m", range: "1s to 576h, whole seconds",
                keepalived: "lvs_timeouts tcpfin", "Of TCP connections that are being closed."),
            Key(
                "udp", "duration", standard: "the kernel's, 5m", range: "1s to 576h, whole seconds",
                keepalived: "lvs_timeouts udp", "Of clients that sent datagrams."),
        ])

    package static let log = Section(
        path: "log", noun: "log", sentence: "How the daemon logs.",
        keys: [
            Key(
                "level", "word", standard: "info", range: "debug, info, notice, warning, error", keepalived: "-D, -d",
                "The least level that is written."),
            Key("format", "word", standard: "text", range: "text, json", "One line per event, in words or as JSON."),
            Key("to", "word", standard: "journal", range: "journal, stderr", keepalived: "-S, -l", "Where it goes."),
        ])

    package static let metrics = Section(
        path: "metrics", noun: "metrics",
        sentence:
            "Figures for Prometheus over TCP, `GET /metrics`. The API's socket has them without this section. Whoever "
            + "reaches the port may read them: there is no password. One file has it.",
        keys: [
            Key(
                "listen", "address with port, or mapping by director", range: "ports 1 to 65535",
                "Where both directors listen, `127.0.0.1:9640`; or where each does, `{lb1: 10.9.0.2:9640, lb2: "
                    + "10.9.0.3:9640}`. A director that is not named does not.")
        ])
}
