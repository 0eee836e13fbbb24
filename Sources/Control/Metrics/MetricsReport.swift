/// What a director tells Prometheus: all figures follow from it.
package struct MetricsReport: Hashable, Sendable {
    package var status: Status
    /// What the kernel counts; absent: it has no ip_vs, or does not say.
    package var counters: CountersReport?
    /// Every reason for which a datagram can be refused.
    package var refusals: [String]

    package init(status: Status, counters: CountersReport? = nil, refusals: [String] = []) {
        self.status = status
        self.counters = counters
        self.refusals = refusals
    }
}

/// The figures as text, in pieces: with 5,000 servers it is megabytes, and who reads slowly shall not make the daemon
/// keep them.
package struct MetricsText: Sendable {
    private static let parts: [@Sendable (borrowing MetricsReport, inout MetricsWriter) -> Void] =
        pairParts + pathParts + groupParts + tableParts + serviceParts + counterParts

    private let report: MetricsReport
    private let format: MetricsFormat
    private var next = 0

    package init(_ report: MetricsReport, as format: MetricsFormat = .text) {
        self.report = report
        self.format = format
    }

    /// The next piece, of whole lines; it may be empty. nil behind the last.
    package mutating func piece() -> [UInt8]? {
        guard next <= Self.parts.count else { return nil }
        defer { next += 1 }
        var writer = MetricsWriter(format)
        if next == Self.parts.count {
            writer.end()
        } else {
            Self.parts[next](report, &writer)
        }
        return writer.take()
    }

    /// All pieces together.
    package var whole: String {
        var text = self
        var bytes: [UInt8] = []
        while let piece = text.piece() { bytes += piece }
        return String(decoding: bytes, as: UTF8.self)
    }
}
