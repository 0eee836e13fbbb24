package import Addresses
import CLinux
import Glibc

/// The one clock of a director. CLOCK_MONOTONIC: no step of the wall clock moves it.
package enum Clock {
    package static func now() -> Instant {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Instant(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
    }

    /// Milliseconds of the Unix epoch: for logs and for people, never for a decision.
    package static func wallMilliseconds() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// Whether somebody keeps the wall clock right; nil when the kernel does not say.
    package static var isSynchronised: Bool? {
        let answer = clinux_is_clock_synchronised()
        return answer < 0 ? nil : answer == 1
    }

    /// The wall clock in UTC as RFC 3339 has it, with milliseconds: `2026-11-21T04:50:00.123Z`.
    package static func wallText() -> String {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        var parts = unsafe tm()
        unsafe gmtime_r(&time.tv_sec, &parts)
        let fields = unsafe [
            parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
        ]
        let texts = fields.map { ($0 < 10 ? "0" : "") + String($0) }
        let fraction = String(1000 + time.tv_nsec / 1_000_000).dropFirst()
        return "\(texts[0])-\(texts[1])-\(texts[2])T\(texts[3]):\(texts[4]):\(texts[5]).\(fraction)Z"
    }
}
