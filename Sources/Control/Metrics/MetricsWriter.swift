/// Which of Prometheus' two text formats is written.
package enum MetricsFormat: Hashable, Sendable, CaseIterable {
    /// The text exposition format, version 0.0.4 (prometheus.io, "Exposition formats").
    case text
    /// OpenMetrics 1.0.0 (RFC draft-richih-opsawg-openmetrics-00).
    case openMetrics

    package var contentType: String {
        switch self {
        case .text: "text/plain; version=0.0.4; charset=utf-8"
        case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
        }
    }
}

/// Writes families of metrics, one after the other, as bytes.
struct MetricsWriter {
    enum Kind: String {
        case counter, gauge
    }

    typealias Labels = KeyValuePairs<String, String>

    let format: MetricsFormat
    /// Written and not taken yet.
    private var bytes: [UInt8] = []
    /// Of the family that is being written; what comes before the first sample of it.
    private var name = ""
    private var head: String?

    init(_ format: MetricsFormat) {
        self.format = format
    }

    /// Begins a family; one without a sample leaves no trace.
    ///
    /// - Parameters:
    ///   - name: without `tandem_` and without the `_total` of a counter.
    ///   - help: a sentence without its full stop.
    mutating func family(_ name: String, _ kind: Kind, _ help: String) {
        let base = "tandem_" + name
        self.name = kind == .counter ? base + "_total" : base
        let title = format == .text ? self.name : base
        head = "# HELP \(title) \(escaped(help, quotes: format == .openMetrics))\n# TYPE \(title) \(kind.rawValue)\n"
    }

    mutating func sample(_ value: some MetricValue) { write([], value.metric) }

    mutating func sample(_ labels: Labels, _ value: some MetricValue) {
        write(labels.map { ($0.key, $0.value) }, value.metric)
    }

    /// One sample for each state that something can be in: 1 for the one that it is in, 0 for the others.
    mutating func states(_ all: [String], _ now: String, _ labels: [(String, String)] = [], as label: String) {
        for state in all {
            write(labels + [(label, state)], state == now ? "1" : "0")
        }
    }

    /// What was written since the last call.
    mutating func take() -> [UInt8] {
        var taken: [UInt8] = []
        swap(&taken, &bytes)
        return taken
    }

    /// The last line of OpenMetrics; the older format has none.
    mutating func end() {
        if format == .openMetrics { bytes.append(contentsOf: "# EOF\n".utf8) }
    }

    private mutating func write(_ labels: [(String, String)], _ value: String) {
        if let head { bytes.append(contentsOf: head.utf8) }
        head = nil
        bytes.append(contentsOf: name.utf8)
        for (index, label) in labels.enumerated() {
            bytes.append(UInt8(ascii: index == 0 ? "{" : ","))
            bytes.append(contentsOf: label.0.utf8)
            bytes.append(contentsOf: "=\"".utf8)
            bytes.append(contentsOf: escaped(label.1, quotes: true).utf8)
            bytes.append(UInt8(ascii: "\""))
        }
        if !labels.isEmpty { bytes.append(UInt8(ascii: "}")) }
        bytes.append(UInt8(ascii: " "))
        bytes.append(contentsOf: value.utf8)
        bytes.append(UInt8(ascii: "\n"))
    }

    private func escaped(_ text: String, quotes: Bool) -> String {
        // Nearly every one is plain.
        guard text.utf8.contains(where: { $0 == 0x5C || $0 == 0x0A || $0 == 0x22 }) else { return text }
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}

/// What a sample can have as its value.
protocol MetricValue {
    var metric: String { get }
}

extension Int: MetricValue { var metric: String { "\(self)" } }
extension UInt32: MetricValue { var metric: String { "\(self)" } }
extension UInt64: MetricValue { var metric: String { "\(self)" } }
extension Bool: MetricValue { var metric: String { self ? "1" : "0" } }

extension Double: MetricValue {
    var metric: String {
        if isNaN { return "NaN" }
        if isInfinite { return self > 0 ? "+Inf" : "-Inf" }
        return self == rounded() && abs(self) < 9e15 ? "\(Int64(self))" : "\(self)"
    }
}
