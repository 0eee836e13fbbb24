import ArgumentParser
import Glibc
import Sealing

/// `tandem keygen`: a new key for the pair.
struct KeygenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keygen",
        abstract: "Make a key for the pair.",
        discussion: """
            With FILE, the key goes into a new file that only its owner may read; a file that is there already is never \
            overwritten. Without, it goes to standard output. Both directors need the same key.
            """)

    @Argument(help: "The new file, as /etc/tandem/keys.d/1.key.")
    var file: String?

    func run() async throws {
        guard let file else {
            Terminal.say(KeyFile.generate())
            return
        }
        if let refusal = Self.create(file, KeyFile.generate()) {
            Terminal.complain("\(file): \(refusal)")
            throw ExitCode.failure
        }
        Terminal.say(
            """
            \(file) holds a new key. Copy it to the other director, with its mode:
                scp -p \(file) OTHER:\(file)
            Then say so in the configuration of both (pair: keys) and run: tandem validate /etc/tandem/tandem.yaml

            """)
    }

    /// Why the file could not be made, if so. Nothing half written stays behind.
    private static func create(_ path: String, _ text: String) -> String? {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            switch errno {
            case EEXIST: return "it exists already, and a key is never overwritten; choose another name"
            case ENOENT: return "its folder does not exist; run: install -d -m 700 FOLDER"
            default: return "it cannot be made: \(String(cString: strerror(errno)))"
            }
        }
        defer { _ = close(descriptor) }
        let bytes = Array(text.utf8)
        guard fchmod(descriptor, 0o600) == 0, write(descriptor, bytes, bytes.count) == bytes.count,
            fsync(descriptor) == 0
        else {
            let reason = String(cString: strerror(errno))
            _ = unlink(path)
            return "it cannot be written: \(reason)"
        }
        return nil
    }
}
