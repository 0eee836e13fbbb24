import Addresses
import Settings
import Testing

@testable import Director

/// Which addresses of a group are announced when.
struct HandGroupTests {
    private var group: HandGroup
    private static let start = Instant(nanoseconds: 1_000_000_000)
    private static let slice = 2

    init() throws {
        let prefixes = try (10...14).map { try #require(Prefix("192.0.2.\($0)/32")) }
        group = HandGroup(
            GroupSettings(name: "web", addresses: prefixes.map { VirtualAddress(prefix: $0) }, interface: "eth0"),
            of: DirectorSettings(name: "lb1", addresses: []))
    }

    /// What is announced until so many seconds after the start, by when it is.
    private mutating func announced(until seconds: Int) -> [(at: Duration, places: [Int])] {
        var all: [(Duration, [Int])] = []
        while group.nextAnnouncement <= Self.start + .seconds(seconds) {
            let now = group.nextAnnouncement
            all.append((now - Self.start, group.takeDue(now, slice: Self.slice)))
        }
        return all
    }

    private static func counts(_ announced: [(at: Duration, places: [Int])]) -> [Int: Int] {
        announced.reduce(into: [:]) { counts, round in for place in round.places { counts[place, default: 0] += 1 } }
    }

    @Test mutating func `each round has every address once, in slices, and begins at another one`() {
        group.startAnnouncing(Self.start)
        let rounds = announced(until: 0) + announced(until: 1)
        #expect(rounds.map(\.places).prefix(6) == [[0, 1], [2, 3], [4], [2, 3], [4, 0], [1]])
        #expect(Self.counts(rounds) == [0: 4, 1: 4, 2: 4, 3: 4, 4: 4])
    }

    @Test mutating func `what is withdrawn is not announced, in the middle of a round either`() {
        group.startAnnouncing(Self.start)
        #expect(group.takeDue(Self.start, slice: Self.slice) == [0, 1])
        group.withdrawn = [0, 1, 2]
        #expect(Self.counts(announced(until: 5)) == [3: 5, 4: 5])
    }

    @Test mutating func `what came back is announced alone, as often as a claim is, and then with its group`() {
        group.startAnnouncing(Self.start)
        _ = announced(until: 40)
        group.announce(returned: [1, 3], Self.start + .seconds(41))
        let alone = announced(until: 59)
        #expect(
            alone.map(\.at) == [41, 41.1, 41.3, 42, 43, 46].map { .milliseconds(Int64(($0 * 1000).rounded())) })
        #expect(Self.counts(alone) == [1: 6, 3: 6])
        #expect(group.returning.isEmpty)
        #expect(Self.counts(announced(until: 60)) == [0: 1, 1: 1, 2: 1, 3: 1, 4: 1])
    }

    @Test mutating func `what comes back again begins anew, and what went again is left out`() {
        group.startAnnouncing(Self.start)
        _ = announced(until: 30)
        group.announce(returned: [1, 3], Self.start + .seconds(31))
        group.announce(returned: [1], Self.start + .seconds(31))
        group.withdrawn = [3]
        #expect(Self.counts(announced(until: 50)) == [1: 6])
        group.announce(returned: [2], Self.start + .seconds(51))
        group.startAnnouncing(Self.start + .seconds(51))
        #expect(group.returning.isEmpty)
        group.announce(returned: [2], Self.start + .seconds(51))
        group.stopAnnouncing()
        #expect(group.nextAnnouncement == .never && group.takeDue(.never, slice: Self.slice).isEmpty)
    }

    @Test mutating func `rounds that were slept through are not made up`() {
        group.startAnnouncing(Self.start)
        group.announce(returned: [4], Self.start)
        group.skipDue(Self.start + .seconds(4))
        #expect(group.nextAnnouncement == Self.start + .seconds(5))
        group.skipDue(Self.start + .seconds(5))
        #expect(group.returning.isEmpty && group.nextAnnouncement == Self.start + .seconds(30))
    }
}
