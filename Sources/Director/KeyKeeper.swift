import Addresses
import Control
import Election
import Heartbeat
import Linux
import Sealing
import Settings
import Synchronization

/// Keeps the pair's keys: in their files, in the heart, and the same on both directors.
final class KeyKeeper: Sendable {
    struct State {
        var ring: KeyRing
        /// Somebody changes the keys of both directors from here.
        var isBusy = false
    }

    let state: Mutex<State>
    let questions = Questions<KeyMessage>()
    let organs: Organs
    let journal: Journal
    let local: String
    let peer: String
    /// A key that was not seen for so long is not on the wire any more.
    let quiet: Duration

    init(_ start: DirectorStart, organs: Organs, journal: Journal) {
        state = Mutex(State(ring: start.ring))
        self.organs = organs
        self.journal = journal
        local = start.local.name
        peer = start.peer.name
        quiet = max(.seconds(1), start.settings.pair.timing.takeoverTime)
    }

    var ring: KeyRing { state.withLock { $0.ring } }

    /// Reads the files again; says what is wrong with them if they are not taken.
    func reload() -> String? {
        do throws(KeyFileError) {
            let old = ring
            let new = try KeyRing.load(path: old.path)
            guard old.keys.map(\.id) != new.keys.map(\.id) || old.sending != new.sending else { return nil }
            adopt(new)
            let names = new.keys.map { $0.id == new.sending ? "\($0.label), which is sent with" : $0.label }
            journal.record(.configuration, "keys read again: \(names.joined(separator: "; "))")
            return nil
        } catch {
            return error.description
        }
    }

    private func adopt(_ ring: KeyRing) {
        state.withLock { $0.ring = ring }
        if !organs.heart.post(.keys(ring.shared, sending: ring.sending)) {
            journal.warn("the heart was too busy to take the keys: reload (SIGHUP) once more")
        }
    }

    /// What this director has, and what it does with it.
    var entries: [KeyMessage.Entry] {
        let (ring, heart, now) = (ring, organs.heartBoard.current, Clock.now())
        return ring.keys.map { key in
            let seen = heart.keys.first { $0.id == key.id }?.lastSeen
            let use = KeyUse(
                isSending: key.id == ring.sending, isInUse: key.id == heart.keyID,
                lastSeen: seen.map { max(0, (now - $0).milliseconds / 1000) })
            return KeyMessage.Entry(id: key.hexID, name: key.name, use: use)
        }
    }

    /// Does this director's part of a change; says why not, in a sentence, if it does not. Done already is done.
    func apply(_ order: KeyOrder, line: String? = nil) -> String? {
        let ring = ring
        guard ring.isDirectory else { return singleFile(ring) }
        do throws(KeyFileError) {
            switch order.task {
            case .add: return try add(order.key ?? "", line ?? "", to: ring)
            case .activate: return try activate(order.key ?? "", of: ring)
            case .retire: return try retire(order.key ?? "", from: ring)
            }
        } catch {
            return "\(local): \(error)"
        }
    }

    func singleFile(_ ring: KeyRing) -> String {
        "\(local) has a single key file, \(ring.path): to change keys, put it into a directory of mode 0700 as 1.key, "
            + "say pair: keys: DIRECTORY in the configuration of both directors and restart them"
    }

    private func add(_ name: String, _ line: String, to ring: KeyRing) throws(KeyFileError) -> String? {
        guard KeyRing.isName(name), let secret = KeyFile.secret(Array(line.utf8)[...]) else {
            return "\(name) is no name for a key, or what came with it is no key"
        }
        let key = PairKey(name: name, secret: secret)
        if ring.key(key.id) != nil { return nil }
        if let other = ring.key(name) { return "\(local) has a key \(other.label) already: choose another name" }
        adopt(try ring.adding(name: name, secret: secret))
        journal.record(.configuration, "key \(key.label) added: accepted from now on")
        return nil
    }

    private func activate(_ id: String, of ring: KeyRing) throws(KeyFileError) -> String? {
        guard let key = ring.key(id) else { return "\(local) has no key \(id)" }
        guard key.id != ring.sending else { return nil }
        adopt(try ring.activating(key.id))
        journal.record(.configuration, "key \(key.label) activated: sent with from now on")
        return nil
    }

    private func retire(_ id: String, from ring: KeyRing) throws(KeyFileError) -> String? {
        guard let key = ring.key(id), let entry = entries.first(where: { $0.id == key.hexID }) else { return nil }
        if let why = obstacle(entry, at: local) { return why }
        adopt(try ring.removing(key.id))
        journal.record(.configuration, "key \(key.label) retired: removed and no longer accepted")
        return nil
    }

    /// Why a director cannot do without a key, in a sentence.
    func obstacle(_ entry: KeyMessage.Entry, at director: String) -> String? {
        let label = "key \(entry.name) (\(entry.id))"
        if entry.use.isSending { return "\(director) sends with \(label): activate another one first" }
        if entry.use.isInUse { return "\(label) is still in use on \(director): its session is not renewed yet" }
        guard let seen = entry.use.lastSeen, seen < quiet.milliseconds / 1000 else { return nil }
        let tenths = Int((seen * 10).rounded())
        return "\(label) is still seen on the wire: \(director) heard it \(tenths / 10).\(tenths % 10) s ago"
    }
}

extension PairKey {
    /// How people are told of it.
    var label: String { "\(name) (\(hexID))" }
}
