import Addresses
package import Control
import Linux
import Synchronization

/// Makes the figures for Prometheus at most once a second, however many ask and however often: status, a reading of
/// the kernel's table and the text of 5,000 servers are work for a good part of a second.
package final class MetricsReading: Sendable {
    package typealias Pieces = [[UInt8]]

    private struct Text {
        var making: Task<Pieces, Never>
        /// Absent: it is not made yet.
        var madeAt: Instant?
    }

    private static let freshness = Duration.seconds(1)

    private let texts = Mutex<[MetricsFormat: Text]>([:])

    package init() {}

    package func pieces(
        _ format: MetricsFormat, _ report: @escaping @Sendable () async -> MetricsReport
    ) async -> Pieces {
        let now = Clock.now()
        let making = texts.withLock { texts in
            if let text = texts[format], text.madeAt.map({ now - $0 < Self.freshness }) ?? true { return text.making }
            let making = Task { await make(format, report) }
            texts[format] = Text(making: making)
            return making
        }
        return await making.value
    }

    private func make(
        _ format: MetricsFormat, _ report: @Sendable () async -> MetricsReport
    ) async -> Pieces {
        var text = MetricsText(await report(), as: format)
        var pieces: Pieces = []
        while let piece = text.piece() { pieces.append(piece) }
        let madeAt = Clock.now()
        texts.withLock { $0[format]?.madeAt = madeAt }
        Task { await forget(format, madeAt: madeAt) }
        return pieces
    }

    /// Megabytes of locked memory are not kept until somebody asks again.
    private func forget(_ format: MetricsFormat, madeAt: Instant) async {
        try? await Task.sleep(for: Self.freshness)
        texts.withLock { texts in
            if texts[format]?.madeAt == madeAt { texts[format] = nil }
        }
    }
}
