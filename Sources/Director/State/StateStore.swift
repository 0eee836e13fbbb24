import Addresses
import Balancing
import Election
import Heartbeat
import Linux
import Settings
import Synchronization

/// Keeps what must outlive the daemon: wishes and what was said about servers on the disk, terms until the next boot.
/// Only the scribe writes.
final class StateStore: Sendable {
    /// Where the files are.
    struct Folders: Sendable {
        /// Over reboots: `/var/lib/tandem/PAIR/DIRECTOR`.
        var state: String
        /// Until the next boot: `/run/tandem/PAIR/DIRECTOR`.
        var run: String
    }

    private struct State {
        var wishes: [KeptWish] = []
        var terms: [String: UInt64] = [:]
        var areWishesNew = false
        var areTermsNew = false
        /// nil: nothing that is not on the disk.
        var overrides: Overrides?
        /// What went wrong with the newest writing, by file.
        var problems: [String: String] = [:]
    }

    private let folders: Folders
    private let groups: [String]
    private let wishesText: WishesText
    private let boot: String
    private let state = Mutex(State())

    init(folders: Folders, settings: Settings) {
        self.folders = folders
        groups = settings.groups.map(\.name)
        let names = settings.pair.directors.map(\.name).sorted()
        wishesText = WishesText(first: names[0], second: names[1])
        boot = (try? Sysctl.read("kernel/random/boot_id")) ?? "unknown"
    }

    var stateFolder: String { folders.state }

    private var wishesPath: String { "\(folders.state)/wishes" }
    private var overridesPath: String { "\(folders.state)/overrides" }
    private var termsPath: String { "\(folders.run)/terms" }

    /// Reads everything, before the heart begins. A file that cannot be used is put aside, and a sentence says so.
    func restore(now: Instant, wall: Int64) -> (Remembered, warnings: [String]) {
        var warnings: [String] = []
        let wishes =
            read(
                wishesPath, WishesText.kind, WishesText.version, wishesText.wishes, lost: "standby and pause", &warnings
            )
            ?? []
        let terms = read(termsPath, TermsText.kind, TermsText.version, TermsText.terms, lost: "terms", &warnings) ?? [:]
        let restored = wishes.map { $0.wish(boot: boot, now: now, wall: wall) }
        state.withLock { state in
            state.wishes = wishes
            state.terms = terms
        }
        if restored.contains(where: { $0.subject == .pause && $0.left == 0 }) { endPause() }
        return (Remembered(terms: groups.map { terms[$0] ?? 0 }, wishes: restored), warnings)
    }

    /// What was said about servers, before the balancer begins.
    func restoreOverrides() -> (Overrides, warnings: [String]) {
        var warnings: [String] = []
        let overrides = read(
            overridesPath, OverridesText.kind, OverridesText.version, OverridesText.overrides,
            lost: "drains and weights, unless the peer has them", &warnings)
        return (overrides ?? Overrides(), warnings)
    }

    /// A pause that is over stays over, whatever a wall clock says after a reboot.
    func endPause() {
        state.withLock { state in
            for index in state.wishes.indices where state.wishes[index].ending != nil {
                state.wishes[index].ending = nil
                state.areWishesNew = true
            }
        }
    }

    private func read<Value>(
        _ path: String, _ kind: String, _ version: Int, _ make: (StateText) throws(StateDamage) -> Value, lost: String,
        _ warnings: inout [String]
    ) -> Value? {
        do {
            guard let bytes = try DurableFile.read(path, limit: StateText.limit) else { return nil }
            return try make(StateText(bytes, kind: kind, version: version))
        } catch {
            let why = (error as? StateDamage).map { "it \($0)" } ?? "\(error)"
            let place = (try? DurableFile.setAside(path)).map { "it is kept as \($0)" } ?? "it cannot be put aside"
            warnings.append(
                "the state file \(path) cannot be used: \(why); \(place), and this director starts without its \(lost)")
            return nil
        }
    }

    /// Takes a wish that is in force since `at`, to be written with the next `flush`.
    func keep(_ wish: Wish, at: Instant, wall: Int64) {
        let ends = wish.subject == .pause && wish.isOn && wish.left > 0
        let ending = KeptWish.Ending(
            boot: boot, at: at + .milliseconds(Int64(wish.left)), wall: wall + Int64(wish.left))
        state.withLock { state in
            state.wishes.removeAll { $0.wish.subject == wish.subject }
            state.wishes.append(KeptWish(wish: wish, ending: ends ? ending : nil))
            state.areWishesNew = true
        }
    }

    /// Takes what is known of servers, to be written with the next `flush`.
    func keep(_ overrides: Overrides) {
        state.withLock { $0.overrides = overrides }
    }

    func keep(term: UInt64, group: Int) {
        state.withLock { state in
            state.terms[groups[group]] = term
            state.areTermsNew = true
        }
    }

    /// Writes what is new. Gives the sentences of what cannot be written and could before.
    func flush() -> [String] {
        let (wishes, terms, overrides) = state.withLock { state in
            (state.areWishesNew ? state.wishes : nil, state.areTermsNew ? state.terms : nil, state.overrides)
        }
        var news: [String] = []
        if let wishes, write(wishesText.text(wishes), to: wishesPath, &news) {
            state.withLock { if $0.wishes == wishes { $0.areWishesNew = false } }
        }
        if let terms, write(TermsText.text(terms), to: termsPath, &news) {
            state.withLock { if $0.terms == terms { $0.areTermsNew = false } }
        }
        if let overrides, write(OverridesText.text(overrides), to: overridesPath, &news) {
            state.withLock { if $0.overrides == overrides { $0.overrides = nil } }
        }
        return news
    }

    private func write(_ text: StateText, to path: String, _ news: inout [String]) -> Bool {
        do throws(SystemError) {
            try DurableFile.write(path, text.bytes)
            state.withLock { $0.problems[path] = nil }
            return true
        } catch {
            let sentence = "\(error): what it should hold is lost with this daemon"
            let isNew = state.withLock { $0.problems.updateValue(sentence, forKey: path) } == nil
            if isNew { news.append(sentence) }
            return false
        }
    }

    /// Whether something waits to be written, because it could not be.
    var isBehind: Bool { state.withLock { $0.areWishesNew || $0.areTermsNew || $0.overrides != nil } }

    /// Whether everything that was said about servers is on the disk.
    var hasOverrides: Bool { state.withLock { $0.overrides == nil } }

    /// What cannot be written, for the status.
    var problems: [String] { state.withLock { $0.problems.values.sorted() } }

    /// Whether a wish about this subject with this stamp, or a newer one, is on the disk.
    func has(_ subject: Wish.Subject, stamp: UInt64) -> Bool {
        state.withLock { state in
            !state.areWishesNew && state.wishes.contains { $0.wish.subject == subject && $0.wish.stamp >= stamp }
        }
    }
}
