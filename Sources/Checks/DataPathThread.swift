import Addresses
import Agreement
import Dialogues
import Glibc
import Linux
import NIOCore
import Settings

/// The questions that are under way, and the thread that asks them.
struct DataPathThread: ~Copyable {
    /// One look at a server.
    private struct Run {
        var job: DataPathProbes.Job
        /// Not asked yet: nobody knows the server's link-layer address.
        var parked: [DataPath.Target] = []
        /// Asked for connections, and not answered.
        var open: Set<DataPathLeg.Place> = []
        /// Asked in datagrams, and not answered.
        var questions: Set<DataPathQuestions.Key> = []

        var isAnswered: Bool { parked.isEmpty && open.isEmpty && questions.isEmpty }
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
    private var questions = DataPathQuestions()
    /// Absent: nothing was asked in a datagram yet.
    private var ears: DatagramEars?
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
            questions.forgetIdle(now)
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

    private mutating func ask(
        _ number: UInt64, _ targets: [DataPath.Target], _ survey: any DataPathSurvey, _ now: Instant
    ) {
        guard let path = runs[number]?.job.path else { return }
        for target in targets {
            let hop = DataPathHop(
                server: path.server, family: target.endpoint.address.family, isDirect: path.tunnel == nil)
            let way = obstacle.map(DataPathWay.none) ?? survey.way(hop)
            if case .none(.unresolved) = way {
                runs[number]?.parked.append(target)
                parked.insert(number)
            } else if case .none(let failure) = way {
                return end(number, .fail(.dataPath(failure)))
            } else if let failure = put(number, path, target, way, now) {
                return end(number, .fail(failure))
            }
        }
    }

    /// nil when the question is on its way.
    private mutating func put(
        _ number: UInt64, _ path: DataPath, _ target: DataPath.Target, _ way: DataPathWay, _ now: Instant
    ) -> CheckFailure? {
        let place = DataPathLeg.Place(server: path.server, tunnel: path.tunnel, target: target.endpoint)
        return target.transport == .udp ? askInDatagram(number, place, way, now) : askToConnect(number, place, way, now)
    }

    private mutating func askToConnect(
        _ number: UInt64, _ place: DataPathLeg.Place, _ way: DataPathWay, _ now: Instant
    ) -> CheckFailure? {
        guard let leg = legs.begin(place, way, port: socket.port, now) else { return nil }
        if let problem = leg.send(leg.dialogue.opening, socket) { return .dataPath(.unsent(problem)) }
        runs[number]?.open.insert(place)
        legs.join(number, place)
        overhear(number, .director, "SYN for \(place.target) \(way.words(place))")
        return nil
    }

    private mutating func askInDatagram(
        _ number: UInt64, _ place: DataPathLeg.Place, _ way: DataPathWay, _ now: Instant
    ) -> CheckFailure? {
        let asked: (any DatagramDialogue & Sendable)?
        do throws(CheckFailure) {
            asked = try runs[number]?.job.kind.question(at: place.target)
        } catch {
            return error
        }
        guard let dialogue = asked else { return .dataPath(.unsent(EOPNOTSUPP)) }
        let port: UInt16
        do throws(SystemError) {
            port = try self.port(to: place.target, now)
        } catch {
            return .dataPath(.unsent(error.errno))
        }
        guard let ends = DataPathDialogue.Ends(place, way, port: port) else { return nil }
        let question = DataPathQuestion(ends, dialogue)
        if let problem = way.send(question.packet, to: place, socket) { return .dataPath(.unsent(problem)) }
        runs[number]?.questions.insert(questions.begin(question, of: number, place))
        overhear(
            number, .director, "datagram of \(dialogue.question.count) bytes for \(place.target) \(way.words(place))")
        return nil
    }

    /// For a question in a datagram.
    private mutating func port(to target: Endpoint, _ now: Instant) throws(SystemError) -> UInt16 {
        let ears = if let ears { ears } else { try openEars() }
        if let port = questions.port(to: target, among: ears.ports, now) ?? ears.holdAnother()
            ?? questions.restedPort(to: target, among: ears.ports)
        {
            return port
        }
        throw SystemError(errno: EAGAIN, what: "hold a UDP port")
    }

    private mutating func openEars() throws(SystemError) -> DatagramEars {
        let ears = try DatagramEars()
        for descriptor in ears.descriptors { try poller.watch(descriptor, mark: 1) }
        self.ears = ears
        return ears
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
        ears?.answers(Self.batch.answers, take)
        socket.complaints(Self.batch.complaints, take)
        for answer in heard { hear(answer) }
        return count >= Self.batch.answers
    }

    private mutating func hear(_ answer: DataPathAnswer) {
        if let (key, question, outcome) = questions.hear(answer) { return answered(question, key, outcome) }
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
        runs[run]?.open.remove(place)
        settle(run, outcome)
    }

    private mutating func answered(
        _ question: DataPathQuestions.Question, _ key: DataPathQuestions.Key, _ outcome: Outcome
    ) {
        let words =
            switch outcome {
            case .fail(.dataPath(.unexpected)): "answers, and not what is expected"
            default: outcome.isPass ? "answers what is expected" : "is not reached there"
            }
        overhear(question.run, .server, "\(key.target) \(words)")
        questions.end(key, Clock.now())
        runs[question.run]?.questions.remove(key)
        settle(question.run, outcome)
    }

    /// One of the run's questions has that answer.
    private mutating func settle(_ run: UInt64, _ outcome: Outcome) {
        guard outcome.isPass else { return end(run, outcome) }
        if runs[run]?.isAnswered == true { end(run, .pass) }
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
            end(first.run, .fail(.dataPath(late(run))))
        }
    }

    private func late(_ run: Run) -> DataPathFailure {
        if !run.parked.isEmpty { return .unresolved }
        if run.open.isEmpty, let failure = run.questions.first.flatMap({ questions.late($0) }) { return failure }
        return run.job.path.tunnel == nil ? .silent : .silentInTunnel
    }

    private mutating func end(_ number: UInt64, _ outcome: Outcome) {
        guard let run = runs.removeValue(forKey: number) else { return }
        parked.remove(number)
        for place in run.open { legs.leave(number, place) }
        for key in run.questions { questions.end(key, Clock.now()) }
        run.job.done(outcome)
    }
}

extension CheckSettings.Kind {
    /// What it asks in a datagram at a virtual address, the clients' way; nil: nothing. Whoever could guess its numbers
    /// could answer in the server's place.
    ///
    /// - Throws: what keeps it from asking, as of the check itself.
    fileprivate func question(at target: Endpoint) throws(CheckFailure) -> (any DatagramDialogue & Sendable)? {
        guard asksInDataPath else { return nil }
        return switch self {
        case .dns(let check): DNSDialogue(check, id: UInt16.random(in: 0...UInt16.max))
        case .ntp: NTPDialogue(stamp: UInt64.random(in: 0...UInt64.max))
        case .radius(let check): try Conversation.dialogue(check)
        case .sip(let check): SIPDatagrams(Conversation.question(check, target))
        case .udp(let exchange): UDPDialogue(exchange)
        default: nil
        }
    }
}
