import Heartbeat
import Sealing
import Testing

struct SealingTests {
    @Test(arguments: [
        // RFC 5869 A.1, A.2, A.3: input key, salt, info, output.
        (
            [UInt8](repeating: 0x0B, count: 22), Array(UInt8(0x00)...0x0C), Array(UInt8(0xF0)...0xF9),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
        ),
        (
            Array(UInt8(0x00)...0x4F), Array(UInt8(0x60)...0xAF), Array(UInt8(0xB0)...0xFF),
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
                + "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"
        ),
        (
            [UInt8](repeating: 0x0B, count: 22), [], [],
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
        ),
    ])
    func `derives the keys of RFC 5869`(secret: [UInt8], salt: [UInt8], info: [UInt8], expected: String) {
        let bytes = OpenSSLSealer().derive(secret: secret, salt: salt, info: info, count: expected.count / 2)
        #expect(hex(bytes) == expected)
    }

    /// The nonce of this one begins with four zeros, as ours do; that of 2.8.2 does not.
    @Test func `seals as in RFC 8439 A.5`() {
        let key = OpenSSLSealer().makeKey([
            0x1C, 0x92, 0x40, 0xA5, 0xEB, 0x55, 0xD3, 0x8A, 0xF3, 0x33, 0x88, 0x86, 0x04, 0xF6, 0xB5, 0xF0,
            0x47, 0x39, 0x17, 0xC1, 0x40, 0x2B, 0x80, 0x09, 0x9D, 0xCA, 0x5C, 0xBC, 0x20, 0x70, 0x75, 0xC0,
        ])
        let header: [UInt8] = [0xF3, 0x33, 0x88, 0x86, 0, 0, 0, 0, 0, 0, 0x4E, 0x91]
        let text = """
            Internet-Drafts are draft documents valid for a maximum of six months and may be updated, replaced, or \
            obsoleted by other documents at any time. It is inappropriate to use Internet-Drafts as reference \
            material or to cite them other than as /\u{201C}work in progress./\u{201D}
            """
        let plain = header + Array(text.utf8)
        var buffer = plain + [UInt8](repeating: 0, count: 16)
        key.seal(&buffer, body: 12..<277, sequence: 0x0102_0304_0506_0708)
        #expect(hex(Array(buffer[12..<28])) == "64a0861575861af460f062c79be643bd")
        #expect(hex(Array(buffer[277...])) == "eead9d67890cbb22392336fea1851f38")
        #expect(key.open(&buffer, body: 12..<277, sequence: 0x0102_0304_0506_0708))
        #expect(Array(buffer[..<277]) == plain)
    }

    @Test func `a sealed datagram opens once under its key, its sequence and its header alone`() {
        let key = OpenSSLSealer().makeKey(Array(0..<32))
        var buffer = Frame.makeBuffer()
        for index in 0..<100 { buffer[index] = UInt8(index) }
        let plain = buffer
        key.seal(&buffer, body: 20..<100, sequence: 1)
        #expect(buffer[..<20] == plain[..<20] && buffer[20..<100] != plain[20..<100])
        for wrong in [0, 19, 20, 99, 100, 115] {
            var altered = buffer
            altered[wrong] ^= 1
            #expect(!key.open(&altered, body: 20..<100, sequence: 1), "byte \(wrong)")
        }
        var other = buffer
        #expect(!key.open(&other, body: 20..<100, sequence: 2))
        other = buffer
        #expect(!OpenSSLSealer().makeKey(Array(1...32)).open(&other, body: 20..<100, sequence: 1))
        #expect(key.open(&buffer, body: 20..<100, sequence: 1))
        #expect(buffer[..<100] == plain[..<100])
    }

    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
