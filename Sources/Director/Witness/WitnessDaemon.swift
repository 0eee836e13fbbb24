import Addresses
import Election
import Glibc
import Heartbeat
import Linux
import Logging
import Sealing
import Settings
import SettingsFile
import UnixSignals

/// A witness: one thread that answers, one that writes the log, and nothing on a disk.
struct WitnessDaemon {
    let file: String

    /// Runs until SIGTERM or SIGINT, which end it at once: a pair in health does not mind.
    func run() async throws {
        let loaded = SettingsFile.loadWitness(path: file)
        guard let house = loaded.house else {
            throw StartProblem(description: loaded.problems.map { "\($0)" }.joined(separator: "\n"))
        }
        let level = house.log
        let logger = Logger(label: "tandemd") { _ in LineLog(level) }
        let pairs = try house.pairs.map { pair in
            let ring = try KeyRing.load(path: pair.key)
            return Audience<OpenSSLSealer>.Pair(
                name: pair.name, keys: ring.shared, sending: ring.sending, directors: pair.directors)
        }
        let names = try takeNames(house.endpoints)
        let notes = try Mailbox<Witness.Note>(capacity: 1024)
        let witness = try Witness(pairs: pairs, endpoints: house.endpoints, notes: notes)
        let words = try WitnessWords(notes: notes, house: house, logger: logger)
        for problem in loaded.problems { logger.warning("\(problem)") }
        try start(witness, words, logger)
        let places = house.endpoints.map(\.description).joined(separator: ", ")
        logger.notice("witness for \(Words.count(pairs.count, "pair")) listens on \(places)")
        Notifier.tell("READY=1\nSTATUS=witness for \(Words.count(pairs.count, "pair"))")
        for await _ in await UnixSignalsSequence(trapping: .sigterm, .sigint) { break }
        Notifier.tell("STOPPING=1")
        logger.notice("witness stopped")
        _ = consume names
    }

    private func start(_ witness: consuming sending Witness, _ words: consuming sending WitnessWords, _ logger: Logger)
        throws
    {
        try OSThread.start(name: "words", thread(words) { $0.run() })
        // A low number of SCHED_FIFO, as the heart's.
        if try !OSThread.start(name: "witness", priority: 10, thread(witness) { $0.run() }) {
            logger.notice("the kernel refuses real-time scheduling: a busy machine can delay answers")
        }
        do throws(SystemError) {
            try LockedMemory.begin()
        } catch {
            logger.notice("the kernel does not lock this daemon's memory: a machine short of memory can delay answers")
        }
    }

    /// One witness for an address and port of a network namespace: two would take each other's petitions.
    private func takeNames(_ endpoints: [Endpoint]) throws -> HeldNames {
        var held = HeldNames()
        for endpoint in endpoints {
            do {
                held.names.append(HeldNames.Name(try NameLock("tandem/witness/\(endpoint)")))
            } catch let taken as NameLock.Taken {
                let process = taken.pid > 0 ? " (process \(taken.pid))" : ""
                throw StartProblem(
                    description: "tandemd: another witness\(process) listens on \(endpoint): stop it first")
            }
        }
        return held
    }

    private struct HeldNames {
        final class Name {
            let lock: NameLock
            init(_ lock: consuming NameLock) { self.lock = lock }
        }

        var names: [Name] = []
    }
}
