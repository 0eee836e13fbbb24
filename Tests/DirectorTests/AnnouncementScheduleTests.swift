import Addresses
import Director
import Testing

struct AnnouncementScheduleTests {
    let start = Instant(nanoseconds: 1_000_000_000)

    @Test func `announces at once, after 0.1, 0.3, 1, 2 and 5 s, and then every 30 s`() {
        var schedule = AnnouncementSchedule(start: start)
        var times: [Duration] = []
        for _ in 0..<9 {
            times.append(schedule.next - start)
            schedule.advance(past: schedule.next)
        }
        #expect(
            times == [
                .zero, .milliseconds(100), .milliseconds(300), .seconds(1), .seconds(2), .seconds(5), .seconds(30),
                .seconds(60), .seconds(90),
            ])
    }

    @Test func `does not make up for rounds that were slept through`() {
        var schedule = AnnouncementSchedule(start: start)
        schedule.advance(past: start + .seconds(45))
        #expect(schedule.next == start + .seconds(60))
    }
}
