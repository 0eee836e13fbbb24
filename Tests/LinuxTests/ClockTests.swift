import Addresses
import Glibc
import Linux
import Testing

struct ClockTests {
    @Test func `is the kernel's monotonic clock`() {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        let kernel = Instant(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
        let now = Clock.now()
        #expect(now >= kernel && now - kernel < .seconds(2))
    }

    @Test func `never goes back`() {
        var last = Clock.now()
        for _ in 0..<10_000 {
            let now = Clock.now()
            #expect(now >= last)
            last = now
        }
    }

    @Test func `writes the wall clock as RFC 3339 has it`() throws {
        let before = Clock.wallMilliseconds()
        let text = Clock.wallText()
        let after = Clock.wallMilliseconds()
        #expect(text.count == 24 && text.hasSuffix("Z"))
        let fields = text.split { !$0.isNumber }.compactMap { Int64($0) }
        try #require(fields.count == 7)
        var parts = tm()
        parts.tm_year = Int32(fields[0]) - 1900
        parts.tm_mon = Int32(fields[1]) - 1
        parts.tm_mday = Int32(fields[2])
        parts.tm_hour = Int32(fields[3])
        parts.tm_min = Int32(fields[4])
        parts.tm_sec = Int32(fields[5])
        let shown = Int64(timegm(&parts)) * 1000 + fields[6]
        #expect((before...after).contains(shown))
    }
}
