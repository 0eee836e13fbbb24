import Agreement
package import Settings

/// OPTIONS (RFC 3261 11), and what an answer to it means.
package struct SIPQuestion: Sendable {
    /// What a message means for the question.
    enum Meaning {
        /// It is the answer.
        case decided(Outcome)
        /// Another one follows (RFC 3261 21.1).
        case provisional
        /// It belongs to another question, or is one.
        case foreign
    }

    /// The longest header that is read, in bytes.
    static let headLimit = 16_384

    let bytes: [UInt8]

    private let check: SIPCheck
    private let branch: [UInt8]
    private let callID: [UInt8]
    private let tag: [UInt8]

    private static let sequence = "1 OPTIONS"
    /// What branches begin with, since RFC 3261 (8.1.1.7).
    private static let cookie = "z9hG4bK"
    private static let client = SessionCheck.introduction

    /// - Parameters:
    ///   - host: whom the question is put to, where the check does not say.
    ///   - random: as random as can be had: a stranger who wants to answer for the server has to guess them.
    package init(_ check: SIPCheck, host: String, random: (UInt64, UInt64, UInt64)) {
        self.check = check
        let branch = Self.cookie + String(random.0, radix: 16)
        let callID = "\(String(random.1, radix: 16))@\(Self.client)"
        let tag = String(random.2, radix: 16)
        (self.branch, self.callID, self.tag) = (Array(branch.utf8), Array(callID.utf8), Array(tag.utf8))
        let target = "sip:\((check.host ?? host).filter { $0.isASCII && $0 > " " && $0 != "<" && $0 != ">" })"
        let lines = [
            "OPTIONS \(target) SIP/2.0",
            // The answer comes back to where the question came from (RFC 3581): the name is nobody's.
            "Via: SIP/2.0/\(check.transport.rawValue.uppercased()) \(Self.client);branch=\(branch);rport",
            "Max-Forwards: 70", "From: <sip:tandem@\(Self.client)>;tag=\(tag)", "To: <\(target)>",
            "Call-ID: \(callID)", "CSeq: \(Self.sequence)", "Accept: application/sdp", "User-Agent: tandem",
            "Content-Length: 0", "", "",
        ]
        bytes = Array(lines.joined(separator: "\r\n").utf8)
    }

    func meaning(of head: SIPHead) -> Meaning {
        guard let status = head.status, head.branch == branch, head.callID == callID, head.tag == tag,
            head.sequence == Array(Self.sequence.utf8)
        else { return .foreign }
        guard status >= 200 else { return .provisional }
        return .decided(check.status.contains { $0.contains(status) } ? .pass : .fail(.sip(.status(status))))
    }
}
