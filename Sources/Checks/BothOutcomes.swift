import Agreement
import Dialogues
import Settings

extension Rounds {
    /// One look of a probe: its check and, where that is wanted, the clients' way, at the same time. Calls `done`
    /// exactly once, on the loop.
    func look(_ identity: Probe.Identity, _ transcript: Transcript? = nil, done: @escaping (Outcome) -> Void) {
        guard let path = identity.path else {
            return Conversation.begin(identity, on: loop, ways, transcript, done: done)
        }
        let both = BothOutcomes(done)
        Conversation.begin(identity, on: loop, ways, transcript) { both.take(check: $0) }
        dataPaths.begin(path, identity.check.kind, within: identity.check.timeout, on: loop, transcript) {
            both.take(path: $0)
        }
    }
}

/// A look that has two parts: whichever fails, it fails. What the check says goes before, so it is waited for; a check
/// that failed waits for nothing.
private final class BothOutcomes {
    private var check: Outcome?
    private var path: Outcome?
    private var done: ((Outcome) -> Void)?

    init(_ done: @escaping (Outcome) -> Void) {
        self.done = done
    }

    func take(check outcome: Outcome) {
        check = outcome
        decide()
    }

    func take(path outcome: Outcome) {
        path = outcome
        decide()
    }

    private func decide() {
        guard let done, let check else { return }
        guard check.isPass else { return end(done, check) }
        guard let path else { return }
        end(done, path.isPass ? check : path)
    }

    private func end(_ done: (Outcome) -> Void, _ outcome: Outcome) {
        self.done = nil
        done(outcome)
    }
}
