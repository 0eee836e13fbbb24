import Checks
import Dialogues
import Settings
import Testing

struct SaltedPasswordsTests {
    /// RFC 7914 11, the first half of each.
    @Test(arguments: [
        ("passwd", "salt", 1, "hex:55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"),
        ("Password", "NaCl", 80_000, "hex:4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56"),
    ])
    func `salts as in the RFC`(password: String, salt: String, rounds: Int, expected: String) throws {
        let passwords = SaltedPasswords()
        let wanted = try ByteText.parse(expected)
        for _ in 0..<2 {
            let salted = passwords.salted(Secret(Array(password.utf8)), Array(salt.utf8), rounds)
            #expect(salted == wanted)
        }
        #expect(passwords.count == 1)
    }

    @Test func `takes no password and salt for others`() {
        let passwords = SaltedPasswords()
        let all = Set(
            [("ab", "c", 1), ("a", "bc", 1), ("a", "bc", 2), ("1 a", "bc", 1)].map {
                passwords.salted(Secret(Array($0.0.utf8)), Array($0.1.utf8), $0.2)
            })
        #expect(all.count == 4 && passwords.count == 4)
    }

    @Test func `keeps a bounded number`() {
        let passwords = SaltedPasswords()
        for number in 0..<600 { _ = passwords.salted(Secret([1]), [UInt8(number & 255), UInt8(number >> 8)], 1) }
        #expect((1...256).contains(passwords.count))
    }
}
