import Agreement
import Checks
import Dialogues
import Settings
import Testing

struct SCRAMLoginTests {
    static let nonce = "rOprNGfwEbeRWgbNEkqO"
    static let first = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
    static let proof =
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
    static let signature = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="

    static func login() -> SCRAMLogin {
        SCRAMLogin(
            user: "user", password: Secret(Array("pencil".utf8)), nonce: Array(nonce.utf8), digests: .openSSL)
    }

    static func answer(_ login: inout SCRAMLogin, _ message: String) throws -> String {
        let salting = try login.challenge(bytes(message))
        return try String(decoding: login.answer(salted: SaltedPasswords.shared.salted(salting)), as: UTF8.self)
    }

    static func bytes(_ text: String) -> ArraySlice<UInt8> { Array(text.utf8)[...] }

    /// RFC 7677 3, to the letter.
    @Test func `logs in as in the RFC`() throws {
        var login = Self.login()
        #expect(String(decoding: login.first, as: UTF8.self) == "n,,n=user,r=\(Self.nonce)")
        #expect(try Self.answer(&login, Self.first) == Self.proof)
        try login.verify(Self.bytes(Self.signature))
        try login.verify(Self.bytes(Self.signature + ",x=later"))
    }

    @Test(arguments: [
        "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G5=", "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4", "v=", "",
        "x=", "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl9",
    ])
    func `believes no other signature`(signature: String) throws {
        var login = Self.login()
        _ = try Self.answer(&login, Self.first)
        #expect(throws: PostgreSQLFailure.unproven) { try login.verify(Self.bytes(signature)) }
    }

    @Test func `believes none before it has answered`() {
        #expect(throws: PostgreSQLFailure.unproven) { try Self.login().verify(Self.bytes(Self.signature)) }
        #expect(throws: PostgreSQLFailure.proofRefused) { try Self.login().verify(Self.bytes("e=invalid-proof")) }
    }

    @Test(arguments: [
        "", "r=\(nonce)x", "r=\(nonce)x,s=AAAA", "r=\(nonce),s=AAAA,i=1", "r=other,s=AAAA,i=1",
        "s=AAAA,r=\(nonce)x,i=1", "r=\(nonce)x,s=,i=1", "r=\(nonce)x,s=AAA,i=1", "r=\(nonce)x,s=A*AA,i=1",
        "r=\(nonce)x,s=AAAA,i=",
        "r=\(nonce)x,s=AAAA,i=0", "r=\(nonce)x,s=AAAA,i=-1", "r=\(nonce)x,s=AAAA,i=+1", "r=\(nonce)x,s=AAAA,i=1x",
        "r=\(nonce)x,s=AAAA,i=99999999999", "m=must,r=\(nonce)x,s=AAAA,i=1",
    ])
    func `refuses what is no challenge`(message: String) {
        var login = Self.login()
        #expect(throws: PostgreSQLFailure.malformed) { try login.challenge(Self.bytes(message)) }
    }

    @Test func `hashes no oftener than it may`() throws {
        for rounds in [16_385, 4_294_967_295, 9_999_999_999] {
            var login = Self.login()
            #expect(throws: PostgreSQLFailure.rounds(rounds)) {
                try login.challenge(Self.bytes("r=\(Self.nonce)x,s=AAAA,i=\(rounds)"))
            }
        }
        var login = Self.login()
        #expect(try login.challenge(Self.bytes("r=\(Self.nonce)x,s=AAAA,i=16384")).rounds == 16_384)
    }

    @Test func `answers no challenge that there was not`() {
        var login = Self.login()
        #expect(throws: PostgreSQLFailure.malformed) { try login.answer(salted: [1]) }
    }

    /// RFC 4648 10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func `writes and reads bytes in letters`(plain: String, letters: String) {
        #expect(Base64.encoded(Array(plain.utf8)) == Array(letters.utf8))
        #expect(Base64.decoded(Array(letters.utf8)) == Array(plain.utf8))
    }

    @Test(arguments: ["A", "AA", "AAA", "A===", "AA=A", "====", "Zg=", "Z g=", "Zm9v=", "AAAA====", "Zh==", "Zm9="])
    func `reads no other letters`(letters: String) {
        #expect(Base64.decoded(Array(letters.utf8)) == nil)
    }
}
