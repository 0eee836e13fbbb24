package import Control
import Glibc

/// An event as a line for people.
package enum EventText {
    /// - Parameter time: as it is to be shown.
    package static func line(_ event: Event, at time: String, style: Style = .plain) -> String {
        let kind = event.kind.rawValue
        let padding = String(repeating: " ", count: max(widest - kind.count, 0))
        return "\(time)  \(style.paint(kind, colour(event)))\(padding)  \(event.message)\(figures(event))\n"
    }

    private static let widest = Event.Kind.allCases.map(\.rawValue.count).max() ?? 0

    private static func figures(_ event: Event) -> String {
        let figures = [
            event.term.map { "term \($0)" }, event.durationMS.map { "took \(Words.milliseconds($0))" },
        ]
        let known = figures.compactMap(\.self)
        return known.isEmpty ? "" : " (\(known.joined(separator: ", ")))"
    }

    private static func colour(_ event: Event) -> Style.Colour {
        switch event.kind {
        case .role, .wish, .override: .bold
        case .warning, .claim: .yellow
        case .verdict: event.to == "up" ? .green : .red
        case .fitness: event.to == "passing" ? .green : .red
        case .configuration, .table, .peer, .sync: .faint
        }
    }
}

/// Moments of the wall clock in words.
enum WallClock {
    /// `2026-11-21 04:15:02.123` in the machine's zone.
    static func local(milliseconds: Int64) -> String {
        var seconds = time_t(milliseconds / 1000)
        var parts = tm()
        guard localtime_r(&seconds, &parts) != nil else { return "\(milliseconds) ms" }
        let date = [Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday)].map(twoDigits)
        let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { twoDigits(Int($0)) }
        let fraction = String(1000 + (milliseconds % 1000 + 1000) % 1000).dropFirst()
        return date.joined(separator: "-") + " " + clock.joined(separator: ":") + "." + fraction
    }

    static func local(seconds: Int64) -> String {
        String(local(milliseconds: seconds * 1000).dropLast(4))
    }

    private static func twoDigits(_ number: Int) -> String {
        (0...9).contains(number) ? "0\(number)" : "\(number)"
    }
}
