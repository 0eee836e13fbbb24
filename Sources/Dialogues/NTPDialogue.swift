package import Agreement

/// A check's NTP conversation: a client's packet and the server's (RFC 5905 7.3).
package struct NTPDialogue: DatagramDialogue, Sendable {
    private static let length = 48

    /// The client's transmit timestamp. It tells no time: the server repeats it, and that is all it is for.
    private let stamp: [UInt8]

    /// - Parameter stamp: as random as can be had: a stranger who wants to answer for the server has to guess it.
    package init(stamp: UInt64) {
        self.stamp = (0..<8).map { UInt8(truncatingIfNeeded: stamp >> (56 - 8 * UInt64($0))) }
    }

    /// Version 4, mode 3, and nothing that would tell of the director.
    package var question: [UInt8] { [0x23] + [UInt8](repeating: 0, count: 39) + stamp }

    package var late: Outcome { .fail(.answerTimeout) }

    package func receive(_ datagram: [UInt8]) -> Outcome? {
        // What does not repeat the stamp is no answer to this question, whatever else it is.
        guard datagram.count >= Self.length, datagram[24..<32].elementsEqual(stamp) else { return nil }
        let (leap, version, mode) = (datagram[0] >> 6, datagram[0] >> 3 & 7, datagram[0] & 7)
        guard mode == 4, (1...4).contains(version) else { return .fail(.ntp(.malformed)) }
        let stratum = datagram[1]
        if stratum == 0, let kiss = ShortCode(datagram[12..<16]) { return .fail(.ntp(.kiss(kiss))) }
        if leap == 3 || stratum == 0 || stratum == 16 { return .fail(.ntp(.unsynchronised)) }
        guard stratum <= 15, datagram[40..<48].contains(where: { $0 != 0 }) else { return .fail(.ntp(.malformed)) }
        return .pass
    }
}
