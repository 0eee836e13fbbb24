import Addresses
import Election
import Testing

struct InquiryTests {
    private static let mac = MACAddress(number: 1)
    private static let interval = Duration.milliseconds(200)

    /// Asks and answers from second 1 on; `answers` says whether the host is there at a time. Returns when questions left.
    private static func play(
        _ inquiry: inout Inquiry, until end: Duration, isLookingOut: Bool = false, delay: Duration = .milliseconds(1),
        answers: (Duration) -> Bool
    ) -> [Duration] {
        var questions: [Duration] = []
        var replies: [Instant] = []
        var now = start
        while now <= start + end {
            if let reply = replies.first, reply <= now {
                replies.removeFirst()
                inquiry.answer(from: mac, now: now, isLookingOut: isLookingOut)
            }
            if inquiry.tick(now: now, isLookingOut: isLookingOut) {
                questions.append(now - start)
                if answers(now - start) { replies.append(now + delay) }
            }
            now = min(replies.first ?? .never, max(inquiry.nextAt, now + .nanoseconds(1)))
        }
        return questions
    }

    private static let start = Instant(nanoseconds: 1_000_000_000)

    private func inquiry(pace: Duration = interval) -> Inquiry {
        Inquiry(mac: Self.mac, period: .seconds(1), pace: pace, now: Self.start)
    }

    @Test func `a host that answers is asked once in a period`() {
        var inquiry = inquiry()
        let questions = Self.play(&inquiry, until: .milliseconds(10_500)) { _ in true }
        #expect(questions.count == 11 && inquiry.state == .answering && inquiry.unanswered == 0)
        #expect(inquiry.roundTrip == .milliseconds(1))
    }

    @Test func `three questions without an answer tell within a second and three intervals`() {
        var inquiry = inquiry()
        // The host dies just after an answer, which is the worst moment.
        let questions = Self.play(&inquiry, until: .milliseconds(2650)) { $0 < .milliseconds(1001) }
        #expect(
            questions.suffix(4) == [.milliseconds(2000), .milliseconds(2200), .milliseconds(2400), .milliseconds(2600)])
        #expect(inquiry.state == .silent && inquiry.silentSince == Self.start + .seconds(2))
    }

    @Test func `a silent host is asked seldom, and counts again after three answers`() {
        var inquiry = inquiry()
        let questions = Self.play(&inquiry, until: .seconds(20)) { $0 > .seconds(15) }
        #expect(questions.count { $0 > .seconds(2) && $0 < .seconds(15) } < 15)
        #expect(inquiry.state == .answering && inquiry.since - Self.start > .seconds(15))
        #expect(inquiry.since - Self.start < .seconds(17))
    }

    @Test func `one lost answer changes nothing`() {
        var inquiry = inquiry()
        _ = Self.play(&inquiry, until: .seconds(30)) { !(.seconds(5)..<(.milliseconds(5100))).contains($0) }
        #expect(inquiry.state == .answering && inquiry.since == Self.start + .milliseconds(1))
    }

    @Test func `while looking out it asks at the pace of the heartbeats`() {
        var inquiry = inquiry(pace: .milliseconds(10))
        let questions = Self.play(&inquiry, until: .seconds(1), isLookingOut: true) { _ in true }
        #expect(questions.count == 101)
    }

    @Test func `a host that takes longer than the pace to answer is not silent`() {
        var inquiry = inquiry(pace: .milliseconds(10))
        _ = Self.play(&inquiry, until: .seconds(2), isLookingOut: false, delay: .milliseconds(25)) { _ in true }
        let before = inquiry.since
        _ = Self.play(&inquiry, until: .seconds(2), isLookingOut: true, delay: .milliseconds(25)) { _ in true }
        #expect(inquiry.state == .answering && inquiry.since == before)
    }

    @Test func `now and then everybody is asked: the host may have moved`() {
        var inquiry = inquiry()
        var targets: [MACAddress?] = []
        for second in 0..<32 {
            let now = Self.start + .seconds(second)
            guard inquiry.tick(now: now, isLookingOut: false) else { continue }
            targets.append(inquiry.target)
            inquiry.answer(from: Self.mac, now: now, isLookingOut: false)
        }
        #expect(targets.count { $0 == nil } == 4 && targets.count == 32)
        var lost = self.inquiry()
        var asked: [MACAddress?] = []
        for step in 0..<7 {
            if lost.tick(now: Self.start + Self.interval * step, isLookingOut: true) { asked.append(lost.target) }
        }
        #expect(asked[2] == nil && asked[6] == nil && asked[0] == Self.mac && asked[1] == Self.mac)
    }

    @Test func `who was never found is not shouted for`() {
        var inquiry = Inquiry(period: .seconds(1), pace: .milliseconds(10), now: Self.start)
        let questions = Self.play(&inquiry, until: .seconds(1), isLookingOut: true) { _ in false }
        #expect(questions.count == 11)
    }
}
