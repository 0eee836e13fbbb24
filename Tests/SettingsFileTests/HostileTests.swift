import Glibc
import Settings
import SettingsFile
import Testing

@Suite struct HostileTests {
    private func load(_ text: String) -> (lines: [String], time: Duration) {
        var loaded: SettingsFile.Loaded?
        let time = Self.measure { loaded = SettingsFile.load(text: text) }
        return (loaded?.problems.map(\.description) ?? [], time)
    }

    /// The processor time of this thread: other tests and machines under load do not count.
    private static func measure(_ work: () -> Void) -> Duration {
        func used() -> Duration {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
        }
        let start = used()
        work()
        return used() - start
    }

    private func expectQuick(_ what: String, _ time: Duration) {
        print("hostile file: \(what) answered in \(time)")
        #expect(time < .seconds(3), "\(what)")
    }

    @Test func `refuses a million aliases`() {
        let (lines, time) = load("a: &a [x]\nb:\n" + String(repeating: "- *a\n", count: 1_000_000))
        #expect(lines.count == 21)
        #expect(lines.last == "tandem.yaml:21:3: error: too much of this file is refused; the rest was not read")
        expectQuick("a million aliases", time)
    }

    @Test(arguments: ["[", "{a: "]) func `refuses nesting of a hundred levels`(bracket: String) {
        let (lines, time) = load("a: " + String(repeating: bracket, count: 100))
        #expect(lines.count == 1)
        #expect(lines.first?.contains("nested more than 32 levels deep") == true)
        expectQuick("a hundred levels", time)
    }

    @Test func `refuses nesting of blocks and of a million brackets`() {
        let blocks = load("a:\n" + (1...100).map { String(repeating: " ", count: $0) + "a:\n" }.joined())
        #expect(blocks.lines.first?.contains("nested more than 32 levels deep") == true)
        let million = load("a: " + String(repeating: "[", count: 1_000_000))
        #expect(million.lines.count == 1)
        expectQuick("a million brackets", million.time)
    }

    @Test func `refuses a file of a gigabyte without reading it`() throws {
        let path = "/tmp/tandem-test-\(getpid()).yaml"
        let file = open(path, O_CREAT | O_EXCL | O_WRONLY, 0o600)
        try #require(file >= 0)
        defer { _ = unlink(path) }
        #expect(ftruncate(file, 1 << 30) == 0)
        close(file)
        var problems: [String] = []
        let time = Self.measure { problems = SettingsFile.load(path: path).problems.map(\.description) }
        #expect(problems == ["\(path): error: it has 1073741824 bytes; at most 16777216 are read"])
        expectQuick("a gigabyte", time)
    }

    @Test func `refuses what is no regular file without waiting`() throws {
        let fifo = "/tmp/tandem-test-\(getpid()).fifo"
        try #require(mkfifo(fifo, 0o600) == 0)
        defer { _ = unlink(fifo) }
        for (path, kind) in [(fifo, "a FIFO"), ("/tmp", "a directory"), ("/dev/zero", "a device")] {
            let problems = SettingsFile.load(path: path).problems.map(\.description)
            #expect(problems == ["\(path): error: it is \(kind), and a configuration is a regular file"])
        }
        let absent = SettingsFile.load(path: "/nowhere/tandem.yaml").problems.map(\.description)
        #expect(absent == ["/nowhere/tandem.yaml: error: it cannot be opened: No such file or directory"])
    }

    @Test(
        arguments: [
            (
                [0x61, 0x3A, 0x20, 0xFF],
                "1:4: error: a byte that is not UTF-8 stands here; a configuration is UTF-8 text"
            ),
            ([0x61, 0x0A, 0xC3], "2:1: error: a byte that is not UTF-8 stands here; a configuration is UTF-8 text"),
            (
                [0x61, 0xED, 0xA0, 0x80],
                "1:2: error: a byte that is not UTF-8 stands here; a configuration is UTF-8 text"
            ),
            ([0x61, 0x00, 0x62], "1:2: error: a zero byte stands here; a configuration is UTF-8 text"),
            ([0xC3, 0xA4, 0x01], "1:2: error: a control character stands here; a configuration is UTF-8 text"),
            (
                [0xFF, 0xFE, 0x61, 0x00],
                "1:1: error: a byte that is not UTF-8 stands here; a configuration is UTF-8 text"
            ),
        ] as [([UInt8], String)]) func `says where a file is no text`(bytes: [UInt8], line: String)
    {
        #expect(SettingsFile.load(bytes: bytes).problems.map(\.description) == ["tandem.yaml:" + line])
    }

    @Test func `accepts lines that end in CR LF, and a byte order mark`() {
        let text = IncludeTests.pair + "groups:\n  web: {addresses: [192.0.2.10]}\n"
        let plain = SettingsFile.load(text: text)
        let crlf = SettingsFile.load(text: "\u{FEFF}" + text.split(separator: "\n").joined(separator: "\r\n"))
        #expect(crlf.problems.map(\.description) == [])
        #expect(crlf.settings == plain.settings)
        #expect(crlf.digest == plain.digest)
    }

    @Test func `bounds values, lengths and the number of problems`() {
        let long = load("a: " + String(repeating: "x", count: 5000))
        #expect(long.lines.contains { $0.contains("a text of 5000 bytes; at most 4096 are accepted") })
        let many = load("services: [" + String(repeating: "1,", count: 1_100_000) + "]")
        #expect(many.lines.contains { $0.contains("more than 1000000 values") })
        expectQuick("a million values", many.time)
        let wrong = load((0..<5000).map { "unknown\($0): x\n" }.joined())
        #expect(wrong.lines.count == 1001)
        #expect(wrong.lines.last?.contains("more problems not shown") == true)
        expectQuick("5,000 unknown keys", wrong.time)
    }

    @Test func `bounds what pools multiply to`() {
        let pool = "pools: {p: [" + (0..<4000).map { "10.0.\($0 / 250).\($0 % 250 + 1), " }.joined() + "]}\nservices:\n"
        let services = (0..<5000).map {
            "- {name: s\($0), listen: \"tcp://192.0.2.1:\($0 + 1)\", forward: nat, servers: p}\n"
        }
        let (lines, time) = load(IncludeTests.pair + pool + services.joined())
        #expect(lines.contains { $0.hasSuffix("all services together have more than 131072 servers") })
        expectQuick("pools that multiply", time)
    }
}
