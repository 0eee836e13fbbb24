import Checks
import Dialogues
import NIOCore
import NIOPosix
import Settings
import Testing

struct SaltedPasswordsTests {
    private static func salting(_ password: String, _ salt: String, _ rounds: Int) -> Salting {
        Salting(Secret(Array(password.utf8)), salt: Array(salt.utf8), rounds: rounds)
    }

    /// RFC 7914 11, the first half of each.
    @Test(arguments: [
        ("passwd", "salt", 1, "hex:55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"),
        ("Password", "NaCl", 80_000, "hex:4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56"),
    ])
    func `salts as in the RFC`(password: String, salt: String, rounds: Int, expected: String) throws {
        let passwords = SaltedPasswords()
        let wanted = try ByteText.parse(expected)
        for _ in 0..<2 { #expect(passwords.salted(Self.salting(password, salt, rounds)) == wanted) }
        #expect(passwords.count == 1)
    }

    @Test func `takes no password and salt for others`() {
        let passwords = SaltedPasswords()
        let all = Set(
            [("ab", "c", 1), ("a", "bc", 1), ("a", "bc", 2), ("1 a", "bc", 1)].map {
                passwords.salted(Self.salting($0.0, $0.1, $0.2))
            })
        #expect(all.count == 4 && passwords.count == 4)
    }

    /// A turn of the loop in which a result is asked for: what was told within it.
    private static func toldAtOnce(_ passwords: SaltedPasswords, _ salting: Salting) async throws -> [UInt8]? {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        return try await loop.submit { () -> [UInt8]? in
            var told: [UInt8]?
            passwords.begin(salting, until: .distantFuture, on: loop) { told = try? $0.get() }
            return told
        }.get()
    }

    @Test func `one that is used stays, however many others come`() async throws {
        let passwords = SaltedPasswords()
        let used = Self.salting("a", "used", 1)
        let wanted = passwords.salted(used)
        for number in 0..<3000 {
            _ = passwords.salted(Self.salting("a", "\(number)", 1))
            if number % 256 == 0 { _ = passwords.salted(used) }
        }
        #expect((1...1024).contains(passwords.count))
        #expect(try await Self.toldAtOnce(passwords, used) == wanted)
        #expect(try await Self.toldAtOnce(passwords, Self.salting("a", "0", 1)) == nil)
        passwords.stop()
    }

    @Test func `the loop turns while a password is salted`() async throws {
        let passwords = SaltedPasswords()
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let (told, continuation) = AsyncStream.makeStream(of: String.self)
        try await loop.submit {
            passwords.begin(Self.salting("a", "b", 500_000), until: .distantFuture, on: loop) { _ in
                continuation.yield("salted")
                continuation.finish()
            }
            // Before anything that somebody else asks the loop for from now on.
            loop.execute { continuation.yield("turned") }
            continuation.yield("asked")
        }.get()
        var order: [String] = []
        for await word in told { order.append(word) }
        #expect(order == ["asked", "turned", "salted"])
        passwords.stop()
    }

    @Test func `what nobody waits for any longer is not salted`() async throws {
        let passwords = SaltedPasswords()
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let (told, continuation) = AsyncStream.makeStream(of: Int.self)
        try await loop.submit {
            for (number, deadline) in [NIODeadline.now(), .distantFuture].enumerated() {
                passwords.begin(Self.salting("a", "\(number)", 1), until: deadline, on: loop) { _ in
                    continuation.yield(number)
                }
            }
        }.get()
        var iterator = told.makeAsyncIterator()
        #expect(await iterator.next() == 1)
        #expect(passwords.count == 1)
        passwords.stop()
    }
}
