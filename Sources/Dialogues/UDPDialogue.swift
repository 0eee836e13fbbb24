package import Agreement
package import Settings

/// Says something in a datagram, and listens for one that holds what is expected. Where nothing is expected, silence is
/// good: a machine on which nobody listens says so (ICMP port unreachable, RFC 1122 3.2.2.1).
package struct UDPDialogue: DatagramDialogue, Sendable {
    private let exchange: Exchange
    private var isAnswered = false

    package init(_ exchange: Exchange) {
        self.exchange = exchange
    }

    package var question: [UInt8] { exchange.send }

    package var late: Outcome {
        exchange.expect == nil ? .pass : .fail(isAnswered ? .unexpected : .answerTimeout)
    }

    /// Each datagram is looked at for itself.
    package mutating func receive(_ datagram: [UInt8]) -> Outcome? {
        isAnswered = true
        guard let expect = exchange.expect else { return .pass }
        var search = PatternSearch(expect)
        for byte in datagram { search.take(byte) }
        search.end()
        return search.isFound ? .pass : nil
    }
}
