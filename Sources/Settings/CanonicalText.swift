import Addresses

extension Settings {
    /// Everything that these settings say, in one fixed form: equal for equal settings, different for different ones.
    package var canonicalText: String { chapters.flatMap(\.entries).map(\.line).joined() }

    /// It guards against drift, not against forgery.
    package var digest: UInt64 {
        // That of the canonical text, without making one text of its lines, nor any of the services'.
        var page = EntryPage()
        var digest = leadingChapters.reduce(textDigest("")) { $1.digest(after: $0) }
        for service in services {
            service.write(to: &page)
            digest = page.digest(after: digest)
        }
        return trailingChapters.reduce(digest) { $1.digest(after: $0) }
    }

    /// The same, named as in the file, with what the file leaves out filled in. No secret is among it: keys stand in
    /// files of their own.
    ///
    /// A setting that is not here is in no digest, and no difference of it is noticed.
    package var chapters: [Chapter] {
        var page = EntryPage()
        var chapters = leadingChapters
        for service in services {
            service.write(to: &page)
            chapters.append(Chapter("services.\(service.name)", page.entries))
        }
        return chapters + trailingChapters
    }

    /// Those before the services'.
    private var leadingChapters: [Chapter] {
        [Chapter("pair", pair.entries)]
            + groups.map { Chapter("groups.\($0.name)", $0.entries("groups.\($0.name)")) }
    }

    /// Those behind the services'.
    private var trailingChapters: [Chapter] {
        var chapters: [Chapter] = []
        if timeouts != TimeoutSettings() { chapters.append(Chapter("timeouts", timeouts.entries("timeouts"))) }
        chapters.append(
            Chapter(
                "log",
                [
                    Entry("log.level", log.level.rawValue), Entry("log.format", log.format.rawValue),
                    Entry("log.to", log.sink.rawValue),
                ]))
        if let metrics { chapters.append(Chapter("metrics", metrics.entries)) }
        return chapters
    }
}

/// The value of an entry that says nothing but that something is listed.
let listed = "listed"

extension PairSettings {
    fileprivate var entries: [Entry] {
        var entries = [
            Entry("pair.name", name), Entry("pair.keys", keys.plain), Entry("pair.port", "\(port)"),
            Entry("pair.timing", "\(timing.interval.plain) × \(timing.misses)"),
            Entry("pair.on_partition", partitionPolicy?.rawValue ?? "by gateways"),
            Entry("pair.sysctl", sysctl.rawValue),
        ]
        if let sync { entries.append(Entry("pair.sync.interface", sync.interface.plain)) }
        if let witness {
            entries.append(Entry("pair.witness", "\(witness.endpoint) \(witness.key.plain)"))
        }
        return entries + directors.flatMap { $0.entries("pair.directors.\($0.name)") }
            + notify.entries("pair.notify")
    }
}

extension DirectorSettings {
    fileprivate func entries(_ path: String) -> [Entry] {
        [Entry("\(path).addresses", addresses.map(\.description).joined(separator: ", "))]
            + interfaces.sorted { $0.key < $1.key }.map {
                Entry("\(path).interfaces.\($0.key.plain)", $0.value.plain)
            }
    }
}

extension GroupSettings {
    fileprivate func entries(_ path: String) -> [Entry] {
        let preemption =
            switch preempt {
            case .never: "never"
            case .after(let delay): "after \(delay.plain)"
            }
        var entries = addresses.map { address in
            Entry("\(path).addresses.\(address.prefix)", address.interface.map { "on \($0.plain)" } ?? listed)
        }
        if let interface { entries.append(Entry("\(path).interface", interface.plain)) }
        if let prefer { entries.append(Entry("\(path).prefer", prefer)) }
        entries.append(Entry("\(path).preempt", preemption))
        if let togetherWith { entries.append(Entry("\(path).together_with", togetherWith)) }
        entries += trackers.enumerated().map { Entry("\(path).track.\($0 + 1)", $1.text) }
        return entries + gateways.map { Entry("\(path).gateways.\($0)", listed) } + notify.entries("\(path).notify")
    }
}

extension [CommandSettings] {
    fileprivate func entries(_ path: String) -> [Entry] {
        enumerated().map { Entry("\(path).\($0 + 1)", $1.text) }
    }
}

extension CommandSettings {
    fileprivate var text: String {
        "\(words.map(\.plain).joined(separator: " ")) as \(user.plain), at most \(timeout.plain)"
    }
}

extension TrackerSettings {
    fileprivate var text: String {
        let subject =
            switch kind {
            case .script(let command): "script \(command.text)"
            case .process(let name): "process \(name.plain)"
            case .file(let path): "file \(path.plain)"
            case .servers(let service, let below): "servers \(service?.plain ?? "of all services"), below \(below)%"
            }
        return "\(subject), weight \(weight), every \(interval.plain), rise \(rise), fall \(fall)"
    }
}

extension TimeoutSettings {
    fileprivate func entries(_ path: String) -> [Entry] {
        [("tcp", tcp), ("tcp_fin", tcpFin), ("udp", udp)].compactMap { name, seconds in
            seconds.map { Entry("\(path).\(name)", "\($0)s") }
        }
    }
}

extension MetricsSettings {
    fileprivate var entries: [Entry] {
        switch self {
        case .everywhere(let endpoint): [Entry("metrics.listen", "\(endpoint)")]
        case .at(let endpoints):
            endpoints.sorted { $0.key < $1.key }.map { Entry("metrics.listen.\($0)", "\($1)") }
        }
    }
}

extension Duration {
    fileprivate var plain: String { DurationText.print(self) }
}

extension String {
    /// For canonical texts: as it is if it is made of letters, digits and a few signs; else between quotes, with what
    /// could end them marked, so that no two lists of texts look the same.
    var plain: String {
        let isPlain =
            !isEmpty
            && utf8.allSatisfy { byte in
                (0x2B...0x39).contains(byte) || (0x40...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || byte == 0x5F
            }
        if isPlain { return self }
        return "\"" + flatMap { "\\\"\n".contains($0) ? "\\u\($0.unicodeScalars.map(\.value))" : String($0) } + "\""
    }
}
