/// `*` for any characters and `?` for one, in file names. Names that begin with a dot are found only by patterns
/// that do so too (editors leave such files).
struct Wildcard {
    private let pattern: [UInt8]

    static func isIn(_ text: some StringProtocol) -> Bool { text.contains("*") || text.contains("?") }

    init(_ pattern: some StringProtocol) {
        self.pattern = Array(pattern.utf8)
    }

    /// Takes time in proportion to both lengths multiplied, never more.
    func matches(_ name: String) -> Bool {
        let name = Array(name.utf8)
        if name.first == UInt8(ascii: "."), pattern.first != UInt8(ascii: ".") { return false }
        var position = 0
        var taken = 0
        var star: (position: Int, taken: Int)?
        while taken < name.count {
            if position < pattern.count, pattern[position] == UInt8(ascii: "*") {
                star = (position, taken)
                position += 1
            } else if position < pattern.count, [name[taken], UInt8(ascii: "?")].contains(pattern[position]) {
                position += 1
                taken += 1
            } else if let (starPosition, starTaken) = star {
                star = (starPosition, starTaken + 1)
                position = starPosition + 1
                taken = starTaken + 1
            } else {
                return false
            }
        }
        return pattern[position...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
