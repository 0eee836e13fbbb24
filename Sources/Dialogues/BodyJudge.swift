import Agreement
import Settings

/// Reads the body of an answer and says whether it is as wanted.
struct BodyJudge: Sendable {
    /// How much of a body is read, in bytes.
    static let limit = 65_536

    private var text: PatternSearch?
    private var regex: PatternSearch?
    private let condition: JSONCondition?
    private let sha256: [UInt8]?
    private let digests: Digests
    /// Kept for a JSON condition and for a digest alone.
    private var bytes: [UInt8] = []
    private var length = 0

    /// Whether only the whole body tells.
    private var needsEnd: Bool { condition != nil || sha256 != nil }

    /// Nil where nothing is wanted of a body.
    init?(_ check: BodyCheck, _ digests: Digests) {
        guard check != BodyCheck() else { return nil }
        text = check.text.map { PatternSearch($0) }
        regex = check.regex.map { PatternSearch($0) }
        condition = check.json
        sha256 = check.sha256
        self.digests = digests
    }

    /// Takes one byte; an outcome as soon as there can be no other.
    mutating func take(_ byte: UInt8) -> Outcome? {
        guard length < Self.limit else { return .fail(.body(.tooLong(Self.limit))) }
        length += 1
        text?.take(byte)
        regex?.take(byte)
        if needsEnd { bytes.append(byte) }
        return !needsEnd && text?.isFound != false && regex?.isFound != false ? .pass : nil
    }

    /// The body is over.
    mutating func end() -> Outcome {
        text?.end()
        regex?.end()
        if text?.isFound == false { return .fail(.body(.withoutText)) }
        if regex?.isFound == false { return .fail(.body(.withoutMatch)) }
        if let failure = condition.flatMap(judge) { return .fail(.body(failure)) }
        if let sha256, digests.sha256(bytes) != sha256 { return .fail(.body(.otherDigest)) }
        return .pass
    }

    private func judge(_ condition: JSONCondition) -> BodyFailure? {
        switch JSONSearch.find(condition.path, in: bytes) {
        case .notJSON: .notJSON
        case .nothing: .withoutValue
        case .several: .otherValue
        case .value(let value): value == condition.value ? nil : .otherValue
        }
    }
}
