/// The bytes of a table whose lines begin with hex and go on, after two blanks, with words.
func bytes(ofTable table: String) -> [UInt8] {
    table.split(separator: "\n").flatMap { line -> [UInt8] in
        let hex = String(line).split(separator: "  ", maxSplits: 1)[0].filter { $0 != " " }
        let digits = hex.compactMap { $0.hexDigitValue.map(UInt8.init) }
        return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
