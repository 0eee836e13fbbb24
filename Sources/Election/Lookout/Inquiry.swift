package import Addresses

/// One host on a link that is asked again and again whether it is there.
///
/// It is asked seldom while it answers. A question without an answer is followed by others at once, so that three in a
/// row tell soon; a host that is known to be silent is asked seldom again.
package struct Inquiry: Hashable, Sendable {
    /// How often it is asked while all is well, from question to question.
    package let period: Duration
    /// From question to question while that matters: the heartbeats' interval, 10 ms at least.
    package let pace: Duration
    /// Where the host was found last.
    package private(set) var mac: MACAddress?
    /// When its newest answer came.
    package private(set) var answeredAt: Instant?
    /// Whether it answers; nil while nothing is known.
    package private(set) var state: State = .unknown
    /// Since when.
    package private(set) var since: Instant
    /// Questions since its newest answer.
    package private(set) var unanswered = 0
    /// When the next question is due, or is to be judged.
    package private(set) var nextAt: Instant
    /// How long an answer takes, at worst and lately.
    package private(set) var roundTrip = Duration.zero
    private var firstUnanswered: Instant?
    private var askedAt: Instant?
    private var answersInARow = 0

    package enum State: Hashable, Sendable { case unknown, answering, silent }

    // Implementation constants

    /// So many questions in a row make a host silent, and so many answers make it one that answers.
    package static let questions = 3
    /// A host may have moved to another link-layer address: after so many answers everybody is asked.
    private static let everybody = 8
    /// From question to question to everybody, at least.
    private static let slowest = Duration.milliseconds(100)

    package init(mac: MACAddress? = nil, period: Duration, pace: Duration, now: Instant) {
        self.mac = mac
        self.period = period
        self.pace = pace
        since = now
        nextAt = now
    }

    /// Asks no later than now: somebody wants to know.
    package mutating func hurry(now: Instant) { nextAt = min(nextAt, now) }

    /// Judges what was asked before, and says whether a question is to leave now.
    package mutating func tick(now: Instant, isLookingOut: Bool) -> Bool {
        guard now >= nextAt else { return false }
        judge(now)
        unanswered += 1
        firstUnanswered = firstUnanswered ?? now
        askedAt = now
        nextAt = now + (state == .silent && !isLookingOut ? period : mac == nil ? max(pace, Self.slowest) : pace)
        return true
    }

    /// An answer came, from there.
    package mutating func answer(from mac: MACAddress, now: Instant, isLookingOut: Bool) {
        if let firstUnanswered, state != .silent {
            roundTrip = max(now - firstUnanswered, roundTrip * 7 / 8)
        }
        self.mac = mac
        answeredAt = now
        answersInARow = unanswered > 0 ? answersInARow + 1 : answersInARow
        unanswered = 0
        firstUnanswered = nil
        if state == .unknown || state == .silent && answersInARow >= Self.questions { change(to: .answering, now) }
        nextAt = (askedAt ?? now) + (isLookingOut || state != .answering ? pace : period)
    }

    /// Where to send the question that `tick` asked for: nil means to everybody, which is now and then the third.
    package var target: MACAddress? {
        let isThird = unanswered % (Self.questions + 1) == Self.questions
        return isThird || answersInARow % Self.everybody == Self.everybody - 1 ? nil : mac
    }

    /// When the question left that showed that the host is silent: who hears of an answer that came later knows that it
    /// is there for others.
    package var silentSince: Instant? { state == .silent ? firstUnanswered : nil }

    private mutating func judge(_ now: Instant) {
        guard let firstUnanswered else { return }
        answersInARow = 0
        guard state != .silent, unanswered >= Self.questions else { return }
        // A host that is slow to answer is not silent.
        if now - firstUnanswered >= max(pace, roundTrip * 2) * Self.questions { change(to: .silent, now) }
    }

    private mutating func change(to state: State, _ now: Instant) {
        self.state = state
        since = now
    }
}
