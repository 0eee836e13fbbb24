package import Settings

/// From the text of a configuration to validated settings.
package enum SettingsFile {
    /// What a file says, or why it says nothing.
    package struct Loaded: Sendable {
        /// Absent if there is any error.
        package var settings: Settings?
        /// In the order of the files, by place.
        package var problems: [Problem]
        /// The file and all that it includes, in the order of reading.
        package var files: [String]
        /// The same on both directors if and only if (but for one case in 2^64) their settings are the same. Made when
        /// it is asked for, which takes half of the time of reading.
        package var digest: UInt64? { settings?.digest }

        /// Why there are no settings; empty if there are.
        package var errors: [Problem] { problems.filter { $0.severity == .error } }
    }

    /// Reads a file and what it includes.
    ///
    /// It always answers, at once: whatever is wrong with the file, from absent to hostile, is a problem in the answer.
    package static func load(path: String) -> Loaded {
        load(path, Folder.disk)
    }

    /// Reads text as if it stood in a file of that name. What it includes is looked for in `others`, by path.
    package static func load(text: String, name: String = "tandem.yaml", others: [String: String] = [:]) -> Loaded {
        load(bytes: Array(text.utf8), name: name, others: others)
    }

    /// The same for bytes that may be no text at all.
    package static func load(bytes: [UInt8], name: String = "tandem.yaml", others: [String: String] = [:]) -> Loaded {
        var files = others.mapValues { Array($0.utf8) }
        files[name] = bytes
        return load(name, Folder.memory(files))
    }

    /// A file's text as `load` would read it; nil if it cannot be read, or is no UTF-8.
    package static func text(of path: String) -> String? {
        (try? Folder.disk.read(path)).flatMap { String(validating: $0.bytes, as: UTF8.self) }
    }

    private static func load(_ path: String, _ folder: Folder) -> Loaded {
        var loader = Loader(folder: folder)
        loader.loadRoot(path)
        var reading = Reading(diagnosis: loader.diagnosis, isNoting: false)
        // A file that could not be read to its end says nothing about what is missing in it.
        var settings = loader.isComplete ? reading.settings(loader.sections) : nil
        if let violations = settings?.violations(), !violations.isEmpty {
            reading = Reading(diagnosis: loader.diagnosis, isNoting: true)
            settings = reading.settings(loader.sections)
            reading.report(violations)
        }
        settings?.assignGroups()
        let isGood = !reading.diagnosis.hasErrors
        return Loaded(
            settings: isGood ? settings : nil, problems: reading.diagnosis.sorted(), files: reading.diagnosis.files)
    }
}

extension Reading {
    fileprivate mutating func settings(_ sections: Sections) -> Settings {
        let root = Mark(file: 0, line: 1, column: 1)
        let pair = pair(sections.single["pair"], in: root)
        let groups = groups(sections.groups)
        var shared = defaults(sections.single["defaults"])
        shared.pools = pools(sections.pools, shared)
        let services = services(sections.services, shared)
        let log = log(sections.single["log"])
        return Settings(
            pair: pair, groups: groups, services: services, timeouts: timeouts(sections.single["timeouts"]), log: log,
            metrics: metrics(sections.single["metrics"]))
    }

    mutating func log(_ node: Node?) -> LogSettings {
        var log = LogSettings()
        guard let node, let fields = fields(node, Schema.log) else { return log }
        if let given = fields["level"], let word = word(given, "level", as: LogSettings.Level.self) { log.level = word }
        if let given = fields["format"], let word = word(given, "format", as: LogSettings.Format.self) {
            log.format = word
        }
        if let given = fields["to"], let word = word(given, "to", as: LogSettings.Sink.self) { log.sink = word }
        return log
    }
}
