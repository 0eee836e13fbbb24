/// A regular expression as its parts.
indirect enum PatternTree {
    case nothing
    case byte(ByteSet)
    case lineStart
    case lineEnd
    case sequence([PatternTree])
    case choice([PatternTree])
    /// At least and at most so often; no upper bound: without end.
    case times(PatternTree, Int, Int?)

    var isNothing: Bool { if case .nothing = self { true } else { false } }

    /// Whether it is found in every answer, of which nothing would be learned.
    static func isEmpty(_ tree: PatternTree) -> Bool {
        switch tree {
        case .nothing: true
        case .byte, .lineStart, .lineEnd: false
        case .sequence(let parts): parts.allSatisfy(isEmpty)
        case .choice(let parts): parts.contains(where: isEmpty)
        case .times(let part, let least, _): least == 0 || isEmpty(part)
        }
    }

    /// - Throws: `PatternFault` as soon as the program is longer than a program may be.
    func compile(into program: inout [Pattern.Instruction]) throws(PatternFault) {
        guard program.count < Pattern.longest else { throw PatternFault(.tooLong) }
        switch self {
        case .nothing: break
        case .byte(let set): program.append(.byte(set))
        case .lineStart: program.append(.lineStart)
        case .lineEnd: program.append(.lineEnd)
        case .sequence(let parts): for part in parts { try part.compile(into: &program) }
        case .choice(let parts): try Self.compile(parts[...], into: &program)
        case .times(let part, let least, let most): try Self.compile(part, least, most, into: &program)
        }
    }

    private static func compile(
        _ choices: ArraySlice<PatternTree>, into program: inout [Pattern.Instruction]
    ) throws(PatternFault) {
        guard let first = choices.first else { return }
        guard choices.count > 1 else { return try first.compile(into: &program) }
        let fork = program.count
        program.append(.found)
        try first.compile(into: &program)
        let leave = program.count
        program.append(.found)
        program[fork] = .either(fork + 1, program.count)
        try compile(choices.dropFirst(), into: &program)
        program[leave] = .jump(program.count)
    }

    private static func compile(
        _ part: PatternTree, _ least: Int, _ most: Int?, into program: inout [Pattern.Instruction]
    ) throws(PatternFault) {
        for _ in 0..<least { try part.compile(into: &program) }
        guard let most else {
            let fork = program.count
            program.append(.found)
            try part.compile(into: &program)
            program.append(.jump(fork))
            program[fork] = .either(fork + 1, program.count)
            return
        }
        var forks: [Int] = []
        for _ in least..<max(least, most) {
            forks.append(program.count)
            program.append(.found)
            try part.compile(into: &program)
        }
        for fork in forks { program[fork] = .either(fork + 1, program.count) }
    }
}
