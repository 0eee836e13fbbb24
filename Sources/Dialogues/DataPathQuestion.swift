import Addresses
package import Agreement

/// Asks a server something in a datagram at a virtual address, the way that a client's packet comes to it.
///
/// An answer is told from others by the port that the question came from: each question that is under way at one
/// virtual address and port has another.
package struct DataPathQuestion: Sendable {
    package let ends: DataPathDialogue.Ends
    private var dialogue: any DatagramDialogue & Sendable

    /// - Parameter dialogue: one that expects an answer.
    package init(_ ends: DataPathDialogue.Ends, _ dialogue: any DatagramDialogue & Sendable) {
        self.ends = ends
        self.dialogue = dialogue
    }

    package var packet: [UInt8] {
        ends.wrap(UDPPacket.wrap(dialogue.question, from: ends.source, to: ends.target), ProtocolNumber.udp)
    }

    /// nil: it decides nothing, and one that does may still come.
    package mutating func hear(_ answer: DataPathAnswer) -> Outcome? {
        switch answer {
        case .datagram(let datagram):
            guard datagram.source == ends.target, datagram.target == ends.source,
                let outcome = dialogue.receive(datagram.payload)
            else { return nil }
            return outcome.isPass ? .pass : .fail(.dataPath(.unexpected))
        case .complaint(let complaint):
            guard complaint.subject == .datagram(ends.source.port), complaint.target == ends.target else { return nil }
            return .fail(.dataPath(complaint.failure))
        case .segment: return nil
        }
    }

    /// Why it failed when the time is over.
    package var late: DataPathFailure {
        if case .fail(let failure) = dialogue.late, failure != .answerTimeout { return .unexpected }
        return ends.tunnel == nil ? .silent : .silentInTunnel
    }
}
