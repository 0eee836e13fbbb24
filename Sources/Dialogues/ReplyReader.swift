/// Puts the lines of a reply together, which begin with a code of three digits: `250-` goes on, `250 ` ends
/// (RFC 5321 4.2, RFC 959 4.2).
struct ReplyReader: Sendable {
    enum Event: Hashable {
        case goesOn
        case reply(Int)
        case malformed
    }

    /// Whether the lines between need not begin with the code: so in FTP, not in SMTP.
    let isLoose: Bool

    /// The code of the reply that goes on.
    private var code: Int?

    init(isLoose: Bool) {
        self.isLoose = isLoose
    }

    mutating func take(_ line: [UInt8]) -> Event {
        let found = Self.code(of: line)
        guard let begun = code else {
            guard let found else { return .malformed }
            code = found.goesOn ? found.code : nil
            return found.goesOn ? .goesOn : .reply(found.code)
        }
        guard let found, found.code == begun else { return isLoose ? .goesOn : .malformed }
        if found.goesOn { return .goesOn }
        code = nil
        return .reply(begun)
    }

    /// A code may stand alone.
    private static func code(of line: [UInt8]) -> (code: Int, goesOn: Bool)? {
        guard line.count >= 3, line[..<3].allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        let code = line[..<3].reduce(0) { $0 * 10 + Int($1 - 0x30) }
        guard (100...599).contains(code) else { return nil }
        switch line.count > 3 ? line[3] : UInt8(ascii: " ") {
        case UInt8(ascii: " "): return (code, false)
        case UInt8(ascii: "-"): return (code, true)
        default: return nil
        }
    }
}
