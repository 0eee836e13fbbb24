/// Figures in words for people.
package enum Words {
    /// `80 ms`, `4 s`, `3 min`, `5 h 10 min`, `12 d 4 h`.
    package static func duration(_ seconds: Double) -> String {
        guard seconds >= 1 else { return milliseconds(max(seconds, 0) * 1000) }
        return duration(Int64(min(seconds, 1e15)))
    }

    package static func duration(_ seconds: Int64) -> String {
        let seconds = max(seconds, 0)
        return switch seconds {
        case ..<60: "\(seconds) s"
        case ..<3600: "\(seconds / 60) min"
        case ..<86_400: pair(seconds / 3600, "h", seconds % 3600 / 60, "min")
        default: pair(seconds / 86_400, "d", seconds % 86_400 / 3600, "h")
        }
    }

    private static func pair(_ large: Int64, _ unit: String, _ small: Int64, _ smallUnit: String) -> String {
        small == 0 ? "\(large) \(unit)" : "\(large) \(unit) \(small) \(smallUnit)"
    }

    /// `0.42 ms`, `4.2 ms`, `80 ms`.
    package static func milliseconds(_ value: Double) -> String {
        switch value {
        case ..<1: "\(rounded(value, 100)) ms"
        case ..<10: "\(rounded(value, 10)) ms"
        default: "\(Int64(min(value, 1e15).rounded())) ms"
        }
    }

    /// A share of 0 to 1 in percent: `0 %`, `0.3 %`, `12 %`.
    package static func percent(_ share: Double) -> String {
        let percent = min(max(share, 0), 1) * 100
        if percent == 0 { return "0 %" }
        return percent < 9.95 ? "\(rounded(max(percent, 0.1), 10)) %" : "\(Int(percent.rounded())) %"
    }

    /// Without needless zeros: 0.40 is 0.4, 3.0 is 3.
    private static func rounded(_ value: Double, _ parts: Double) -> String {
        let rounded = (value * parts).rounded() / parts
        return rounded == rounded.rounded() ? "\(Int64(rounded))" : "\(rounded)"
    }
}
