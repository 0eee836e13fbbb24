package import Balancing
import Heartbeat

/// What operators said about servers, as lines of a state file.
///
/// ```
/// tandem overrides 1
/// clock 17
/// drain 10.1.0.21:80
/// service web
/// stamp 16
/// from lb1
/// uid 1000
/// time 1795000000
/// reason new disk
/// end 7 00c7f6a1d2b3e4f5
/// ```
package enum OverridesText {
    package static let kind = "overrides"
    package static let version = 1

    package static func text(_ overrides: Overrides) -> StateText {
        let clock = StateText.Line("clock", "\(overrides.clock)")
        return StateText(kind: kind, version: version, lines: [clock] + overrides.list.flatMap(lines))
    }

    private static func lines(_ override: Override) -> [StateText.Line] {
        // The word's number stands behind the server, so that the line begins with a word.
        let words = "\(override.word)".split(separator: " ")
        let value = ([override.scope.server] + words.dropFirst().map(String.init)).joined(separator: " ")
        var lines = [StateText.Line(String(words[0]), value)]
        if let service = override.scope.service { lines.append(.init("service", service)) }
        lines += [
            .init("stamp", "\(override.stamp)"), .init("from", override.director), .init("uid", "\(override.uid)"),
            .init("time", "\(override.time)"),
        ]
        if !override.reason.isEmpty { lines.append(.init("reason", override.reason)) }
        return lines
    }

    package static func overrides(_ text: StateText) throws(StateDamage) -> Overrides {
        var list: [Override] = []
        var clock: UInt64 = 0
        for (offset, line) in text.lines.enumerated() {
            if line.key == "clock", list.isEmpty, let read = UInt64(line.value), read <= Override.highestStamp {
                clock = read
            } else if let override = begin(line) {
                list.append(override)
            } else {
                guard !list.isEmpty, read(line, into: &list[list.count - 1]) else { throw .line(offset + 2) }
            }
        }
        guard list.allSatisfy({ (1...Override.highestStamp).contains($0.stamp) }) else {
            throw .line(text.lines.count + 1)
        }
        return Overrides(list, clock: clock)
    }

    private static func begin(_ line: StateText.Line) -> Override? {
        let parts = line.value.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        guard let server = parts.first, let scope = Override.Scope(server: server),
            let word = Override.Word(([line.key[...]] + parts.dropFirst()).joined(separator: " "))
        else { return nil }
        return Override(word, scope, director: "", uid: 0, time: 0)
    }

    private static func read(_ line: StateText.Line, into override: inout Override) -> Bool {
        switch line.key {
        case "service": override.scope.service = line.value
        case "from": override.director = line.value
        case "reason": override.reason = ShortText(line.value).text
        case "stamp":
            guard let stamp = UInt64(line.value) else { return false }
            override.stamp = stamp
        case "uid":
            guard let uid = UInt32(line.value) else { return false }
            override.uid = uid
        case "time":
            guard let time = Int64(line.value) else { return false }
            override.time = time
        default: return false
        }
        return true
    }
}
