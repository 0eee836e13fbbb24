package import Addresses
package import Settings

/// A client's packets to an address of the director: what one connection is made of.
package struct Flow: Hashable, Sendable {
    package var transport: TransportProtocol
    package var client: Endpoint
    /// What the packet is sent to.
    package var target: Endpoint
    /// What netfilter marks these packets with; 0: nothing.
    package var mark: UInt32

    package init(transport: TransportProtocol, client: Endpoint, target: Endpoint, mark: UInt32 = 0) {
        self.transport = transport
        self.client = client
        self.target = target
        self.mark = mark
    }
}

/// Why words are no flow.
package struct FlowProblem: Error, Hashable, Sendable, CustomStringConvertible {
    package var description: String

    package init(description: String) {
        self.description = description
    }
}

extension Flow {
    /// Reads `tcp 198.51.100.7:40000 192.0.2.10:80`: protocol, client, and what it sends to.
    package init(words: [String], mark: UInt32 = 0) throws(FlowProblem) {
        guard words.count == 3 else {
            throw FlowProblem(
                description: "a flow has three words, protocol, client and what it sends to, not \(words.count): "
                    + "tcp 198.51.100.7:40000 192.0.2.10:80")
        }
        guard let transport = TransportProtocol(rawValue: words[0].lowercased()) else {
            throw FlowProblem(description: "there is no protocol \(words[0].prefix(20)); there are tcp, udp and sctp")
        }
        let client = try Self.endpoint(words[1], "the client")
        let target = try Self.endpoint(words[2], "what it sends to")
        guard client.address.family == target.address.family else {
            throw FlowProblem(description: "\(client) and \(target) are of different families: no packet has both")
        }
        self.init(transport: transport, client: client, target: target, mark: mark)
    }

    private static func endpoint(_ word: String, _ what: String) throws(FlowProblem) -> Endpoint {
        if let endpoint = Endpoint(word) { return endpoint }
        throw FlowProblem(
            description: "\(what) is an address and a port, 192.0.2.10:80 or [2001:db8::10]:80, not \(word.prefix(60))")
    }
}

extension Flow: CustomStringConvertible {
    /// As `init(words:)` reads it.
    package var description: String { "\(transport.rawValue) \(client) \(target)" }
}
