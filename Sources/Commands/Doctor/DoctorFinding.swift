/// One thing that `tandem doctor` looked at.
package struct DoctorFinding: Hashable, Sendable, Encodable {
    package enum Level: String, Hashable, Sendable, Encodable, Comparable {
        case ok
        /// It works, but not in every case.
        case warn
        /// Something does not work, or will not when it is needed.
        case bad

        package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

        var colour: Style.Colour {
            switch self {
            case .ok: .green
            case .warn: .yellow
            case .bad: .red
            }
        }

        private var rank: Int {
            switch self {
            case .ok: 0
            case .warn: 1
            case .bad: 2
            }
        }
    }

    package var level: Level
    /// A word or two.
    package var subject: String
    package var sentence: String
    /// What to do about it; absent where nothing is to be done.
    package var remedy: String?

    package init(_ level: Level, _ subject: String, _ sentence: String, remedy: String? = nil) {
        self.level = level
        self.subject = subject
        self.sentence = sentence
        self.remedy = remedy
    }
}

/// All findings about a director.
package struct DoctorReport: Hashable, Sendable, Encodable {
    package var director: String
    package var findings: [DoctorFinding]

    package init(director: String, findings: [DoctorFinding]) {
        self.director = director
        self.findings = findings
    }

    package var worst: DoctorFinding.Level { findings.map(\.level).max() ?? .ok }

    /// 1 is for what could not be looked at at all.
    package var exitCode: Int32 {
        switch worst {
        case .ok: 0
        case .warn: 2
        case .bad: 3
        }
    }

    /// The worst first, each in a line with its remedy below.
    package func text(_ style: Style = .plain) -> String {
        let sorted = [DoctorFinding.Level.bad, .warn, .ok].flatMap { level in findings.filter { $0.level == level } }
        let width = findings.map(\.subject.count).max() ?? 0
        let lines = sorted.map { finding -> String in
            let level = style.paint(finding.level.rawValue, finding.level.colour)
            let padding = String(repeating: " ", count: 4 - finding.level.rawValue.count)
            let subject = finding.subject + String(repeating: " ", count: width - finding.subject.count)
            let line = "\(level)\(padding)  \(subject)  \(finding.sentence)\n"
            let indent = String(repeating: " ", count: width + 8)
            return line + (finding.remedy.map { "\(indent)→ \($0)\n" } ?? "")
        }
        return "Director \(director)\n" + lines.joined()
    }
}
