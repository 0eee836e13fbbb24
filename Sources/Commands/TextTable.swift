/// Rows of words in aligned columns.
struct TextTable {
    struct Cell: ExpressibleByStringInterpolation {
        var text: String
        var colour: Style.Colour?

        init(_ text: String, _ colour: Style.Colour? = nil) {
            self.text = text
            self.colour = colour
        }

        init(stringLiteral text: String) {
            self.init(text)
        }
    }

    enum Alignment { case left, right }

    /// The headings; right-aligned columns hold numbers.
    private let columns: [(String, Alignment)]
    private var rows: [[Cell]] = []

    init(_ columns: [(String, Alignment)]) {
        self.columns = columns
    }

    mutating func add(_ row: [Cell]) {
        precondition(row.count == columns.count, "a row of \(row.count) cells in a table of \(columns.count) columns")
        rows.append(row)
    }

    var count: Int { rows.count }
    var isEmpty: Bool { rows.isEmpty }

    /// Headings and at most `limit` rows, a line each; columns that are empty in every row are left out. Empty without
    /// rows.
    func text(_ style: Style, limit: Int = .max) -> String {
        guard !rows.isEmpty else { return "" }
        let rows = rows.prefix(limit)
        let kept = columns.indices.filter { column in rows.contains { !$0[column].text.isEmpty } }
        let headings = columns.map { Cell($0.0, .faint) }
        let widths = columns.indices.map { column in
            ([headings] + rows).map { $0[column].text.count }.max() ?? 0
        }
        return ([headings] + rows).map { line($0, kept, widths, style) }.joined()
    }

    private func line(_ row: [Cell], _ kept: [Int], _ widths: [Int], _ style: Style) -> String {
        var line = ""
        for column in kept {
            let cell = row[column]
            let padding = String(repeating: " ", count: widths[column] - cell.text.count)
            let painted = style.paint(cell.text, cell.colour)
            line += columns[column].1 == .left ? painted + padding : padding + painted
            line += "  "
        }
        while line.last == " " { line.removeLast() }
        return line + "\n"
    }
}
