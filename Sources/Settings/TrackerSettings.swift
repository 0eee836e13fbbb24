/// A command of the configuration's.
package struct CommandSettings: Hashable, Sendable {
    /// An absolute path and arguments.
    package var words: [String]
    package var user: String
    /// 100 ms to 10 min.
    package var timeout: Duration

    package init(words: [String], user: String = "nobody", timeout: Duration = .seconds(10)) {
        self.words = words
        self.user = user
        self.timeout = timeout
    }
}

/// Something that makes a director less fit to hold a group while it fails.
package struct TrackerSettings: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// Passes if it exits with 0 in time.
        case script(CommandSettings)
        /// Passes while a process of that name or path lives.
        case process(String)
        /// Passes while the file is absent or says 0.
        case file(String)
        /// Passes while at least so many percent of the servers are up, of one service or of all.
        case servers(service: String?, below: Int)
    }

    package var kind: Kind
    /// What it takes off the score of 100 while it fails, 1 to 100.
    package var weight: Int
    /// From the start of one look to the start of the next.
    package var interval: Duration
    /// Good looks in a row until it passes again, bad ones until it fails; the very first look decides at once.
    package var rise: Int
    package var fall: Int

    package init(_ kind: Kind, weight: Int = 50, interval: Duration? = nil, rise: Int = 2, fall: Int = 2) {
        self.kind = kind
        self.weight = weight
        self.interval = interval ?? kind.usualInterval
        self.rise = rise
        self.fall = fall
    }

    /// The most of a group.
    package static let limit = 64

    /// `script /usr/local/bin/check-uplink`, `servers web`.
    package var name: String {
        switch kind {
        case .script(let command): "script \(command.words.first ?? "")"
        case .process(let name): "process \(name)"
        case .file(let path): "file \(path)"
        case .servers(let service, _): "servers \(service ?? "all")"
        }
    }
}

extension TrackerSettings.Kind {
    /// A script costs more than a look.
    package var usualInterval: Duration {
        if case .script = self { .seconds(5) } else { .seconds(1) }
    }
}
