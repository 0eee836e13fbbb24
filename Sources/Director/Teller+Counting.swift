import Addresses
import Balancing
import Control
import Linux

extension Teller {
    // Implementation constants

    /// The kernel walks its table from the beginning for each page of its list, so 100,000 connections cost it much
    /// more than ten times 10,000 (net/netfilter/ipvs/ip_vs_conn.c, `ip_vs_conn_array`): a count that takes longer is
    /// broken off, and tried again a minute later.
    private static var patience: Duration { .seconds(2) }
    private static var rest: Duration { .seconds(60) }
    /// At most a fiftieth of a processor.
    private static var share: Int { 50 }
    private static var shortestPause: Duration { .seconds(2) }

    mutating func takeCensus(_ now: Instant) {
        var reader = LineReader(path: Self.list)
        var isWhole = true
        var lines = 0
        census.begin(now: now)
        do throws(SystemError) {
            try reader.forEachLine { line in
                if let connection = Connection(line: line) { census.count(connection) }
                lines += 1
                if lines % 256 == 0, Clock.now() - now > Self.patience { isWhole = false }
                return isWhole
            }
        } catch {
            // There is no ip_vs: the balancer says so.
            isWhole = false
        }
        let cost = Clock.now() - now
        nextCensus = now + (isWhole ? max(Self.shortestPause, cost * Self.share) : Self.rest)
        if isWhole { census.end() }
        let counts = isWhole ? census.counts : nil
        ports.board.update { view in
            view.counts = counts
            view.countedAt = now
            view.cost = cost
        }
    }

    func encoded(_ word: SyncWord) throws -> [UInt8] { try JSON.encode(word) }
}
