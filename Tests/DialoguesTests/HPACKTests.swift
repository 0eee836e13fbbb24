import Dialogues
import Testing

/// RFC 7541's own examples, appendix C, and what it forbids.
struct HPACKTests {
    private static func bytes(_ hex: String) -> [UInt8] {
        let digits = hex.filter { !$0.isWhitespace }.utf8.map { $0 < 0x3A ? $0 - 0x30 : $0 - 0x57 }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    private static func fields(_ pairs: KeyValuePairs<String, String>) -> [HeaderField] {
        pairs.map { HeaderField($0.key, $0.value) }
    }

    /// C.2: each kind of field by itself.
    @Test(arguments: [
        ("400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572", "custom-key", "custom-header", 55),
        ("040c 2f73 616d 706c 652f 7061 7468", ":path", "/sample/path", 0),
        ("1008 7061 7373 776f 7264 0673 6563 7265 74", "password", "secret", 0), ("82", ":method", "GET", 0),
    ])
    func `a field of each kind`(hex: String, name: String, value: String, kept: Int) throws {
        var decoder = HPACKDecoder()
        #expect(try decoder.decode(Self.bytes(hex)) == [HeaderField(name, value)])
        #expect(decoder.keptSize == kept && decoder.kept == (kept > 0 ? [HeaderField(name, value)] : []))
    }

    /// C.3 and C.4: three requests on one connection, as they are and shortened.
    @Test(arguments: [
        [
            "8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d", "8286 84be 5808 6e6f 2d63 6163 6865",
            "8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65",
        ],
        [
            "8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff", "8286 84be 5886 a8eb 1064 9cbf",
            "8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf",
        ],
    ])
    func `requests that refer to each other`(blocks: [String]) throws {
        var decoder = HPACKDecoder()
        let first = Self.fields([
            ":method": "GET", ":scheme": "http", ":path": "/", ":authority": "www.example.com",
        ])
        #expect(try decoder.decode(Self.bytes(blocks[0])) == first)
        #expect(decoder.kept == Self.fields([":authority": "www.example.com"]) && decoder.keptSize == 57)
        #expect(
            try decoder.decode(Self.bytes(blocks[1])) == first + Self.fields(["cache-control": "no-cache"]))
        #expect(decoder.keptSize == 110)
        let third = Self.fields([
            ":method": "GET", ":scheme": "https", ":path": "/index.html", ":authority": "www.example.com",
            "custom-key": "custom-value",
        ])
        #expect(try decoder.decode(Self.bytes(blocks[2])) == third)
        let kept = Self.fields([
            "custom-key": "custom-value", "cache-control": "no-cache", ":authority": "www.example.com",
        ])
        #expect(decoder.kept == kept && decoder.keptSize == 164)
    }

    /// C.5 and C.6: three answers through a table of 256 bytes, from which old fields go.
    @Test(arguments: [
        [
            """
            4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133
            2032 303a 3133 3a32 3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d
            """, "4803 3330 37c1 c0bf",
            """
            88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04 677a
            6970 7738 666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49 553b 206d
            6178 2d61 6765 3d33 3630 303b 2076 6572 7369 6f6e 3d31
            """,
        ],
        [
            """
            4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d
            29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3
            """, "4883 640e ffc1 c0bf",
            """
            88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d
            d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07
            """,
        ],
    ])
    func `answers that fill the table`(blocks: [String]) throws {
        var decoder = HPACKDecoder()
        let (date, later) = ("Mon, 21 Oct 2013 20:13:21 GMT", "Mon, 21 Oct 2013 20:13:22 GMT")
        let place = "https://www.example.com"
        // A table of 256 bytes, which the example has by agreement and says nothing of.
        let small: [UInt8] = [0x3F, 0xE1, 0x01]
        #expect(
            try decoder.decode(small + Self.bytes(blocks[0]))
                == Self.fields([":status": "302", "cache-control": "private", "date": date, "location": place]))
        #expect(decoder.keptSize == 222)
        #expect(
            try decoder.decode(Self.bytes(blocks[1]))
                == Self.fields([":status": "307", "cache-control": "private", "date": date, "location": place]))
        #expect(decoder.kept.first == HeaderField(":status", "307") && decoder.keptSize == 222)
        let cookie = "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1"
        #expect(
            try decoder.decode(Self.bytes(blocks[2]))
                == Self.fields([
                    ":status": "200", "cache-control": "private", "date": later, "location": place,
                    "content-encoding": "gzip", "set-cookie": cookie,
                ]))
        #expect(
            decoder.kept == Self.fields(["set-cookie": cookie, "content-encoding": "gzip", "date": later])
                && decoder.keptSize == 215)
    }

    @Test(arguments: [
        ("no field of that number", "80"), ("beyond the table", "be"), ("a number without end", "ff ff ff ff ff 7f"),
        ("a number that breaks off", "ff"), ("a text that breaks off", "40 05 61 62"), ("no value", "40 01 61"),
        ("a name that is not there", "7e 01 61"), ("a table above what is allowed", "3f e2 1f"),
        ("a size behind a field", "82 3f e1 01"), ("the end-of-string in a text", "00 84 ff ff ff fc 00"),
        ("padding of zeros", "00 81 f0 00"), ("padding of a whole byte", "00 82 1f ff 00"),
    ])
    func `refuses what the rules forbid`(what: String, hex: String) {
        var decoder = HPACKDecoder()
        #expect(throws: HPACKDecoder.Failure.malformed) { try decoder.decode(Self.bytes(hex)) }
    }

    @Test func `a short block that stands for a long list is broken off`() throws {
        var decoder = HPACKDecoder()
        let long = [UInt8](repeating: UInt8(ascii: "a"), count: 4000)
        // 4000 is 127 and 3873: twice seven bits.
        let field: [UInt8] = [0x40, 1, UInt8(ascii: "n"), 0x7F, 0xA1, 0x1E] + long
        #expect(try decoder.decode(field).first?.value.count == 4000)
        #expect(throws: HPACKDecoder.Failure.tooLong) {
            try decoder.decode([UInt8](repeating: 0xBE, count: 16_000))
        }
        #expect(decoder.keptSize <= 4096)
    }

    @Test func `reads what it writes, however long`() throws {
        for count in [0, 1, 126, 127, 128, 254, 255, 300, 2048, 5000] {
            let field = HeaderField(
                String(repeating: "n", count: max(1, count / 2)), String(repeating: "v", count: count))
            var decoder = HPACKDecoder()
            #expect(try decoder.decode([field, field].block) == [field, field], "\(count)")
        }
    }
}
