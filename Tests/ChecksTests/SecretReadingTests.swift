import Agreement
import Checks
import Dialogues
import Glibc
import Settings
import Testing

struct SecretReadingTests {
    /// A file that goes when it is no longer needed.
    final class File: Sendable {
        let path: String

        init(_ content: [UInt8]) {
            var template = Array("/tmp/tandem-secret-XXXXXX".utf8CString)
            let descriptor = mkstemp(&template)
            path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            _ = write(descriptor, content, content.count)
            close(descriptor)
        }

        deinit { unlink(path) }
    }

    static let long = [UInt8](repeating: 0x61, count: 1024)

    @Test(
        arguments: [
            (Array("hunter2".utf8), Array("hunter2".utf8)), (Array("hunter2\n".utf8), Array("hunter2".utf8)),
            (Array("hunter2\r\nmore\n".utf8), Array("hunter2".utf8)), (Array(" a b \n".utf8), Array(" a b ".utf8)),
            ([0, 0xFF, 0x0D], [0, 0xFF, 0x0D]), (long, long), (long + [0x0D, 0x0A], long), (long + [0x61], nil),
            (long + long, nil), ([], nil), ([0x0A], nil), ([0x0D, 0x0A], nil),
        ] as [([UInt8], [UInt8]?)])
    func `reads the first line of a file`(content: [UInt8], expected: [UInt8]?) {
        let file = File(content)
        #expect((try? SecretFile(file.path).read())?.bytes == expected)
    }

    @Test(
        arguments: [
            (Array("hunter2".utf8), Array("hunter2".utf8)), (Array("hunter2\n".utf8), Array("hunter2".utf8)),
            (Array("a\r\n".utf8), Array("a".utf8)), (Array("a\n\n".utf8), Array("a\n".utf8)),
            (Array("a\r".utf8), Array("a\r".utf8)), (Array("a\nb\n".utf8), Array("a\nb".utf8)),
            ([0, 0xFF], [0, 0xFF]), (long, long), (long + [0x0D, 0x0A], long), (long + [0x61], nil),
            (long + [0x61, 0x0D, 0x0A], nil), (long + long, nil), ([], nil), ([0x0A], nil), ([0x0D, 0x0A], nil),
        ] as [([UInt8], [UInt8]?)])
    func `reads the whole of a file but the end of its line`(content: [UInt8], expected: [UInt8]?) {
        let file = File(content)
        #expect((try? SecretFile(file.path).readWhole(upTo: 1024))?.bytes == expected)
    }

    @Test(arguments: ["/nowhere/secret", "/tmp", "/dev/zero", ""])
    func `takes nothing but a file`(path: String) {
        #expect(throws: CheckFailure.credentials(.secret)) { try SecretFile(path).read() }
        #expect(throws: CheckFailure.credentials(.secret)) { try SecretFile(path).readWhole(upTo: 1024) }
    }
}
