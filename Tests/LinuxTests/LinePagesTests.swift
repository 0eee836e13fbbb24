import Glibc
import Linux
import Testing

struct LinePagesTests {
    /// All pages of a file with that text.
    private static func pages(_ text: String) throws -> [[UInt8]] {
        var path = Array("/tmp/tandem-pages.XXXXXX\0".utf8CString)
        let descriptor = mkstemp(&path)
        let name = String(decoding: path.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        defer { unlink(name) }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { break }
            rest = rest.dropFirst(count)
        }
        close(descriptor)
        var reader = try LinePages(path: name)
        var pages: [[UInt8]] = []
        while let page = try reader.next() { pages.append(page) }
        return pages
    }

    @Test func `pages hold whole lines, and together all of them`() throws {
        let text = (0..<20_000).map { "line \($0) of many\n" }.joined()
        let pages = try Self.pages(text)
        #expect(pages.count > 10 && pages.allSatisfy { $0.last == 0x0A && $0.count <= 2 * 16_384 })
        #expect(String(decoding: pages.joined(), as: UTF8.self) == text)
    }

    @Test func `a last line without an end is not given, and an empty text has no page`() throws {
        #expect(try Self.pages("one\ntwo") == [Array("one\n".utf8)])
        #expect(try Self.pages("").isEmpty)
    }

    @Test func `a line without an end is not kept for ever`() throws {
        let pages = try Self.pages(String(repeating: "x", count: 200_000) + "\nend\n")
        #expect(pages.allSatisfy { $0.count <= 2 * 16_384 + 16_384 })
        #expect(pages.last.map { String(decoding: $0.suffix(4), as: UTF8.self) } == "end\n")
    }

    @Test func `a file that is not there is an error`() {
        #expect(throws: SystemError.self) { _ = try LinePages(path: "/tmp/tandem-no-such-file") }
    }
}
