package import Agreement
package import Settings

/// A check's DNS conversation: one question in a datagram, and the answer to it.
package struct DNSDialogue: DatagramDialogue, Sendable {
    private let check: DNSCheck
    private let id: UInt16

    /// - Parameter id: as random as can be had: a stranger who wants to answer for the server has to guess it.
    package init(_ check: DNSCheck, id: UInt16) {
        self.check = check
        self.id = id
    }

    /// A standard query, recursion desired (RFC 1035 4.1.1).
    package var question: [UInt8] {
        var bytes: [UInt8] = [UInt8(id >> 8), UInt8(id & 0xFF), 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0]
        for label in check.name.labels { bytes += [UInt8(label.count)] + label }
        let type = check.type.number
        return bytes + [0, UInt8(type >> 8), UInt8(type & 0xFF), 0, 1]
    }

    package var late: Outcome { .fail(.answerTimeout) }

    package func receive(_ datagram: [UInt8]) -> Outcome? {
        guard datagram.count >= 2, UInt16(datagram[0]) << 8 | UInt16(datagram[1]) == id else { return nil }
        let message: DNSMessage
        do {
            message = try DNSMessage(datagram)
        } catch {
            return .fail(.dns(.malformed))
        }
        guard message.isResponse else { return nil }
        // A server that cannot read a question need not repeat it.
        if message.name != nil, message.name != check.name || message.type != check.type.number { return nil }
        guard message.code == check.code.number else { return .fail(.dns(.code(message.code))) }
        guard let wanted = check.answer else { return .pass }
        let answers = message.records.filter { $0.type == check.type.number }
        if answers.contains(where: { $0.answer == wanted }) { return .pass }
        if message.isTruncated { return .fail(.dns(.truncated)) }
        return .fail(.dns(answers.isEmpty ? .withoutRecord : .otherAnswer))
    }
}
