import Control

extension StatusText {
    /// What operators said about servers: a line each, for a page's worth.
    var overrides: String {
        let all = status.overrides ?? []
        let shown = all.prefix(Self.overrideLimit).map { $0.line(now: now, style) }.joined()
        let others = all.count - Self.overrideLimit
        return shown + (others > 0 ? "and \(others) more drains and weights: 'tandem servers' lists them\n" : "")
    }

    private static let overrideLimit = 10
}

extension OverrideStatus {
    func line(now: Int64, _ style: Style) -> String {
        let lost = servers.isEmpty ? ", though no service has such a server" : ""
        return "\(style.paint(name, .bold)) \(state(style)) for \(Words.duration(now - since))\(left)\(lost), "
            + authorTail(author, reason, isShared: shared) + "\n"
    }

    private func state(_ style: Style) -> String {
        if let weight { return style.paint("has weight \(weight)", .yellow) }
        return isDrained == true ? style.paint("is drained", .green) + ", draining" : style.paint("drains", .yellow)
    }

    private var left: String {
        guard weight == nil, isDrained != true, let connections, connections.here != nil else { return "" }
        return ", \(connections.words)"
    }
}

extension ServerStatus {
    /// The verdict, and what somebody did to the server.
    var state: String {
        let isDraining = drain != nil || advised == 0 && override == nil
        let more = [
            isDisputed == true ? "disputed" : nil, isDraining ? "draining" : nil,
            rising != nil ? "rising" : nil, held != nil ? "held" : nil,
            silent != nil ? "silent" : nil,
        ]
        return ([verdict.rawValue] + more.compactMap(\.self)).joined(separator: ", ")
    }

    /// The weight in force while it is up, and the configuration's behind it where that is another one.
    var weightWords: String {
        let inForce = drain == nil ? override?.weight ?? rising ?? advised ?? weight : 0
        return inForce == weight ? "\(weight)" : "\(inForce) (\(weight))"
    }

    /// Why it is up or down, and of a disputed one what each director sees.
    private var views: [String] {
        guard isDisputed == true else { return [reason].compactMap(\.self) }
        return [own, peer].compactMap(\.self).map { view in
            let why = view.reason.map { " (\($0))" } ?? ""
            return "\(view.director) sees it \(view.isUp ? "up" : "down")\(why)"
        }
    }

    /// Why it is as it is: what its check says, and who said what.
    func why(now: Int64) -> String {
        let marks = [drain.map { ("drained", $0) }, override.map { ("weight \($0.weight ?? 0)", $0) }]
        let words = marks.compactMap(\.self).map { what, mark in
            let reason = mark.reason.map { ": \($0)" } ?? ""
            let age = Words.duration(now - mark.since)
            return "\(what) \(age) ago by uid \(mark.author.uid) at \(mark.author.at)\(reason)"
        }
        let hold = held.map { "it went down too often, let go in \(Words.duration(max(0, $0.until - now)))" }
        let silence = silent.map { silent in
            "nothing has come back for \(Words.duration(max(0, now - silent.since))), "
                + "\(silent.connections) new connections went there"
        }
        return ([hold, silence].compactMap(\.self) + views + [agent].compactMap(\.self) + words).joined(separator: "; ")
    }
}
