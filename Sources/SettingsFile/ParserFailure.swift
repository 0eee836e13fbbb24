import CYAML

/// Why libyaml could not go on.
struct ParserFailure {
    private let mark: Mark
    private let message: String

    init(_ parser: yaml_parser_t, file: Int) {
        let place = unsafe parser.problem_mark
        mark = Mark(file: file, line: Int(place.line) + 1, column: Int(place.column) + 1)
        let problem = unsafe parser.problem.map { unsafe String(cString: $0) } ?? "it cannot be read"
        let context = unsafe parser.context.map { unsafe String(cString: $0) }
        message = Self.sentence(problem, context: context)
    }

    func report(to diagnosis: inout Diagnosis) {
        diagnosis.error(mark, message)
    }

    /// libyaml's words in the words of somebody who writes a configuration.
    private static func sentence(_ problem: String, context: String?) -> String {
        switch problem {
        case "found character that cannot start any token":
            "this character cannot begin a value; quote the text, and indent with blanks, not tabs"
        case "found a tab character that violates indentation",
            "found a tab character where an indentation space is expected":
            "a tab is no indentation in YAML; use blanks"
        case "mapping values are not allowed in this context":
            "a \"key: value\" cannot stand here; is the line before indented otherwise, or a colon not quoted?"
        case "could not find expected ':'": "a colon is missing behind this key or the one before"
        case "did not find expected key": "the indentation does not fit the lines above"
        case "did not find expected ',' or ']'": "a comma or ] is missing"
        case "did not find expected ',' or '}'": "a comma or } is missing"
        case "did not find expected '-' indicator":
            "the indentation does not fit the list above, whose entries begin with -"
        case "control characters are not allowed": "a control character stands here; remove it"
        case "found undefined tag handle": "tags are not accepted; leave it out"
        default: "this is no YAML: " + [context, problem].compactMap(\.self).joined(separator: ", ")
        }
    }
}
