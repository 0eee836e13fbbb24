import Control
import Election
import Sealing
import Synchronization

extension KeyKeeper {
    /// How long a retirement waits for the wire to fall silent, and an activation for the sessions to change over.
    private static let patience = Duration.seconds(5)
    private static let pause = Duration.milliseconds(100)

    /// The keys of both directors.
    func report() async -> KeysReport {
        let there = await ask(nil)?.keys
        return report(there)
    }

    private func report(_ there: [KeyMessage.Entry]?, problems: [String] = []) -> KeysReport {
        let (ring, here) = (ring, entries)
        var names: [String: String] = [:]
        for entry in (there ?? []) + here { names[entry.id] = entry.name }
        let keys = names.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map { id, name in
            KeyStatus(
                id: id, name: name, here: here.first { $0.id == id }?.use, there: there?.first { $0.id == id }?.use)
        }
        return KeysReport(
            path: ring.path, canRotate: ring.isDirectory, director: local, peer: peer, peerAnswered: there != nil,
            keys: keys,
            problems: problems + fileProblems + (there == nil ? ["\(peer) does not say what it has: \(absence)"] : []))
    }

    /// What a start would stumble over, although the keys in force are fine.
    private var fileProblems: [String] {
        do throws(KeyFileError) {
            let ring = ring
            let files = try KeyRing.load(path: ring.path)
            let isSame = files.keys.map(\.id) == ring.keys.map(\.id) && files.sending == ring.sending
            return isSame ? [] : ["the files in \(ring.path) have changed: reload (SIGHUP) to take them"]
        } catch {
            return [error.description]
        }
    }

    private var absence: String {
        organs.heartBoard.current.peerState == .heard ? "it did not answer" : "it is not heard"
    }

    /// Makes a change on both directors; on neither if one of them refuses.
    func carryOut(_ order: KeyOrder) async throws(ControlRefusal) -> KeysReport {
        let isFree = state.withLock { state in
            defer { state.isBusy = true }
            return !state.isBusy
        }
        guard isFree else { throw ControlRefusal(.conflict, "another change of keys is under way: try again") }
        defer { state.withLock { $0.isBusy = false } }
        let ring = ring
        guard ring.isDirectory else { throw ControlRefusal(.conflict, singleFile(ring)) }
        guard organs.heartBoard.current.peerState == .heard else {
            throw ControlRefusal(
                .conflict, "\(peer) is not heard: keys are changed on both directors or on neither; bring it back first"
            )
        }
        let there = try await peerKeys()
        switch order.task {
        case .add: return try await add(order.key, ring, there)
        case .activate: return try await activate(order.key, ring, there)
        case .retire: return try await retire(order.key, ring, there)
        }
    }

    private func peerKeys() async throws(ControlRefusal) -> [KeyMessage.Entry] {
        guard let keys = await ask(nil)?.keys else {
            throw ControlRefusal(.unavailable, "\(peer) did not say what keys it has: nothing was changed")
        }
        return keys
    }

    /// The peer first: a key that only it accepts does no harm.
    private func order(_ order: KeyOrder, line: String? = nil) async throws(ControlRefusal) -> [KeyMessage.Entry]? {
        guard let answer = await ask(order, line: line) else {
            throw ControlRefusal(
                .unavailable, "\(peer) did not answer whether it has done its part: see 'tandem keys', then try again")
        }
        if let refusal = answer.refusal { throw ControlRefusal(.conflict, "\(refusal); nothing was changed") }
        if let refusal = apply(order, line: line) {
            throw ControlRefusal(.conflict, "\(refusal); \(peer) has done its part: mend this and try again")
        }
        return answer.keys
    }

    private func add(
        _ wanted: String?, _ ring: KeyRing, _ there: [KeyMessage.Entry]
    ) async throws(ControlRefusal) -> KeysReport {
        let taken = ring.keys.map(\.name) + there.map(\.name)
        let name = wanted ?? String((taken.compactMap { Int($0) }.max() ?? 0) + 1)
        guard KeyRing.isName(name) else {
            throw ControlRefusal(
                .malformed, "\(name) is no name for a key: up to 64 letters, digits, dots, dashes and underscores")
        }
        guard !taken.contains(name) else {
            throw ControlRefusal(.conflict, "there is a key \(name) already: choose another name")
        }
        let line = KeyFile.line(KeyFile.drawSecret())
        return report(try await order(KeyOrder(task: .add, key: name), line: line))
    }

    private func activate(
        _ wanted: String?, _ ring: KeyRing, _ there: [KeyMessage.Entry]
    ) async throws(ControlRefusal) -> KeysReport {
        let id = try id(wanted, there)
        for (director, has) in [(local, ring.key(id) != nil), (peer, there.contains { $0.id == id })] where !has {
            throw ControlRefusal(.conflict, "\(director) does not accept key \(id): nothing was changed")
        }
        _ = try await order(KeyOrder(task: .activate, key: id))
        let clock = ContinuousClock()
        let start = clock.now
        while true {
            let there = await ask(nil)?.keys
            let isDone = [entries, there ?? []].allSatisfy { $0.contains { $0.id == id && $0.use.isInUse } }
            if isDone { return report(there) }
            guard clock.now - start < Self.patience else {
                return report(there, problems: ["key \(id) is sent with, and sessions are not renewed yet"])
            }
            try? await Task.sleep(for: Self.pause)
        }
    }

    private func retire(
        _ wanted: String?, _ ring: KeyRing, _ there: [KeyMessage.Entry]
    ) async throws(ControlRefusal) -> KeysReport {
        let id = try id(wanted, there)
        let clock = ContinuousClock()
        let start = clock.now
        var there = there
        while let why = obstacle(to: id, there) {
            guard !why.isFinal, clock.now - start < Self.patience else {
                throw ControlRefusal(.conflict, "\(why.sentence); nothing was changed")
            }
            try? await Task.sleep(for: Self.pause)
            there = try await peerKeys()
        }
        return report(try await order(KeyOrder(task: .retire, key: id)))
    }

    private func obstacle(
        to id: String, _ there: [KeyMessage.Entry]
    ) -> (sentence: String, isFinal: Bool)? {
        for (director, entries) in [(local, entries), (peer, there)] {
            guard let entry = entries.first(where: { $0.id == id }) else { continue }
            if let sentence = obstacle(entry, at: director) { return (sentence, entry.use.isSending) }
        }
        return nil
    }

    /// The id of the key that a person named by its id or its name.
    private func id(_ text: String?, _ there: [KeyMessage.Entry]) throws(ControlRefusal) -> String {
        let all = entries + there
        guard let text else { throw ControlRefusal(.malformed, "which key? Name it by its id or its name") }
        if let entry = all.first(where: { $0.id == text }) ?? all.first(where: { $0.name == text }) { return entry.id }
        let known = Set(all.map(\.name)).sorted()
        throw ControlRefusal(.unknown, "there is no key \(text); there are: \(known.joined(separator: ", "))")
    }
}
