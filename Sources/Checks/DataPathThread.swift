import Addresses
import Agreement
import Dialogues
import Linux
import NIOCore

/// The questions that are under way, and the thread that asks them.
struct DataPathThread: ~Copyable {
    /// One look at a server.
    private struct Run {
        var job: DataPathProbes.Job
        /// Not asked yet: nobody knows the server's link-layer address.
        var parked: [Endpoint] = []
        /// Asked, and not answered.
        var open: Set<DataPathLeg.Place> = []
    }

    // Implementation constants

    /// How old what is known of the kernel's tables may be.
    private static let oldestSurvey = Duration.seconds(2)
    /// How soon they are read again while somebody's link-layer address is missing.
    private static let nextLook = Duration.milliseconds(100)
    /// Questions that are put, and answers and complaints that are read, at a time.
    private static let batch = (questions: 64, answers: 1024, complaints: 64)
    /// How often answers are read before whoever has none is late, however many more there are.
    private static let readings = 8

    private let probes: DataPathProbes
    private let wakeup: Wakeup
    private let socket: SegmentSocket
    private var poller: Poller
    private var legs: DataPathLegs
    /// Not begun yet.
    private var jobs = CircularBuffer<DataPathProbes.Job>()
    private var runs: [UInt64: Run] = [:]
    private var newest: UInt64 = 0
    /// Runs of one timeout end in the order in which they began, and there are few timeouts: nearly sorted.
    private var deadlines = CircularBuffer<(run: UInt64, at: Instant)>()
    private var parked: Set<UInt64> = []
    private var surveyedAt: Instant?
    private var obstacle: DataPathFailure?

    init(of probes: DataPathProbes, _ wakeup: Wakeup) throws(SystemError) {
        let tag = UInt32.random(in: 0...UInt32.max) & ~SegmentSocket.sequenceMask
        let socket = try SegmentSocket(tag: tag)
        let poller = try Poller()
        try poller.watch(wakeup.fileDescriptor, mark: 0)
        for descriptor in socket.descriptors { try poller.watch(descriptor, mark: 1) }
        self.probes = probes
        self.wakeup = wakeup
        legs = DataPathLegs(tag: tag, mask: SegmentSocket.sequenceMask)
        self.socket = socket
        self.poller = poller
    }

    /// Works until the probes are stopped.
    consuming func run(_ survey: any DataPathSurvey) {
        while true {
            poller.wait(until: deadline) { _ in }
            wakeup.answer()
            guard let new = probes.take() else { return }
            jobs.append(contentsOf: new)
            hear()
            for _ in 0..<Self.batch.questions {
                guard let job = jobs.popFirst() else { break }
                begin(job, survey)
            }
            let now = Clock.now()
            askParked(survey, now)
            expire(now)
            legs.forgetIdle(now)
        }
    }

    private var deadline: Instant {
        if !jobs.isEmpty { return Instant(nanoseconds: 0) }
        let look = parked.isEmpty ? Instant.never : (surveyedAt ?? Instant(nanoseconds: 0)) + Self.nextLook
        return min(deadlines.first?.at ?? .never, look)
    }

    // MARK: Asking

    private mutating func begin(_ job: DataPathProbes.Job, _ survey: any DataPathSurvey) {
        newest += 1
        runs[newest] = Run(job: job)
        refresh(survey, Clock.now(), atMost: Self.oldestSurvey)
        let now = Clock.now()
        enqueue(newest, now + job.timeout)
        ask(newest, job.path.targets, survey, now)
    }

    private mutating func enqueue(_ run: UInt64, _ at: Instant) {
        var index = deadlines.endIndex
        while index > deadlines.startIndex, deadlines[deadlines.index(before: index)].at > at {
            index = deadlines.index(before: index)
        }
        deadlines.insert((run, at), at: index)
    }

    private mutating func refresh(_ survey: any DataPathSurvey, _ now: Instant, atMost age: Duration) {
        if let surveyedAt, now - surveyedAt < age { return }
        do throws(DataPathSurveyError) {
            try survey.refresh()
            obstacle = nil
        } catch {
            obstacle = .unsent(error.errno)
        }
        surveyedAt = Clock.now()
    }

    private mutating func askParked(_ survey: any DataPathSurvey, _ now: Instant) {
        guard !parked.isEmpty, let surveyedAt, now - surveyedAt >= Self.nextLook else { return }
        refresh(survey, now, atMost: .zero)
        for run in parked.sorted() {
            guard let targets = runs[run]?.parked else { continue }
            runs[run]?.parked = []
            parked.remove(run)
            ask(run, targets, survey, now)
        }
    }

    private mutating func ask(_ number: UInt64, _ targets: [Endpoint], _ survey: any DataPathSurvey, _ now: Instant) {
        guard let path = runs[number]?.job.path else { return }
        for target in targets {
            let hop = DataPathHop(
                server: path.server, family: target.address.family, isDirect: path.tunnel == nil)
            let way = obstacle.map(DataPathWay.none) ?? survey.way(hop)
            if case .none(.unresolved) = way {
                runs[number]?.parked.append(target)
                parked.insert(number)
            } else if case .none(let failure) = way {
                return end(number, .fail(.dataPath(failure)))
            } else if let problem = send(number, path, target, way, now) {
                return end(number, .fail(.dataPath(.unsent(problem))))
            }
        }
    }

    /// The error number, or nil when the question is on its way.
    private mutating func send(
        _ number: UInt64, _ path: DataPath, _ target: Endpoint, _ way: DataPathWay, _ now: Instant
    ) -> Int32? {
        let place = DataPathLeg.Place(server: path.server, tunnel: path.tunnel, target: target)
        guard let leg = legs.begin(place, way, port: socket.port, now) else { return nil }
        if let problem = leg.send(leg.dialogue.opening, socket) { return problem }
        runs[number]?.open.insert(place)
        legs.join(number, place)
        overhear(number, .director, "SYN for \(target) \(leg.words)")
        return nil
    }

    // MARK: Hearing

    /// - Returns: whether there may be more.
    @discardableResult
    private mutating func hear() -> Bool {
        var heard: [DataPathAnswer] = []
        var count = 0
        let take: (ArraySlice<UInt8>) -> Void = { packet in
            count += 1
            if let answer = DataPathAnswer(packet: packet) { heard.append(answer) }
        }
        socket.answers(Self.batch.answers, take)
        socket.complaints(Self.batch.complaints, take)
        for answer in heard { hear(answer) }
        return count >= Self.batch.answers
    }

    private mutating func hear(_ answer: DataPathAnswer) {
        guard let leg = legs.takeTurn(answer) else { return }
        if leg.runs.isEmpty {
            if let packet = leg.dialogue.goodbye(to: answer) { _ = leg.send(packet, socket) }
            return
        }
        switch leg.dialogue.hear(answer) {
        case .ignore: break
        case .say(let packets):
            for packet in packets { _ = leg.send(packet, socket) }
        case .end(let outcome, let packets):
            for packet in packets { _ = leg.send(packet, socket) }
            for run in legs.end(leg.place) { answered(run, leg.place, outcome) }
        }
    }

    private mutating func answered(_ run: UInt64, _ place: DataPathLeg.Place, _ outcome: Outcome) {
        let words = outcome.isPass ? "answers with SYN and ACK, and is sent a reset" : "is not reached there"
        overhear(run, .server, "\(place.target) \(words)")
        guard outcome.isPass else { return end(run, outcome) }
        runs[run]?.open.remove(place)
        guard let left = runs[run], left.open.isEmpty, left.parked.isEmpty else { return }
        end(run, .pass)
    }

    private func overhear(_ run: UInt64, _ speaker: Transcript.Line.Speaker, _ text: @autoclosure () -> String) {
        runs[run]?.job.overhear?((speaker, text()))
    }

    // MARK: Ending

    private mutating func expire(_ now: Instant) {
        guard let first = deadlines.first, first.at <= now || runs[first.run] == nil else { return }
        // What came in time must not count as late because nobody has looked yet.
        var left = Self.readings
        while left > 0, hear() { left -= 1 }
        while let first = deadlines.first, first.at <= now || runs[first.run] == nil {
            deadlines.removeFirst()
            guard let run = runs[first.run] else { continue }
            let silence: DataPathFailure = run.job.path.tunnel == nil ? .silent : .silentInTunnel
            end(first.run, .fail(.dataPath(run.parked.isEmpty ? silence : .unresolved)))
        }
    }

    private mutating func end(_ number: UInt64, _ outcome: Outcome) {
        guard let run = runs.removeValue(forKey: number) else { return }
        parked.remove(number)
        for place in run.open { legs.leave(number, place) }
        run.job.done(outcome)
    }
}
