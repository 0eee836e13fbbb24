import Agreement
import Dialogues
import Settings
import Testing

struct HeaderSecretsTests {
    static let values: [(String, isValue: Bool)] = [
        ("Bearer abc", true), ("a", true), ("a\tb", true), ("\u{E4}", true), ("sid=1; other=\"2\"", true),
        ("", false), ("a\r\nX: y", false), ("a\nb", false), ("a\rb", false), ("a\0b", false), ("a\u{7F}", false),
        ("\u{1B}[0m", false), (" a", false), ("a ", false), ("a\t", false), (" ", false),
    ]

    @Test(arguments: values) func `takes what can be a header's value`(value: String, isValue: Bool) {
        let check = HTTPCheck(headers: [.init("X-A", "b"), .init("Authorization", SecretFile("/a"))])
        do throws(CheckFailure) {
            let secrets = try HeaderSecrets(of: check) { _ in Secret(Array(value.utf8)) }
            #expect(isValue && secrets.all.map(\.bytes) == [Array(value.utf8)])
        } catch {
            #expect(!isValue && error == .headerSecret && error.isOwn)
        }
    }

    @Test func `reads each file once, and none of a check without secrets`() throws {
        var read: [String] = []
        let check = HTTPCheck(headers: [
            .init("X-A", SecretFile("/a")), .init("X-B", "/b"), .init("X-C", SecretFile("/c")),
            .init("X-D", SecretFile("/a")),
        ])
        _ = try HeaderSecrets(of: check) { file in
            read.append(file.path)
            return Secret([0x61])
        }
        #expect(read == ["/a", "/c"] && check.hasSecrets)
        _ = try HeaderSecrets(of: HTTPCheck(headers: [.init("X-A", "b")])) { _ throws(CheckFailure) in throw .closed }
        #expect(!HTTPCheck(headers: [.init("X-A", "b")]).hasSecrets)
    }

    @Test func `a file that cannot be read is the reason`() {
        let check = HTTPCheck(headers: [.init("X-A", SecretFile("/a"))])
        #expect(throws: CheckFailure.credentials(.secret)) {
            try HeaderSecrets(of: check) { _ throws(CheckFailure) in throw .credentials(.secret) }
        }
    }
}
