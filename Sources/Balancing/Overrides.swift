internal import Addresses
package import Agreement
package import Settings

/// What operators said about servers, on both directors the same.
///
/// About each server the newest word counts, whatever it was said about: after `drain 10.1.0.21` the server drains in
/// every service, and after `ready 10.1.0.21` of one service it drains in the others. A word whose every server has a
/// newer one is forgotten; words that only end something are kept, for a director that was away must learn of them.
/// Two directors that have merged each other's words hold the same, whichever was away and whatever was said meanwhile.
package struct Overrides: Hashable, Sendable {
    // Implementation constant

    /// Words that are kept. For more the oldest of those that only end something are forgotten.
    package static let limit = 1024

    /// By the address that they are about, the newest first.
    private var words: [IPAddress: [Override]] = [:]
    package private(set) var count = 0
    /// How many of them make a server other than the configuration has it.
    package private(set) var standing = 0
    /// The highest stamp that was ever heard of.
    package private(set) var clock: UInt64 = 0

    package init() {}

    /// With what is known of them, and how far stamps had come.
    package init(_ list: some Sequence<Override>, clock: UInt64 = 0) {
        self.clock = min(clock, Override.highestStamp)
        for override in list { take(override) }
        bound()
    }

    package var isEmpty: Bool { count == 0 }

    /// All that is known, the oldest first.
    package var list: [Override] {
        words.values.joined().sorted { $1.isNewer(than: $0) }
    }

    // MARK: Taking

    /// Takes an operator's word, under a stamp above all known ones. Nil, and nothing happens, where too many are in
    /// force already.
    package mutating func say(_ override: Override) -> Override? {
        guard clock < Override.highestStamp, standing < Self.limit || !override.word.isOn else { return nil }
        var override = override
        override.stamp = clock + 1
        take(override)
        bound()
        return override
    }

    /// Takes what another director knows.
    package mutating func merge(_ other: Overrides) {
        clock = max(clock, other.clock)
        for override in other.words.values.joined() { take(override) }
        bound()
    }

    private mutating func take(_ override: Override) {
        guard (1...Override.highestStamp).contains(override.stamp) else { return }
        clock = max(clock, override.stamp)
        var list = words[override.scope.address] ?? []
        let known = list.contains { $0 == override || $0.makesNeedless(override) }
        guard !known else { return }
        list.removeAll { override.makesNeedless($0) }
        list.insert(override, at: list.firstIndex { override.isNewer(than: $0) } ?? list.endIndex)
        set(list, of: override.scope.address)
    }

    private mutating func set(_ list: [Override], of address: IPAddress) {
        let old = words[address] ?? []
        count += list.count - old.count
        standing += list.count { $0.word.isOn } - old.count { $0.word.isOn }
        words[address] = list.isEmpty ? nil : list
    }

    /// The same for the same words, in whatever order they came.
    private mutating func bound() {
        guard count > Self.limit else { return }
        let list = list
        let needless = (list.filter { !$0.word.isOn } + list.filter { $0.word.isOn }).prefix(count - Self.limit)
        for override in needless {
            set((words[override.scope.address] ?? []).filter { $0 != override }, of: override.scope.address)
        }
    }

    // MARK: What counts

    /// The word that makes a server drain; nil where it does not.
    package func drain(of server: ServerKey) -> Override? { newest(.drain, server) }

    /// The word that gives a server another weight; nil where it has the configuration's.
    package func weight(of server: ServerKey) -> Override? { newest(.original, server) }

    private func newest(_ matter: Override.Word, _ server: ServerKey) -> Override? {
        guard let list = words[server.server.address] else { return nil }
        let newest = list.first { $0.word.isAboutTheSame(as: matter) && $0.scope.covers(server) }
        return newest?.word.isOn == true ? newest : nil
    }

    /// All that was said about a server, the newest first.
    func words(about server: ServerKey) -> [Override] {
        (words[server.server.address] ?? []).filter { $0.scope.covers(server) }
    }

    /// The weight that a server has while it is up: what an operator said goes before what its agent does.
    package func weight(
        of server: ServerSettings, in service: ServiceSettings, advised advice: Advice? = nil
    ) -> UInt32 {
        let usual = advice?.weight(of: server.weight) ?? server.weight
        guard !isEmpty else { return usual }
        let key = ServerKey(service: service.name, server: server.endpoint)
        if drain(of: key) != nil { return 0 }
        if case .weight(let weight)? = weight(of: key)?.word { return weight }
        return usual
    }

    /// A number that is the same for the same words, on every machine.
    package var digest: UInt64 {
        words.values.joined().reduce(textDigest("clock \(clock)")) { $0 &+ textDigest($1.line) }
    }
}

extension Override {
    /// Whether nothing changes if `other` is forgotten.
    fileprivate func makesNeedless(_ other: Override) -> Bool {
        word.isAboutTheSame(as: other.word) && scope.covers(other.scope) && isNewer(than: other)
    }
}
