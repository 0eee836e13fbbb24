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
    ///   - secrets: the check's; a header whose value is not among them is not said.
    ///   - digests: what a check that names the body's digest compares it by.
    package init(
        http2 check: HTTPCheck, host: String, secrets: HeaderSecrets = HeaderSecrets(), digests: Digests
    ) where Script == HTTP2Script<WebAnswer> {
        let request = HTTP2Request(fields: check.fields(host: host, secrets))
        self.init(HTTP2Script(request, WebAnswer(check, digests)))
    }
}

extension HTTPCheck {
    /// What the director asks for (RFC 9113 8.3.1).
    fileprivate func fields(host: String, _ secrets: HeaderSecrets) -> [HeaderField] {
        var fields = [
            HeaderField(":method", method.rawValue), HeaderField(":scheme", tls == nil ? "http" : "https"),
            HeaderField(":authority", Self.word(self.host ?? host)), HeaderField(":path", Self.word(path)),
        ]
        for (name, value) in [("user-agent", "tandem"), ("accept", "*/*")]
        where !headers.contains(where: { $0.name.lowercased() == name }) {
            fields.append(HeaderField(name, value))
        }
        fields += ownFields(secrets).map { field in
            let name = String(decoding: field.name, as: UTF8.self).lowercased()
            return HeaderField(name: Array(name.utf8), value: field.value, isSecret: field.isSecret)
        }
        return fields + [HeaderField("accept-encoding", "identity")]
    }
}
