import ArgumentParser
import Sealing

/// `tandem keygen`: a new key for the pair.
struct KeygenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keygen",
        abstract: "Make a key for the pair.",
        discussion: """
            With FILE, the key goes into a new file that only its owner may read; a file that is there already is \
            never overwritten. Without, it goes to standard output. Both directors need the same key.
            """)

    @Argument(help: "The new file, as /etc/tandem/keys.d/1.key.")
    var file: String?

    func run() async throws {
        guard let file else {
            Terminal.say(KeyFile.generate())
            return
        }
        do {
            try KeyFile.create(path: file)
        } catch {
            Terminal.complain(error.description)
            throw ExitCode.failure
        }
        Terminal.say(
            """
            \(file) holds a new key. Copy it to the other director, with its mode:
                scp -p \(file) OTHER:\(file)
            Then say so in the configuration of both (pair: keys) and run: tandem validate /etc/tandem/tandem.yaml

            """)
    }
}
