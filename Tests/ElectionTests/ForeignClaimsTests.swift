import Addresses
import Election
import Testing

struct ForeignClaimsTests {
    private static let start = Instant(nanoseconds: 1_000_000_000_000)
    private let address = IPAddress.v4(IPv4Address(number: 0xC000_020A))
    private let mac = MACAddress(number: 7)

    @Test func `one line in ten seconds, and what was passed over is counted`() {
        var claims = ForeignClaims()
        var told: [ForeignClaims.Telling] = []
        for tenth in 0..<210 {
            let telling = claims.hear(
                address, at: mac, on: 2, now: Self.start + .milliseconds(100 * tenth))
            if telling != .nothing { told.append(telling) }
        }
        #expect(told == [.claim(passedOver: 0), .claim(passedOver: 99), .claim(passedOver: 99)])
        #expect(claims.records.count == 1 && claims.records[0].since == Self.start)
    }

    @Test func `a record counts the last minute and ends with it`() {
        var claims = ForeignClaims()
        for second in 0..<120 { _ = claims.hear(address, at: mac, on: 2, now: Self.start + .seconds(second)) }
        let count = claims.records[0].count(now: Self.start + .seconds(120))
        #expect((50...60).contains(count))
        claims.forget(now: Self.start + .seconds(178))
        #expect(claims.records.count == 1)
        claims.forget(now: Self.start + .seconds(180))
        #expect(claims.records.isEmpty)
    }

    @Test func `a flood of claims makes few lines and few records`() {
        var claims = ForeignClaims()
        var lines = 0
        for number in 0..<10_000 as Range<UInt32> {
            let telling = claims.hear(
                .v4(IPv4Address(number: number)), at: MACAddress(number: UInt64(number) + 1), on: 2,
                now: Self.start + .microseconds(Int(number)))
            if telling != .nothing { lines += 1 }
        }
        #expect(lines == 17 && claims.records.count == 64)
        #expect(claims.records.contains { $0.mac == MACAddress(number: 10_000) })
    }

    @Test func `what the kernel dropped counts as well`() {
        var claims = ForeignClaims()
        _ = claims.hear(address, at: mac, on: 2, times: 5000, now: Self.start)
        #expect(claims.records[0].count(now: Self.start) == 5000)
    }
}
