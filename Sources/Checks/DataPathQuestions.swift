import Addresses
import Agreement
import Dialogues
import Linux

/// What is asked in datagrams and not answered yet, by what answers can be told by: the virtual address and port that
/// they come from, and the port that they come to.
struct DataPathQuestions {
    struct Key: Hashable {
        var target: Endpoint
        /// This director's.
        var port: UInt16
    }

    struct Question {
        let run: UInt64
        let place: DataPathLeg.Place
        fileprivate var question: DataPathQuestion
        /// Datagrams and complaints that were heard for it.
        fileprivate var heard = 0
    }

    private var open: [Key: Question] = [:]
    /// When a question was last put from there, and is not any more.
    private var ended: [Key: Instant] = [:]
    private var sweptAt = Instant(nanoseconds: 0)

    // Implementation constants

    /// How long no other question is put from a port to the same virtual address, so that no late answer counts for it:
    /// as long as clients of DNS wait (resolv.conf(5), timeout).
    private static let quarantine = Duration.seconds(5)
    /// No server has reason to say more to one question.
    private static let mostHeard = 16

    /// The port that the next question at a virtual address is to come from. nil: questions are under way from all, or
    /// were lately.
    func port(to target: Endpoint, among ports: [UInt16], _ now: Instant) -> UInt16? {
        guard !ports.isEmpty else { return nil }
        let first = Int.random(in: 0..<ports.count)
        return (0..<ports.count).lazy.map { ports[(first + $0) % ports.count] }.first { port in
            let key = Key(target: target, port: port)
            return open[key] == nil && ended[key].map { now - $0 >= Self.quarantine } ?? true
        }
    }

    /// The one of them that rests for longest, where there are no more. nil: questions are under way from all.
    func restedPort(to target: Endpoint, among ports: [UInt16]) -> UInt16? {
        ports.map { Key(target: target, port: $0) }.filter { open[$0] == nil }
            .min { ended[$0] ?? Instant(nanoseconds: 0) < ended[$1] ?? Instant(nanoseconds: 0) }?.port
    }

    mutating func begin(_ question: DataPathQuestion, of run: UInt64, _ place: DataPathLeg.Place) -> Key {
        let key = Key(target: place.target, port: question.ends.source.port)
        open[key] = Question(run: run, place: place, question: question)
        return key
    }

    /// Whom an answer decides about, and how; nil: nobody, or that one has said too much.
    mutating func hear(_ answer: DataPathAnswer) -> (key: Key, question: Question, outcome: Outcome)? {
        let key: Key
        switch answer {
        case .datagram(let datagram): key = Key(target: datagram.source, port: datagram.target.port)
        case .complaint(let complaint):
            guard case .datagram(let port) = complaint.subject else { return nil }
            key = Key(target: complaint.target, port: port)
        case .segment: return nil
        }
        guard let found = open[key], found.heard < Self.mostHeard else { return nil }
        open[key]?.heard += 1
        guard let outcome = open[key]?.question.hear(answer) else { return nil }
        return (key, found, outcome)
    }

    /// Why it failed when the time is over.
    func late(_ key: Key) -> DataPathFailure? { open[key]?.question.late }

    mutating func end(_ key: Key, _ now: Instant) {
        guard open.removeValue(forKey: key) != nil else { return }
        ended[key] = now
    }

    mutating func forgetIdle(_ now: Instant) {
        guard now - sweptAt >= Self.quarantine else { return }
        sweptAt = now
        ended = ended.filter { now - $0.value < Self.quarantine }
    }
}
