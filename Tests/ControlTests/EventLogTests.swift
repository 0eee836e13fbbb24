import Control
import Testing

struct EventLogTests {
    private func event(_ message: String) -> Event {
        Event(time: 0, monotonic: 0, kind: .role, message: message)
    }

    @Test func `numbers events from 1 and gives them back in order`() {
        let log = EventLog(capacity: 4)
        for message in ["a", "b", "c"] { log.append(event(message)) }
        let page = log.page(after: 1, limit: 10)
        #expect(page.events.map(\.message) == ["b", "c"])
        #expect(page.events.map(\.sequence) == [2, 3])
        #expect(page.next == 3)
        #expect(page.missed == 0)
    }

    @Test func `keeps the newest and says how many are gone`() {
        let log = EventLog(capacity: 3)
        for number in 1...8 { log.append(event("\(number)")) }
        let page = log.page(after: 2, limit: 2)
        #expect(page.events.map(\.message) == ["6", "7"])
        #expect(page.missed == 3)
        #expect(page.next == 7)
        #expect(log.page(after: 7, limit: 2).events.map(\.message) == ["8"])
    }

    @Test func `starts over for a reader from an earlier life`() {
        let log = EventLog(capacity: 3)
        log.append(event("a"))
        #expect(log.page(after: 99, limit: 10).events.map(\.message) == ["a"])
        #expect(EventLog().page(after: 99, limit: 10) == EventPage(events: [], next: 0))
    }

    @Test func `wakes a reader who waits`() async {
        let log = EventLog()
        async let page = log.page(after: 0, limit: 10, wait: .seconds(30))
        try? await Task.sleep(for: .milliseconds(20))
        log.append(event("a"))
        #expect(await page.events.map(\.message) == ["a"])
    }

    @Test func `lets a reader go when the time is over or nobody wants the answer`() async {
        let log = EventLog()
        #expect(await log.page(after: 0, limit: 10, wait: .milliseconds(20)).events.isEmpty)
        let task = Task { await log.page(after: 0, limit: 10, wait: .seconds(600)) }
        task.cancel()
        #expect(await task.value.events.isEmpty)
    }
}
