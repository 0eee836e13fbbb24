package import Agreement
package import Settings

/// A check's HTTP conversation: one request, and as much of the answer as decides.
///
/// Bytes in, outcome out; it opens no socket and knows no time. Of the answer at most 64 KiB of body are kept, and only
/// for a JSON condition or a digest, so a server cannot make a director grow. Redirects are answers like any other.
package struct HTTPDialogue: Dialogue, Sendable {
    /// The longest header that is read, in bytes, interim answers included.
    package static let headerLimit = 16_384

    /// How much may come of a body with all that frames it, in bytes: a chunk of one byte takes six.
    private static let rawLimit = 8 * BodyJudge.limit

    private let request: [UInt8]
    private let isHead: Bool
    private var head: HTTPHead
    /// Absent: nothing is wanted of the body.
    private var judge: BodyJudge?
    /// From the end of the header on.
    private var framing: BodyFraming?
    private var heard = 0
    private var outcome: Outcome?

    /// - Parameters:
    ///   - host: the Host header where the check names none.
    ///   - secrets: the check's; a header whose value is not among them is not said.
    ///   - digests: what a check that names the body's digest compares it by.
    package init(
        _ check: HTTPCheck, host: String, secrets: HeaderSecrets = HeaderSecrets(), digests: Digests
    ) {
        request = check.request(host: host, secrets)
        isHead = check.method == .head
        head = HTTPHead(accepted: check.status)
        judge = BodyJudge(check.body, digests)
    }

    package var late: Outcome { .fail(.answerTimeout) }

    package var leavesClosingToServer: Bool { true }

    package func begin() -> Turn { .say(request) }

    package mutating func receive(_ bytes: ArraySlice<UInt8>) -> Turn {
        for byte in bytes where outcome == nil { outcome = next(byte) }
        return outcome.map { .end($0) } ?? .listen
    }

    package mutating func end() -> Outcome {
        let decided = outcome ?? (framing?.mayClose == true ? judge?.end() : nil) ?? .fail(.closed)
        outcome = decided
        return decided
    }

    private mutating func next(_ byte: UInt8) -> Outcome? {
        guard framing == nil else { return body(byte) }
        switch head.take(byte) {
        case .unfinished: return nil
        case .failed(let failure): return .fail(failure)
        case .complete: return beginBody()
        }
    }

    private mutating func beginBody() -> Outcome? {
        guard judge != nil else { return .pass }
        // These have none, whatever their header says (RFC 9112 6.3).
        if isHead || head.status == 204 || head.status == 304 || head.status == 101 { return judge?.end() }
        do {
            let framing = try head.fields.framing()
            self.framing = framing
            return framing.isOver ? judge?.end() : nil
        } catch {
            return .fail(error)
        }
    }

    private mutating func body(_ byte: UInt8) -> Outcome? {
        heard += 1
        guard heard <= Self.rawLimit else { return .fail(.body(.tooLong(BodyJudge.limit))) }
        switch framing?.take(byte) {
        case .content:
            if let outcome = judge?.take(byte) { return outcome }
            return framing?.isOver == true ? judge?.end() : nil
        case .frame: return nil
        case .end: return judge?.end()
        case .malformed, nil: return .fail(.malformed)
        }
    }
}

extension HTTPCheck {
    /// What the director says. Bytes that would end a line or a word are left out, lest a path become a second request.
    fileprivate func request(host: String, _ secrets: HeaderSecrets) -> [UInt8] {
        let first = ["\(method.rawValue) \(Self.word(path)) HTTP/1.1", "Host: \(Self.word(self.host ?? host))"]
        let usual = [("User-Agent", "tandem"), ("Accept", "*/*")].filter { name, _ in
            !headers.contains { $0.name.lowercased() == name.lowercased() }
        }
        var lines = (first + usual.map { "\($0): \($1)" }).map { Array($0.utf8) }
        lines += ownFields(secrets).map { $0.name + [UInt8(ascii: ":"), UInt8(ascii: " ")] + $0.value }
        if method == .post { lines.append(Array("Content-Length: 0".utf8)) }
        // What is compressed would have to be unpacked to be looked at, and a small bomb becomes a large one.
        lines += ["Accept-Encoding: identity", "Connection: close"].map { Array($0.utf8) }
        return lines.flatMap { $0 + [0x0D, 0x0A] } + [0x0D, 0x0A]
    }
}

extension HTTPCheck {
    /// Without what would end a word, or a line, of a request.
    static func word(_ text: String) -> String { line(text).filter { $0 != " " } }

    static func line(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }))
    }
}
