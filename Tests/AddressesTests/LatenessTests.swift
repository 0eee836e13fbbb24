import Addresses
import Testing

struct LatenessTests {
    @Test func `remembers the worst for one period at least and two at most`() {
        var lateness = Lateness(period: .seconds(1), now: Instant(nanoseconds: 0))
        lateness.record(.milliseconds(7), now: moment(500))
        lateness.record(.milliseconds(2), now: moment(1400))
        #expect(lateness.value == .milliseconds(7))
        lateness.record(.milliseconds(1), now: moment(2400))
        #expect(lateness.value == .milliseconds(2))
        lateness.record(.milliseconds(1), now: moment(9000))
        #expect(lateness.value == .milliseconds(1))
    }

    @Test func `tells longer spans apart from shorter ones`() {
        var record = LatenessRecord(now: Instant(nanoseconds: 0))
        record.record(.milliseconds(40), now: moment(100))
        for second in 1...30 { record.record(.milliseconds(3), now: moment(second * 1000)) }
        record.record(.milliseconds(1), now: moment(30_500))
        #expect(record.last == .milliseconds(1))
        #expect(record.ofSecond == .milliseconds(3))
        #expect(record.ofTenSeconds == .milliseconds(3))
        #expect(record.ofMinute == .milliseconds(40))
    }

    private func moment(_ milliseconds: Int) -> Instant {
        Instant(nanoseconds: UInt64(milliseconds) * 1_000_000)
    }
}
