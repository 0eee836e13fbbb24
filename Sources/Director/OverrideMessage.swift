import Balancing
import Control
import Heartbeat

/// What the directors say to each other through the stream about what operators said of servers, as JSON. What a newer
/// director adds is skipped.
///
/// Everything is told again whenever the digests differ: there is little of it, and it need not be known what the other
/// has.
struct OverrideMessage: Codable, Sendable {
    struct Entry: Codable, Sendable {
        /// `drain`, `ready`, `weight 5` or `original`.
        var word: String
        var server: String
        var service: String?
        var stamp: UInt64
        var director: String
        var uid: UInt32
        var time: Int64
        var reason: String?
    }

    /// What a drain waits for at the sender.
    struct Left: Codable, Sendable {
        var stamp: UInt64
        var director: String
        /// Active connections that the sender's kernel counts; absent: it counts none.
        var connections: UInt64?
        /// None can come any more.
        var isFinal: Bool
    }

    var entries: [Entry]?
    /// The sender's highest stamp.
    var clock: UInt64
    /// Of all that the sender has, in hexadecimal; absent: more follows.
    var digest: String?
    /// The sender wants to know the receiver's digest.
    var asks: Bool
    var left: [Left]?

    // Implementation constants

    /// Entries of a message: not half of what fits.
    static let longestList = 200
    /// A director's or a service's name; the configuration allows less.
    private static let longestName = 256

    static func read(_ bytes: [UInt8]) -> OverrideMessage? {
        guard bytes.count <= Messenger.longestMessage,
            let message = try? JSON.decode(OverrideMessage.self, from: bytes),
            message.entries?.count ?? 0 <= longestList, message.left?.count ?? 0 <= Overrides.limit
        else { return nil }
        return message
    }

    /// Those that can be understood.
    var overrides: Overrides {
        Overrides((entries ?? []).compactMap(Override.init), clock: clock)
    }

    /// As many messages as it takes, the digest in the last.
    static func all(of overrides: Overrides, left: [Left]?) -> [OverrideMessage] {
        var rest = overrides.list.map(Entry.init)[...]
        var messages: [OverrideMessage] = []
        repeat {
            let part = rest.prefix(longestList)
            rest = rest.dropFirst(part.count)
            messages.append(
                OverrideMessage(
                    entries: Array(part), clock: overrides.clock,
                    digest: rest.isEmpty ? String(overrides.digest, radix: 16) : nil, asks: rest.isEmpty,
                    left: rest.isEmpty ? left : nil))
        } while !rest.isEmpty
        return messages
    }

    fileprivate static func isName(_ text: String) -> Bool { (1...longestName).contains(text.utf8.count) }
}

extension OverrideMessage.Entry {
    fileprivate init(_ override: Override) {
        self.init(
            word: "\(override.word)", server: override.scope.server, service: override.scope.service,
            stamp: override.stamp, director: override.director, uid: override.uid, time: override.time,
            reason: override.reason.isEmpty ? nil : override.reason)
    }
}

extension Override {
    fileprivate init?(_ entry: OverrideMessage.Entry) {
        guard let word = Word(entry.word), let scope = Scope(server: entry.server, service: entry.service),
            OverrideMessage.isName(entry.director), entry.service.map(OverrideMessage.isName) ?? true
        else { return nil }
        self.init(
            word, scope, stamp: entry.stamp, director: entry.director, uid: entry.uid, time: entry.time,
            reason: ShortText(entry.reason ?? "").text)
    }
}
