/// Finds where a server, byte by byte, repeats a secret (Knuth, Morris and Pratt, Fast Pattern Matching in Strings,
/// 1977).
struct Blot {
    private let secret: [UInt8]
    /// For each number of bytes that agree: how many still do once the next one does not.
    private let rest: [Int]
    /// How many bytes of the secret the newest ones are the beginning of, or all of it.
    private(set) var matched = 0
    /// Where among all that was said the next place to be blotted out may begin.
    private var end = 0

    /// - Parameter secret: at least one byte.
    init(_ secret: [UInt8]) {
        self.secret = secret
        var rest = [0, 0]
        var length = 0
        for byte in secret.dropFirst() {
            while length > 0, secret[length] != byte { length = rest[length] }
            if secret[length] == byte { length += 1 }
            rest.append(length)
        }
        self.rest = rest
    }

    /// - Parameter place: how many bytes came before.
    /// - Returns: what is to be blotted out, and was not named before; absent: nothing.
    mutating func take(_ byte: UInt8, at place: Int) -> Range<Int>? {
        if matched == secret.count { matched = rest[matched] }
        while matched > 0, secret[matched] != byte { matched = rest[matched] }
        if secret[matched] == byte { matched += 1 }
        guard matched == secret.count else { return nil }
        defer { end = place + 1 }
        return max(end, place + 1 - matched)..<(place + 1)
    }
}
