import Addresses
import Testing

struct InstantTests {
    @Test func `stops at the ends of the clock`() {
        #expect(Instant.never + .seconds(1) == .never)
        #expect(Instant(nanoseconds: 5) - .seconds(1) == Instant(nanoseconds: 0))
    }

    @Test func `measures from the right to the left`() {
        #expect(Instant(nanoseconds: 5) - Instant(nanoseconds: 8) == .nanoseconds(-3))
    }
}
