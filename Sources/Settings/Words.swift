/// The valid word that somebody most probably meant.
package enum Words {
    /// The nearest of `words`, if one is near: one that begins with it, or else one of which at most a third of the
    /// letters differ (at least one may), by insertion, removal, exchange or swapping neighbours. Case does not
    /// count. Words longer than 64 bytes are not compared.
    package static func nearest(to word: String, among words: some Sequence<String>) -> String? {
        let wanted = Array(word.lowercased().utf8)
        guard (1...64).contains(wanted.count) else { return nil }
        if wanted.count >= 3, let longer = words.first(where: { $0.hasPrefix(word) }) { return longer }
        var best: (word: String, distance: Int)?
        for candidate in words where candidate.utf8.count <= 64 {
            let distance = distance(wanted, Array(candidate.lowercased().utf8))
            guard distance <= max(1, max(wanted.count, candidate.utf8.count) / 3) else { continue }
            if distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.word
    }

    /// Optimal string alignment distance.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var older: [Int] = []
        var previous = Array(0...right.count)
        for row in 1...max(1, left.count) where !left.isEmpty {
            var current = [row]
            for column in 0..<right.count {
                let change = left[row - 1] == right[column] ? 0 : 1
                var cost = min(previous[column] + change, previous[column + 1] + 1, current[column] + 1)
                if row > 1, column > 0, left[row - 1] == right[column - 1], left[row - 2] == right[column] {
                    cost = min(cost, older[column - 1] + 1)
                }
                current.append(cost)
            }
            older = previous
            previous = current
        }
        return previous[right.count]
    }

    /// `a`, `a or b`, `a, b or c`.
    package static func alternatives(_ words: [String]) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " or " + last
    }

    /// `1 error`, `2 errors`.
    package static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
}
