import Balancing
import Control
import Election
import Settings
import Synchronization

/// Finds out where the directors differ: fingerprints of all chapters first, then the text of those that differ.
final class Comparer: Sendable {
    private let organs: Organs
    private let settings: Mutex<Settings>
    private let questions = Questions<ComparisonMessage>()
    /// An answer for the peer is being made.
    private let isAnswering = Mutex(false)
    private let local: String
    private let peer: String

    init(_ start: DirectorStart, organs: Organs) {
        self.organs = organs
        settings = Mutex(start.settings)
        local = start.local.name
        peer = start.peer.name
    }

    func adopt(_ new: Settings) { settings.withLock { $0 = new } }

    /// What was asked of the peer's last life is not answered any more.
    func peerBegan() { questions.abandon() }

    // MARK: Answering

    /// A message of the peer's, on the messenger's thread. One question is answered at a time: who gets no answer asks
    /// again.
    func receive(_ bytes: [UInt8]) {
        guard let message = ComparisonMessage.read(bytes) else { return }
        guard !message.isAnswer else { return questions.answer(message.number, with: message) }
        let isFree = isAnswering.withLock { isAnswering in
            defer { isAnswering = true }
            return !isAnswering
        }
        guard isFree else { return }
        Task {
            _ = send(answer(message))
            isAnswering.withLock { $0 = false }
        }
    }

    private func answer(_ question: ComparisonMessage) -> ComparisonMessage {
        var answer = ComparisonMessage(number: question.number, isAnswer: true, subject: question.subject)
        guard let chapters = chapters(of: question.subject) else {
            answer.absence = "the kernel of \(local) has no ip_vs"
            return answer
        }
        guard let wanted = question.wanted else {
            answer.total = chapters.count
            answer.prints = chapters.prefix(ComparisonMessage.longestList).map(\.print.text)
            return answer
        }
        let names = Set(wanted.prefix(ComparisonMessage.mostWanted).compactMap { UInt64($0, radix: 16) })
        var (room, isCut) = (ComparisonMessage.longestText, false)
        answer.chapters = chapters.named(names).map { $0.cut(to: &room, &isCut) }
        answer.isCut = isCut
        return answer
    }

    private func chapters(of subject: SubjectDiff.Subject) -> [Chapter]? {
        switch subject {
        case .configuration: settings.withLock(\.self).chapters
        case .desired: organs.balancerBoard.current.desired.chapters
        case .kernel: organs.balancerBoard.current.ours?.chapters
        }
    }

    private func send(_ message: ComparisonMessage) -> Bool {
        guard let bytes = try? JSON.encode(message), bytes.count <= Messenger.longestMessage else { return false }
        return organs.messenger.post(.send(.comparison, bytes))
    }

    // MARK: Asking

    /// The first differences of everything.
    ///
    /// - Parameter limit: of the entries, for each subject.
    func report(limit: Int) async throws(ControlRefusal) -> DiffReport {
        guard organs.heartBoard.current.peerState == .heard else {
            throw ControlRefusal(
                .conflict, "\(peer) is not heard, so there is nothing to compare with: bring it back first")
        }
        var subjects: [SubjectDiff] = []
        for subject in SubjectDiff.Subject.allCases {
            subjects.append(try await compare(subject, limit: limit))
        }
        return DiffReport(director: local, peer: peer, subjects: subjects)
    }

    private func compare(_ subject: SubjectDiff.Subject, limit: Int) async throws(ControlRefusal) -> SubjectDiff {
        let first = try await ask(subject, nil)
        let own = chapters(of: subject)
        guard let own, first.absence == nil else {
            let isSame = own == nil && first.absence != nil
            return SubjectDiff(
                subject: subject, isSame: isSame, note: first.absence ?? "the kernel of \(local) has no ip_vs")
        }
        let others = (first.prints ?? []).compactMap(ChapterPrint.init)
        let suspects = Array(own.prefix(ComparisonMessage.longestList)).suspects(against: others)
        guard !suspects.isEmpty else { return same(subject, own, others, first.total ?? others.count) }
        let wanted = Array(suspects.prefix(min(limit, ComparisonMessage.mostWanted)))
        let second = try await ask(subject, wanted)
        let found = own.named(Set(wanted)).deviations(from: second.chapters ?? [])
        let entries = found.prefix(limit).map { DiffEntry(path: $0.path, here: $0.here, there: $0.there) }
        return SubjectDiff(
            subject: subject, isSame: false, entries: entries,
            hasMore: found.count > entries.count || suspects.count > wanted.count || second.isCut == true,
            note: entries.isEmpty ? "it changed while it was compared: ask again" : nil)
    }

    private func same(
        _ subject: SubjectDiff.Subject, _ own: [Chapter], _ others: [ChapterPrint], _ total: Int
    ) -> SubjectDiff {
        if total > others.count {
            let note = "only the first \(others.count) of \(total) parts were compared"
            return SubjectDiff(subject: subject, isSame: total == own.count, note: note)
        }
        guard own.map(\.print) == others || subject != .configuration else {
            return SubjectDiff(
                subject: subject, isSame: false, note: "both say the same, in another order of the file")
        }
        return SubjectDiff(subject: subject, isSame: true)
    }

    private func ask(
        _ subject: SubjectDiff.Subject, _ wanted: [UInt64]?
    ) async throws(ControlRefusal) -> ComparisonMessage {
        let answer = await questions.ask { number in
            send(
                ComparisonMessage(
                    number: number, isAnswer: false, subject: subject, wanted: wanted?.map(hexadecimal)))
        }
        guard let answer else {
            throw ControlRefusal(
                .unavailable,
                "\(peer) did not answer within 5 s: it is overloaded, or its version knows no comparison yet")
        }
        return answer
    }
}

extension Chapter {
    /// As much of it as there is room for.
    fileprivate func cut(to room: inout Int, _ isCut: inout Bool) -> Chapter {
        var kept = Chapter(name, [])
        for entry in entries {
            let size = entry.path.utf8.count + entry.value.utf8.count + 32
            guard size <= room else {
                isCut = true
                return kept
            }
            room -= size
            kept.entries.append(entry)
        }
        return kept
    }
}
