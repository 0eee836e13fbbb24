/// The code in which HPACK shortens texts (RFC 7541 5.2 and appendix B).
///
/// It is canonical: codes of one length follow each other in the order of what they stand for, and longer ones follow
/// shorter ones. So the lengths say all of it.
struct HuffmanCode: Sendable {
    struct Malformed: Error {}

    static let standard = HuffmanCode()

    /// Of each byte's code, in bits, and behind them of the end-of-string's.
    private static let lengths: [UInt8] = [
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28,
        28, 28, 28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7,
        8, 15, 6, 12, 10, 13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19,
        13, 14, 6, 15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13,
        28, 20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21,
        22, 23, 22, 23, 23, 24, 22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23,
        22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23, 26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
        19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25,
        25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26, 30,
    ]
    private static let longest = 30
    private static let endOfString: UInt16 = 256

    /// What codes stand for, in the order of the codes.
    private let symbols: [UInt16]
    /// By length: the first code, how many there are, and where their symbols stand.
    private let ranges: [(first: UInt32, count: UInt32, place: Int)]

    private init() {
        var symbols: [UInt16] = []
        var ranges: [(first: UInt32, count: UInt32, place: Int)] = [(0, 0, 0)]
        var code: UInt32 = 0
        for length in 1...Self.longest {
            code <<= 1
            let found = Self.lengths.indices.filter { Int(Self.lengths[$0]) == length }
            ranges.append((code, UInt32(found.count), symbols.count))
            symbols += found.map { UInt16($0) }
            code += UInt32(found.count)
        }
        self.symbols = symbols
        self.ranges = ranges
    }

    /// At most 8/5 of the bytes that are given. What is left over of the last one has to be ones, and less than a byte.
    func decode(_ bytes: ArraySlice<UInt8>) throws(Malformed) -> [UInt8] {
        var text: [UInt8] = []
        var (code, length) = (UInt32(0), 0)
        for byte in bytes {
            for bit in (0..<8).reversed() {
                code = code << 1 | UInt32(byte >> UInt8(bit) & 1)
                length += 1
                guard length <= Self.longest else { throw Malformed() }
                let range = ranges[length]
                guard code >= range.first, code - range.first < range.count else { continue }
                let symbol = symbols[range.place + Int(code - range.first)]
                guard symbol != Self.endOfString else { throw Malformed() }
                text.append(UInt8(symbol))
                (code, length) = (0, 0)
            }
        }
        guard length < 8, code == 1 << UInt32(length) - 1 else { throw Malformed() }
        return text
    }
}
