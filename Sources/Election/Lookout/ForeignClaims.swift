package import Addresses

/// Who claims addresses of ours that should not, how often, and what is still to be told of it.
package struct ForeignClaims: Sendable {
    package struct Record: Hashable, Sendable {
        package var address: IPAddress
        package var mac: MACAddress
        /// The interface's index.
        package var interface: Int32
        package var since: Instant
        package var last: Instant
        fileprivate var told: Instant
        fileprivate var untold = 0
        fileprivate var counts = TenSecondCounts()

        /// How often within the last minute, give or take ten seconds.
        package func count(now: Instant) -> Int { counts.sum(now) }
    }

    /// What to say of a claim that was heard: something, and how many like it were passed over before, or nothing.
    package enum Telling: Hashable, Sendable {
        case nothing
        case claim(passedOver: Int)
        /// There are too many to name them.
        case tooMany
    }

    package private(set) var records: [Record] = []
    private var lines = 0
    private var linesSince = Instant(nanoseconds: 0)

    // Implementation constants

    private static let mostRecords = 64
    /// A line about one address and host in so long a time, and so many lines in all.
    private static let quiet = Duration.seconds(10)
    private static let mostLines = 16
    /// A claim that was not repeated for so long is over.
    package static let memory = Duration.seconds(60)

    package init() {}

    package mutating func hear(
        _ address: IPAddress, at mac: MACAddress, on interface: Int32, times: Int = 1, now: Instant
    ) -> Telling {
        forget(now: now)
        if now - linesSince >= Self.quiet { (lines, linesSince) = (0, now) }
        if let index = records.firstIndex(where: { $0.address == address && $0.mac == mac }) {
            records[index].interface = interface
            records[index].last = now
            records[index].counts.add(times, now)
            records[index].untold += times
            guard now - records[index].told >= Self.quiet else { return .nothing }
            let passedOver = records[index].untold - 1
            records[index].told = now
            records[index].untold = 0
            return line(.claim(passedOver: passedOver))
        }
        if records.count == Self.mostRecords,
            let oldest = records.indices.min(by: { records[$0].last < records[$1].last })
        {
            records.remove(at: oldest)
        }
        var record = Record(address: address, mac: mac, interface: interface, since: now, last: now, told: now)
        record.counts.add(times, now)
        records.append(record)
        return line(.claim(passedOver: 0))
    }

    /// Drops what is over.
    package mutating func forget(now: Instant) {
        records.removeAll { now - $0.last >= Self.memory }
    }

    private mutating func line(_ telling: Telling) -> Telling {
        lines += 1
        if lines <= Self.mostLines { return telling }
        return lines == Self.mostLines + 1 ? .tooMany : .nothing
    }
}

/// Six counts of ten seconds each, the newest first.
struct TenSecondCounts: Hashable, Sendable {
    private var counts = [0, 0, 0, 0, 0, 0]
    private var slot: UInt64 = 0

    private static let length: UInt64 = 10_000_000_000

    mutating func add(_ times: Int, _ now: Instant) {
        advance(now)
        counts[0] += times
    }

    func sum(_ now: Instant) -> Int {
        var copy = self
        copy.advance(now)
        return copy.counts.reduce(0, +)
    }

    private mutating func advance(_ now: Instant) {
        let current = now.nanoseconds / Self.length
        guard current > slot else { return }
        for _ in 0..<min(current - slot, UInt64(counts.count)) {
            counts.removeLast()
            counts.insert(0, at: 0)
        }
        slot = current
    }
}
