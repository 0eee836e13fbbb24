import Glibc
import Sealing
import Testing

@Suite struct KeyFileTests {
    private func load(_ path: String) -> (keys: [PairKey], refusal: KeyFileError?) {
        do throws(KeyFileError) {
            return (try KeyRing.load(path: path).keys, nil)
        } catch {
            return ([], error)
        }
    }

    static let line = "tandem-key-1:" + String(repeating: "0f", count: 32) + "\n"

    @Test func `reads what it generates, each time another`() {
        let folder = Folder()
        let (keys, refusal) = load(folder.write("a.key", KeyFile.generate()))
        #expect(refusal == nil)
        #expect(keys.map(\.name) == ["a"])
        #expect(keys.first?.secret.count == 32)
        #expect(KeyFile.generate() != KeyFile.generate())
    }

    @Test func `an id is the beginning of a digest`() {
        // printf 'tandem key id' followed by 32 bytes 0x0f, through sha256sum.
        let key = PairKey(name: "a", secret: Array(repeating: 0x0F, count: 32))
        #expect(key.id == 0xB47F_958E)
    }

    @Test func `reads a directory by name and nothing but keys`() {
        let folder = Folder()
        for name in ["2026-b.key", "2026-a.key", "2027.key"] { _ = folder.write(name, KeyFile.generate()) }
        _ = folder.write("README", "x", mode: 0o644)
        #expect(load(folder.path).keys.map(\.name) == ["2026-a", "2026-b", "2027"])
    }

    @Test(arguments: [0o640, 0o604, 0o620, 0o610, 0o601, 0o666] as [mode_t]) func `refuses a key that others may use`(
        mode: mode_t
    ) {
        let folder = Folder()
        let path = folder.write("a.key", Self.line, mode: mode)
        let octal = "0" + String(mode, radix: 8)
        #expect(load(path).refusal?.description == "\(path): others may use it (mode \(octal)); run: chmod 600 \(path)")
        #expect(load(folder.path).refusal != nil)
    }

    @Test func `judges a symbolic link by its target`() {
        let folder = Folder()
        let target = folder.write("target", Self.line)
        let link = "\(folder.path)/a.key"
        symlink(target, link)
        #expect(load(link).keys.map(\.name) == ["a"])
        chmod(target, 0o644)
        #expect(load(link).refusal?.reason == "others may use it (mode 0644); run: chmod 600 \(link)")
    }

    @Test func `refuses a directory that others may write in`() {
        let folder = Folder()
        _ = folder.write("a.key", Self.line)
        chmod(folder.path, 0o770)
        #expect(load(folder.path).refusal?.reason.hasSuffix("run: chmod 700 \(folder.path)") == true)
    }

    @Test(arguments: [
        "", "tandem-key-1:", "tandem-key-2:" + String(repeating: "0f", count: 32), line.replacing("f\n", with: "\n"),
        line.replacing("0f\n", with: "0g\n"), line + line, String(repeating: "a", count: 5000),
    ]) func `refuses what is no key`(text: String) {
        let folder = Folder()
        let refusal = load(folder.write("a.key", text)).refusal
        #expect(refusal?.reason.hasPrefix("it is no key: one line of tandem-key-1:") == true)
    }

    @Test func `says how to make a missing key`() {
        let folder = Folder()
        #expect(
            load("\(folder.path)/a.key").refusal?.reason == "it does not exist; run: tandem keygen \(folder.path)/a.key"
        )
        let empty = load(folder.path).refusal
        #expect(empty?.isMissing == true)
        #expect(empty?.reason == "no *.key file is in it; run: tandem keygen \(folder.path)/1.key")
    }

    @Test func `refuses too many keys and one key twice`() {
        let folder = Folder()
        _ = folder.write("a.key", Self.line)
        _ = folder.write("b.key", Self.line)
        #expect(load(folder.path).refusal?.reason == "it is the same key as a.key; remove one")
        for number in 0..<15 { _ = folder.write("c\(number).key", KeyFile.generate()) }
        #expect(load(folder.path).refusal?.reason == "it has 17 keys; at most 16 are accepted, remove old ones")
    }

    @Test func `makes a file for its owner alone and never overwrites`() throws {
        let folder = Folder()
        let path = "\(folder.path)/1.key"
        try KeyFile.create(path: path)
        var status = stat()
        #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
        let made = load(path).keys.first?.secret
        #expect(made?.count == 32)
        #expect(throws: KeyFileError.self) { try KeyFile.create(path: path) }
        #expect(load(path).keys.first?.secret == made)
        #expect(throws: KeyFileError.self) { try KeyFile.create(path: "\(folder.path)/a/1.key") }
    }

    @Test func `refuses a FIFO`() {
        let folder = Folder()
        mkfifo("\(folder.path)/a.key", 0o600)
        #expect(load("\(folder.path)/a.key").refusal?.reason == "it is no regular file")
    }
}
