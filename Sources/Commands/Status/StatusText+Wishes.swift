package import Control

extension StatusText {
    /// Who is in standby, and whether the pair is paused: a line each.
    var wishes: String {
        let standby = status.standby.map { "\(style.paint($0.director, .bold)) \($0.words(now: now, style))" }
        let pause = status.pause.map { [$0.words(now: now, style)] } ?? []
        return (standby + pause).map { $0 + "\n" }.joined()
    }

    /// A role, and that the director takes nothing.
    func role(_ role: String, _ director: String) -> String {
        status.standby.contains { $0.director == director } ? "\(role), standby" : role
    }
}

extension StandbyStatus {
    fileprivate func words(now: Int64, _ style: Style) -> String {
        style.paint("is in standby", .yellow) + " for \(Words.duration(now - since)), "
            + authorTail(author, reason, isShared: shared)
    }

    /// For a monitoring system.
    package var sentence: String { "\(director) is in standby, " + authorTail(author, reason, isShared: true) }
}

extension PauseStatus {
    fileprivate func words(now: Int64, _ style: Style) -> String {
        style.paint("The pair is paused", .yellow)
            + " until \(WallClock.local(seconds: until)), \(Words.duration(until - now)) from now, "
            + authorTail(author, reason, isShared: shared)
    }

    /// For a monitoring system.
    package var sentence: String {
        "paused until \(WallClock.local(seconds: until)), " + authorTail(author, reason, isShared: true)
    }
}

func authorTail(_ author: Author, _ reason: String?, isShared: Bool) -> String {
    let why = reason.map { ": \($0)" } ?? ""
    return "asked for by uid \(author.uid) at \(author.at)\(isShared ? "" : ", the peer does not know yet")\(why)"
}
