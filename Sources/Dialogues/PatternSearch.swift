import Settings

/// Looks for a pattern in bytes as they come. What it keeps is bounded by the pattern, whatever comes.
struct PatternSearch: Sendable {
    private(set) var isFound = false

    private let program: [Pattern.Instruction]
    /// The instructions that wait for the next byte, or for the end of a line.
    private var threads: [Int] = []
    /// Room for the next ones.
    private var spare: [Int] = []
    /// For each instruction, in which step it became one of the threads last.
    private var marks: [UInt32]
    private var step: UInt32 = 1
    private var isLineStart = true

    init(_ pattern: Pattern) {
        program = pattern.program
        marks = Array(repeating: 0, count: program.count)
        var first: [Int] = []
        start(0, &first)
        threads = first
    }

    mutating func take(_ byte: UInt8) {
        guard !isFound else { return }
        if byte == Self.lineFeed || byte == Self.carriageReturn { passLineEnds() }
        guard !isFound else { return }
        isLineStart = byte == Self.lineFeed
        step &+= 1
        if step == 0 { restartCount() }
        var next = spare
        spare = []
        next.removeAll(keepingCapacity: true)
        for thread in threads {
            if case .byte(let set) = program[thread], set.contains(byte) { start(thread + 1, &next) }
        }
        start(0, &next)
        spare = threads
        threads = next
    }

    /// No more bytes will come.
    mutating func end() { passLineEnds() }

    private mutating func passLineEnds() {
        // Those that are added meanwhile are looked at too: a pattern may have several ends in a row.
        var reached = threads
        var index = 0
        while index < reached.count {
            if case .lineEnd = program[reached[index]] { start(reached[index] + 1, &reached) }
            index += 1
        }
        threads = reached
    }

    /// A thread begins there, and goes on to where it has to wait.
    private mutating func start(_ place: Int, _ threads: inout [Int]) {
        var open = [place]
        while let place = open.popLast() {
            guard marks[place] != step else { continue }
            marks[place] = step
            switch program[place] {
            case .found: isFound = true
            case .byte, .lineEnd: threads.append(place)
            case .jump(let target): open.append(target)
            case .either(let first, let second): open += [second, first]
            case .lineStart: if isLineStart { open.append(place + 1) }
            }
        }
    }

    private mutating func restartCount() {
        step = 1
        for index in marks.indices { marks[index] = 0 }
    }

    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")
}
