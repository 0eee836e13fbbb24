package import Agreement
package import Settings

/// What an HTTP check wants of an answer over HTTP/2: the same as over HTTP/1.1.
package struct WebAnswer: HTTP2Answer {
    private let accepted: [ClosedRange<Int>]
    private let isHead: Bool
    /// Absent: nothing is wanted of the body.
    private var judge: BodyJudge?

    init(_ check: HTTPCheck, _ digests: Digests) {
        accepted = check.status
        isHead = check.method == .head
        judge = BodyJudge(check.body, digests)
    }

    package mutating func begin(status: Int, _ fields: [HeaderField]) -> Outcome? {
        guard accepted.contains(where: { $0.contains(status) }) else { return .fail(.status(status)) }
        guard judge != nil else { return .pass }
        if isHead || status == 204 || status == 304 { return judge?.end() }
        let encoding = fields.value("content-encoding")?.lowercased() ?? ""
        return encoding.isEmpty || encoding == "identity" ? nil : .fail(.body(.encoded))
    }

    package mutating func take(_ byte: UInt8) -> Outcome? { judge?.take(byte) }

    package mutating func take(trailers: [HeaderField]) {}

    package mutating func end() -> Outcome { judge?.end() ?? .pass }
}

extension FrameDialogue {
    /// - Parameters:
    ///   - host: the authority where the check names none.
    ///   - digests: what a check that names the body's digest compares it by.
    package init(http2 check: HTTPCheck, host: String, digests: Digests) where Script == HTTP2Script<WebAnswer> {
        self.init(HTTP2Script(HTTP2Request(fields: check.fields(host: host)), WebAnswer(check, digests)))
    }
}

extension HTTPCheck {
    /// What the director asks for (RFC 9113 8.3.1).
    fileprivate func fields(host: String) -> [HeaderField] {
        var fields = [
            HeaderField(":method", method.rawValue), HeaderField(":scheme", tls == nil ? "http" : "https"),
            HeaderField(":authority", Self.word(self.host ?? host)), HeaderField(":path", Self.word(path)),
        ]
        for (name, value) in [("user-agent", "tandem"), ("accept", "*/*")]
        where !headers.contains(where: { $0.name.lowercased() == name }) {
            fields.append(HeaderField(name, value))
        }
        fields += headers.map { HeaderField(Self.word($0.name).lowercased(), Self.line($0.value)) }
        return fields + [HeaderField("accept-encoding", "identity")]
    }
}
