package import Addresses

/// The witness that a pair asks, as its directors know it.
package struct WitnessSettings: Hashable, Sendable {
    package var endpoint: Endpoint
    /// A directory of keys or one key file, which the witness has too.
    package var key: String

    /// The UDP port of a witness that says nothing else.
    package static let port: UInt16 = 5391

    package init(endpoint: Endpoint, key: String) {
        self.endpoint = endpoint
        self.key = key
    }
}

/// A witness's own file, validated.
package struct WitnessHouse: Hashable, Sendable {
    /// A pair that the witness serves.
    package struct Pair: Hashable, Sendable {
        package var name: String
        /// A directory of keys or one key file.
        package var key: String
        /// None: whoever has the key. Else the two directors.
        package var directors: [String]

        package init(name: String, key: String, directors: [String] = []) {
            self.name = name
            self.key = key
            self.directors = directors
        }
    }

    /// 1 to 8, none unspecified: what is answered must leave from where it was asked.
    package var listen: [IPAddress]
    package var port: UInt16
    /// In the order of the file, 1 to 256; names are unique.
    package var pairs: [Pair]
    package var log: LogSettings

    package init(
        listen: [IPAddress], port: UInt16 = WitnessSettings.port, pairs: [Pair], log: LogSettings = LogSettings()
    ) {
        self.listen = listen
        self.port = port
        self.pairs = pairs
        self.log = log
    }

    package var endpoints: [Endpoint] { listen.map { Endpoint(address: $0, port: port) } }
}
