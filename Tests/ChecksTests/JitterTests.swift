import Addresses
import Agreement
import Settings
import Testing

@testable import Checks

/// When looks begin, from one to the next: no clock and no wire.
struct JitterTests {
    private static let interval = Duration.seconds(2)
    private static let adopted = Instant(nanoseconds: 1_000_000_000_000)

    private static func probe(
        _ target: String = "192.0.2.21:80", jitter: Int?, isSecond: Bool = false, _ check: CheckSettings? = nil
    ) throws -> Probe {
        let target = try #require(Endpoint(target))
        var check = check ?? CheckSettings(interval: interval)
        if let jitter { check.jitter = jitter }
        let settings = ProbeSettings(server: ServerKey(service: "web", server: target), target: target, check: check)
        return Probe(Probe.Identity(settings), adoptedAt: adopted, rhythm: Rhythm(isSecond: isSecond))
    }

    /// Looks that begin as late as that after they are due.
    private static func looks(_ probe: Probe, _ count: Int, late: Duration = .zero) -> [Instant] {
        var looks = [probe.due]
        while looks.count < count { looks.append(probe.start(after: looks[looks.count - 1] + late)) }
        return looks
    }

    private static func gaps(_ looks: [Instant]) -> [Duration] {
        looks.indices.dropFirst().map { looks[$0] - looks[$0 - 1] }
    }

    @Test(arguments: [nil, 0, 1, 5, 25, 50], [Duration.zero, .milliseconds(900)])
    func `each look keeps to its slot, but for its share of the interval`(jitter: Int?, late: Duration) throws {
        for number in 1...20 {
            let probe = try Self.probe("192.0.2.\(number):80", jitter: jitter)
            let looks = Self.looks(probe, 1000, late: late)
            let shifts = looks.indices.map { (index: Int) -> Duration in looks[index] - looks[0] - Self.interval * index
            }
            let most: Duration = Self.interval * (jitter ?? 5) / 100
            #expect(shifts.allSatisfy { $0 >= .zero && $0 <= most }, "\(number)")
            // They are all over it.
            if most > .zero { #expect(shifts.contains { $0 > most * 9 / 10 } && shifts.contains { $0 < most / 10 }) }
        }
    }

    @Test func `the same server is put off the same on every start, another is not`() throws {
        let looks = Self.looks(try Self.probe(jitter: 50), 50)
        #expect(Self.looks(try Self.probe(jitter: 50), 50) == looks)
        let other = Self.looks(try Self.probe("192.0.2.22:80", jitter: 50), 50)
        #expect(Self.gaps(other) != Self.gaps(looks))
    }

    @Test(arguments: [0, 5, 25, 40]) func `the directors' looks stay half an interval apart, less their share`(
        jitter: Int
    ) throws {
        let least = Self.interval * (50 - jitter) / 100
        let first = Self.looks(try Self.probe(jitter: jitter), 300)
        let second = Self.looks(try Self.probe(jitter: jitter, isSecond: true), 300)
        for look in second {
            for other in first {
                let distance: Duration = look > other ? look - other : other - look
                #expect(distance >= least)
            }
        }
    }

    /// From an hour to the tenth of a second and back.
    @Test func `no look is due before the one that it follows, whatever the interval becomes`() throws {
        let check = CheckSettings(
            interval: .seconds(2), fastInterval: .milliseconds(100), downInterval: .seconds(3600), jitter: 50, rise: 3,
            fall: 3)
        let probe = try Self.probe(jitter: nil, check)
        var now = probe.due
        for number in 0..<2000 {
            _ = probe.tally.observe(number / 7 % 2 == 0 ? .pass : .fail(.refused), now: now)
            let next = probe.start(after: now)
            #expect(next > now && next - now <= .seconds(2 * 3600))
            now = next
        }
    }
}
