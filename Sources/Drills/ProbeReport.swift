/// What a probe saw.
package struct ProbeReport: Codable, Hashable, Sendable {
    /// A run of requests that were not answered. Moments are on the monotonic clock, in nanoseconds.
    package struct Gap: Codable, Hashable, Sendable {
        package var lost: Int
        /// When the request before the gap was sent; absent: there was none.
        package var lastAnswered: UInt64?
        /// When the request after the gap was sent; absent: nothing was answered any more.
        package var firstAnswered: UInt64?

        package init(lost: Int, lastAnswered: UInt64?, firstAnswered: UInt64?) {
            self.lost = lost
            self.lastAnswered = lastAnswered
            self.firstAnswered = firstAnswered
        }

        /// From the last answered request to the first one after the gap; absent if the gap has no end or beginning.
        package var lengthMS: Double? {
            guard let lastAnswered, let firstAnswered, firstAnswered >= lastAnswered else { return nil }
            return Double(firstAnswered - lastAnswered) / 1_000_000
        }
    }

    package var target: String
    package var sent: Int
    package var lost: Int
    package var gaps: [Gap] = []

    package init(target: String, sent: Int, lost: Int) {
        self.target = target
        self.sent = sent
        self.lost = lost
    }

    /// The gap with the most lost requests.
    package var longest: Gap? { gaps.max { $0.lost < $1.lost } }

    package var text: String {
        var text = "\(target): \(sent) sent, \(lost) lost"
        if let length = longest?.lengthMS { text += ", longest gap \(LoadReport.milliseconds(length))" }
        for gap in gaps.prefix(10) {
            let length = gap.lengthMS.map(LoadReport.milliseconds) ?? "no end"
            text += "\n  \(gap.lost) lost, \(length), answered again at \(gap.firstAnswered.map { "\($0)" } ?? "never")"
        }
        return text + "\n"
    }
}
