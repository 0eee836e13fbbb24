import Addresses
import Election
import Heartbeat
import Linux
import Logging
import Settings

/// Puts the witness's notes into words, on a thread of its own: a log that is slow delays no answer.
struct WitnessWords: ~Copyable {
    private let notes: Mailbox<Witness.Note>
    private let logger: Logger
    private let pairs: [String]
    /// The directors that the file names, by pair and fingerprint.
    private let names: [Witness.Director: String]
    private var poller: Poller
    private var batch: [Witness.Note] = []
    private var figures = (heard: 0, grants: 0)

    init(notes: Mailbox<Witness.Note>, house: WitnessHouse, logger: Logger) throws(SystemError) {
        let poller = try Poller()
        try poller.watch(notes.wakeup.fileDescriptor, mark: 0)
        var names: [Witness.Director: String] = [:]
        for (index, pair) in house.pairs.enumerated() {
            for name in pair.directors {
                names[Witness.Director(pair: index, id: fingerprint("tandem director " + name))] = name
            }
        }
        self.notes = notes
        self.logger = logger
        self.names = names
        self.poller = poller
        pairs = house.pairs.map(\.name)
    }

    consuming func run() {
        while true {
            poller.wait(until: .never) { _ in }
            notes.drain(into: &batch)
            for note in batch { write(note) }
        }
    }

    private mutating func write(_ note: Witness.Note) {
        switch note {
        case .heard(let director): logger.notice("\(name(director)) is heard")
        case .silent(let director, let time):
            logger.warning("\(name(director)) has been silent for \(EnvoyText.duration(time))")
        case .change(let change, let pair):
            let group = "group \(String(change.group, radix: 16)) of pair \(pairs[pair])"
            let before = change.from.map { "before: \(name($0, pair))" } ?? "before: nobody"
            if let holder = change.to {
                logger.info("\(group): granted to \(name(holder, pair)), term \(change.term), \(before)")
            } else {
                logger.info("\(group): given up, \(before)")
            }
        case .refused(let counts, let before):
            let words = Refusal.allCases.filter { counts[$0] > before[$0] }
                .map { "\(counts[$0] - before[$0]) \($0.description)" }
            logger.warning("datagrams refused in the last minute: \(words.joined(separator: ", "))")
        case .figures(let heard, let grants):
            guard figures != (heard, grants) else { return }
            figures = (heard, grants)
            Notifier.tell(
                "STATUS=\(Words.count(pairs.count, "pair")), \(Words.count(heard, "director")) heard, "
                    + Words.count(grants, "grant"))
        }
    }

    private func name(_ director: Witness.Director) -> String {
        "director \(names[director] ?? String(director.id, radix: 16)) of pair \(pairs[director.pair])"
    }

    private func name(_ petitioner: WitnessMachine.Petitioner, _ pair: Int) -> String {
        names[Witness.Director(pair: pair, id: petitioner.director)] ?? String(petitioner.director, radix: 16)
    }
}
