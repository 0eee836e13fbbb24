import Glibc
import Sealing
import Testing

/// Keys that come, are sent with and go, in a directory.
struct KeyRingTests {
    private let folder = Folder()

    private func ring() throws -> KeyRing { try KeyRing.load(path: folder.path) }

    private func refusal() -> String {
        do throws(KeyFileError) {
            _ = try KeyRing.load(path: folder.path)
            return ""
        } catch {
            return error.description
        }
    }

    @Test func `the last key by name is sent with until a file says which`() throws {
        for name in ["1.key", "2.key"] { _ = folder.write(name, KeyFile.generate()) }
        #expect(try ring().key(ring().sending)?.name == "2")
        _ = folder.write("active", "1\n")
        #expect(try ring().key(ring().sending)?.name == "1")
    }

    @Test func `a new key is accepted and not sent with, whatever its name`() throws {
        _ = folder.write("m.key", KeyFile.generate())
        let before = try ring()
        let secret = KeyFile.drawSecret()
        let after = try before.adding(name: "z", secret: secret)
        #expect(after.keys.map(\.name) == ["m", "z"] && after.sending == before.sending)
        #expect(after.key("z")?.secret == secret && after.isDirectory)
        var status = stat()
        #expect(stat("\(folder.path)/z.key", &status) == 0 && status.st_mode & 0o777 == 0o600)
        #expect(access("\(folder.path)/.z.key.new", F_OK) != 0)
    }

    @Test func `keys are sent with and removed by their ids`() throws {
        _ = folder.write("1.key", KeyFile.generate())
        let two = try ring().adding(name: "2", secret: KeyFile.drawSecret())
        let id = try #require(two.key("2")).id
        let active = try two.activating(id)
        #expect(active.sending == id)
        #expect(try ring().sending == id)
        let one = try active.removing(try #require(active.key("1")).id)
        #expect(one.keys.map(\.name) == ["2"] && one.sending == id)
        #expect(two.key(one.keys[0].hexID)?.name == "2")
    }

    @Test func `a name that is taken is not overwritten`() throws {
        _ = folder.write("1.key", KeyFile.generate())
        let before = try ring()
        #expect(throws: KeyFileError.self) { try before.adding(name: "1", secret: KeyFile.drawSecret()) }
        #expect(try ring().keys.map(\.id) == before.keys.map(\.id))
    }

    @Test func `what a crash left half done is no key, and the next change goes through`() throws {
        _ = folder.write("1.key", KeyFile.generate())
        _ = folder.write(".2.key.new", "tandem-key-1:00")
        _ = folder.write(".active.new", "")
        #expect(try ring().adding(name: "2", secret: KeyFile.drawSecret()).keys.count == 2)
        #expect(access("\(folder.path)/.2.key.new", F_OK) != 0)
    }

    @Test func `a half-written key is named, and nothing is changed beside it`() throws {
        _ = folder.write("1.key", KeyFile.generate())
        let before = try ring()
        let half = folder.write("2.key", "tandem-key-1:0f0f")
        #expect(refusal().hasPrefix("\(half): it is no key"))
        #expect(throws: KeyFileError.self) { try before.adding(name: "3", secret: KeyFile.drawSecret()) }
        #expect(access("\(folder.path)/3.key", F_OK) != 0 && access("\(folder.path)/active", F_OK) != 0)
    }

    @Test(arguments: ["", "9", "../1", "1 "]) func `a file that names no key is named`(text: String) {
        _ = folder.write("1.key", KeyFile.generate())
        let file = folder.write("active", text)
        #expect(refusal() == "\(file): it names no key of this directory; there are: 1; run: echo NAME >\(file)")
    }

    @Test func `who else may write which key is sent with is refused`() {
        _ = folder.write("1.key", KeyFile.generate())
        _ = folder.write("active", "1", mode: 0o664)
        #expect(refusal().contains("others may use it"))
    }

    @Test func `a single file is a ring of one`() throws {
        let path = folder.write("a.key", KeyFile.generate())
        let ring = try KeyRing.load(path: path)
        #expect(!ring.isDirectory && ring.keys.count == 1 && ring.sending == ring.keys[0].id)
    }

    @Test(arguments: [
        ("1", true), ("2026-b", true), ("a.b_c", true), ("", false), (".a", false), ("-a", false), ("a/b", false),
        ("a b", false), ("é", false), (String(repeating: "a", count: 65), false),
    ])
    func `a name is plain`(name: String, isName: Bool) { #expect(KeyRing.isName(name) == isName) }
}
