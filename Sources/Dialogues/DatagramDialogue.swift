package import Agreement

/// One check's conversation in datagrams, as a machine: one question, and what comes back of it.
package protocol DatagramDialogue {
    var question: [UInt8] { get }

    /// What a datagram from the server means; nil: it decides nothing, and one that does may still come.
    mutating func receive(_ datagram: [UInt8]) -> Outcome?

    /// How it ends when the time is over.
    var late: Outcome { get }
}
