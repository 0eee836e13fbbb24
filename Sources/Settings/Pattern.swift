/// What an answer is searched for: bytes as they are, or a regular expression over bytes.
///
/// It is a small program for a machine that has all its threads in step (Thompson, "Regular Expression Search
/// Algorithm", 1968): the time that a byte of an answer takes is bounded by the size of the program, whatever a server
/// says, and nothing of the answer has to be kept. Two patterns are equal if they are written alike.
package struct Pattern: Hashable, Sendable {
    package enum Instruction: Sendable {
        case found
        case byte(ByteSet)
        case jump(Int)
        case either(Int, Int)
        /// The start of the answer, or of a line of it.
        case lineStart
        /// The end of the answer, or of a line of it.
        case lineEnd
    }

    /// The most instructions of a program.
    package static let longest = 1024

    /// As it is written in the file, with its kind.
    package let source: String
    package let program: [Instruction]

    /// Bytes as they are, 1 to 1,023 of them.
    package init(_ bytes: [UInt8]) {
        precondition((1..<Self.longest).contains(bytes.count), "a pattern has 1 to 1,023 bytes, not \(bytes.count)")
        source = ByteText.print(bytes)
        program = bytes.map { .byte(ByteSet([$0])) } + [.found]
    }

    /// A regular expression: `. [a-z] [^a-z] \d \w \s \D \W \S \xHH ( ) (?: ) | * + ? {2} {2,} {2,5} ^ $` and, as the
    /// first thing, `(?i)`. What is searched for are bytes; a letter that is not ASCII is its UTF-8. `.` is everything
    /// but a line feed; `^` and `$` are the start and the end of the answer or of one of its lines.
    ///
    /// - Throws: `PatternFault` with the reason.
    package init(regex: String) throws(PatternFault) {
        source = "regex \(regex)"
        var parser = PatternParser(regex)
        let tree = try parser.parse()
        var program: [Instruction] = []
        try tree.compile(into: &program)
        guard program.count < Self.longest else { throw PatternFault(.tooLong) }
        program.append(.found)
        self.program = program
        guard !PatternTree.isEmpty(tree) else { throw PatternFault(.empty) }
    }

    package static func == (left: Pattern, right: Pattern) -> Bool { left.source == right.source }

    package func hash(into hasher: inout Hasher) { hasher.combine(source) }
}

/// Why a text is no regular expression, in words that follow a colon.
package struct PatternFault: Error, Hashable, CustomStringConvertible {
    package enum Reason: Hashable, Sendable {
        case empty, tooLong, tooDeep, openGroup, openClass, openRepeat, strayParenthesis, nothingToRepeat, badRange
        case badRepeat, badHex, trailingBackslash, foreignLetterInClass
        case unknownGroup
        case unknownEscape(String)
    }

    package var reason: Reason

    init(_ reason: Reason) { self.reason = reason }

    package var description: String {
        switch reason {
        case .empty: "everything contains it"
        case .tooLong: "it is too long; repeat less often"
        case .tooDeep: "its groups are nested more than \(PatternParser.deepest) deep"
        case .openGroup: "a ( has no )"
        case .openClass: "a [ has no ]"
        case .openRepeat: "a { has no }; write \\{ for the sign itself"
        case .strayParenthesis: "a ) has no (; write \\) for the sign itself"
        case .nothingToRepeat: "nothing stands before *, +, ? or {"
        case .badRange: "a range in [ ] runs backwards"
        case .badRepeat: "a repeat is {2}, {2,} or {2,5} with numbers up to \(PatternParser.mostRepeats)"
        case .badHex: "\\x is followed by two hexadecimal digits"
        case .trailingBackslash: "nothing follows the last \\"
        case .foreignLetterInClass: "in [ ] stand ASCII characters and \\xHH"
        case .unknownGroup: "after (? stands :, or i) at the very start; look-around and names are not known here"
        case .unknownEscape(let letter):
            "\\\(letter) is not known; known are \\d \\w \\s \\D \\W \\S \\t \\n \\r \\f \\v \\0 \\xHH and signs"
        }
    }
}
