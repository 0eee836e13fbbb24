package import Addresses
package import Settings

/// What an operator said about a server, in force until somebody says something else about it: that it takes no new
/// connections, or another weight than the configuration's.
package struct Override: Hashable, Sendable {
    // Specification constants

    /// More is refused: the next word must have a stamp.
    package static let highestStamp = UInt64(1) << 62
    /// 0 to 2,147,483,647, as in the configuration.
    package static let highestWeight: UInt32 = 2_147_483_647

    /// Which servers it is about.
    package struct Scope: Hashable, Sendable {
        package var address: IPAddress
        /// As configured; absent: any.
        package var port: UInt16?
        /// Absent: every service.
        package var service: String?

        package init(address: IPAddress, port: UInt16? = nil, service: String? = nil) {
            self.address = address
            self.port = port
            self.service = service
        }

        /// Whether everything that `other` is about is this one's as well.
        package func covers(_ other: Scope) -> Bool {
            address == other.address && (port == nil || port == other.port)
                && (service == nil || service == other.service)
        }

        package func covers(_ server: ServerKey) -> Bool {
            covers(Scope(address: server.server.address, port: server.server.port, service: server.service))
        }
    }

    package enum Word: Hashable, Sendable {
        /// Weight 0: what is connected may finish.
        case drain
        /// No drain any more.
        case ready
        /// Instead of the configuration's. A drain goes before it.
        case weight(UInt32)
        /// The configuration's weight again.
        case original

        /// Drains and weights are two matters: `ready` ends no weight, and `original` no drain.
        func isAboutTheSame(as other: Word) -> Bool { isAboutWeight == other.isAboutWeight }

        private var isAboutWeight: Bool {
            switch self {
            case .drain, .ready: false
            case .weight, .original: true
            }
        }

        /// Whether it makes a server other than the configuration has it; else it only ends what did.
        package var isOn: Bool {
            switch self {
            case .drain, .weight: true
            case .ready, .original: false
            }
        }
    }

    package var word: Word
    package var scope: Scope
    /// One more than the highest that was known where it was said: the order of the words, whatever the clocks say.
    /// 1 to 2^62.
    package var stamp: UInt64
    /// The director that was asked.
    package var director: String
    /// Who asked it.
    package var uid: UInt32
    /// When, in seconds of the Unix epoch by that director's clock: for people alone.
    package var time: Int64
    /// Empty: none was given.
    package var reason: String

    package init(
        _ word: Word, _ scope: Scope, stamp: UInt64 = 0, director: String, uid: UInt32, time: Int64,
        reason: String = ""
    ) {
        self.word = word
        self.scope = scope
        self.stamp = stamp
        self.director = director
        self.uid = uid
        self.time = time
        self.reason = reason
    }

    /// A total order, the same everywhere: by stamp, and where two directors gave the same one, by the name of the
    /// director. What follows decides only where a director lost its memory.
    package func isNewer(than other: Override) -> Bool {
        if stamp != other.stamp { return stamp > other.stamp }
        if director != other.director { return director < other.director }
        return line > other.line
    }

    /// Everything that there is to it.
    package var line: String { "\(word) \(scope) \(stamp) \(director) \(uid) \(time) \(reason)" }
}

extension Override.Scope: CustomStringConvertible {
    /// The server as people write it: `10.1.0.21`, `10.1.0.21:80`, `[2001:db8::21]:80`.
    package var server: String {
        port.map { "\(Endpoint(address: address, port: $0))" } ?? "\(address)"
    }

    /// `10.1.0.21`, `10.1.0.21:80 of web`.
    package var description: String { service.map { "\(server) of \($0)" } ?? server }

    /// Reads what `server` writes; an address in brackets may stand alone.
    package init?(server text: some StringProtocol, service: String? = nil) {
        let isBracketed = text.hasPrefix("[") && text.hasSuffix("]")
        if let address = IPAddress(isBracketed ? String(text.dropFirst().dropLast()) : String(text)) {
            self.init(address: address, service: service)
        } else if let endpoint = Endpoint(text) {
            self.init(address: endpoint.address, port: endpoint.port, service: service)
        } else {
            return nil
        }
    }
}

extension Override.Word: CustomStringConvertible {
    package var description: String {
        switch self {
        case .drain: "drain"
        case .ready: "ready"
        case .weight(let weight): "weight \(weight)"
        case .original: "original"
        }
    }

    /// Reads what `description` writes.
    package init?(_ text: some StringProtocol) {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        switch (words.first.map { String($0) }, words.count) {
        case ("drain", 1): self = .drain
        case ("ready", 1): self = .ready
        case ("original", 1): self = .original
        case ("weight", 2):
            guard let weight = UInt32(words[1]), weight <= Override.highestWeight, "\(weight)" == words[1] else {
                return nil
            }
            self = .weight(weight)
        default: return nil
        }
    }
}
