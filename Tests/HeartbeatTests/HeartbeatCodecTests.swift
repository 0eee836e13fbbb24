import Heartbeat
import Simulation
import Testing

struct HeartbeatCodecTests {
    private static let sample: Heartbeat = {
        var heartbeat = Heartbeat()
        heartbeat.sentAt = 0x0102_0304_0506_0708
        heartbeat.echo = 0x1112_1314_1516_1718
        heartbeat.echoHeld = 1500
        heartbeat.interval = 100_000
        heartbeat.lateness = 250
        heartbeat.isLeaving = true
        heartbeat.connections = 42
        heartbeat.configurationDigest = 0xC0
        heartbeat.desiredTableDigest = 0xD0
        heartbeat.kernelTableDigest = 0xE0
        var group = GroupBeat(id: 0x2122_2324_2526_2728, term: 7, role: .active, fitness: 100, leaseLeft: 2_000_000)
        group.isAsking = true
        group.mac = 0x02_42_AC_11_00_02
        heartbeat.groups = [group]
        heartbeat.wish = wish
        heartbeat.patience = 5_000_000
        heartbeat.latenessNow = 17
        heartbeat.latenessOfSecond = 33
        heartbeat.latenessOfMinute = 4400
        heartbeat.youngConnections = 3
        heartbeat.round = 99
        heartbeat.pathsHeard = 0x8003
        heartbeat.verdictDigest = 0xF0
        return heartbeat
    }()

    private static let wish: Wish = {
        var wish = Wish(.pause)
        wish.stamp = 0x3132_3334_3536_3738
        wish.isOn = true
        wish.isEstimate = true
        wish.uid = 1000
        wish.length = 7200
        wish.left = 7_199_000
        wish.reason = ShortText("new fan")
        return wish
    }()

    private static let golden = """
        01 00 00be                  version 1, heartbeat, fixed part of 190
        01 1e 0001                  1 group of 30, leaving
        0102030405060708            sent at
        1112131415161718            echo
        000005dc 000186a0           echo held 1,500 µs, interval 100,000 µs
        000000fa 0000002a           lateness 250 µs, 42 connections
        00000000000000c0            configuration
        00000000000000d0            desired table
        00000000000000e0            kernel's table
        3132333435363738            stamp of the wish
        00 05 00 07                 pause, on and estimated, reason of 7
        6e65772066616e00 0000000000000000 0000000000000000 0000000000000000
        0000000000000000 0000000000000000 0000000000000000 0000000000000000
        000003e8 00001c20 006dd918  uid 1000, 7,200 s, 7,199,000 ms left
        004c4b40                    patience 5,000,000 µs
        00000011 00000021 00001130  lateness 17 µs now, 33 µs in a second, 4,400 µs in a minute
        00000003                    3 young connections
        0000000000000063            round 99
        8003                        paths 0 and 1 heard
        00000000000000f0            verdicts
        2122232425262728            group
        0000000000000007            term 7
        03 64 0001 001e8480         active, fitness 100, asking, 2,000,000 µs of lease left
        0242ac110002                link-layer address
        """

    /// Where the first group stands: behind the fixed part, whose length the body says.
    private static let groupStart = bytes(ofTable: golden)[2...3].reduce(0) { $0 << 8 | Int($1) }

    @Test func `a body is this, byte by byte`() throws {
        let bytes = bytes(ofTable: Self.golden)
        var buffer = Frame.makeBuffer()
        #expect(Self.sample.encode(into: &buffer, at: 0) == bytes.count)
        #expect(Array(buffer[..<bytes.count]) == bytes)
        #expect(try decoded(bytes) == Self.sample)
    }

    @Test func `any body comes back as it went`() throws {
        var random = SplitMix64(seed: 1)
        for _ in 0..<500 {
            let heartbeat = anyHeartbeat(&random)
            var buffer = Frame.makeBuffer()
            let length = heartbeat.encode(into: &buffer, at: 20)
            var read = Heartbeat()
            try read.decode(buffer, 20..<(20 + length))
            #expect(read == heartbeat)
        }
    }

    @Test func `is refused when cut off at any length`() {
        let bytes = bytes(ofTable: Self.golden)
        for length in 0..<bytes.count {
            #expect(throws: Refusal.malformed) { try decoded(Array(bytes[..<length])) }
        }
    }

    @Test func `a later version with a longer fixed part and longer groups is read`() throws {
        var bytes = bytes(ofTable: Self.golden)
        bytes[0] = 2
        bytes[3] = UInt8(Self.groupStart + 8)
        bytes[4] = 2
        bytes[5] = 34
        let group = Array(bytes[Self.groupStart...]) + [0xAA, 0xBB, 0xCC, 0xDD]
        bytes = Array(bytes[..<Self.groupStart]) + [UInt8](repeating: 0xEE, count: 8) + group + group + [0xFF]
        let read = try decoded(bytes)
        #expect(read.groups == [Self.sample.groups[0], Self.sample.groups[0]])
        #expect(read.sentAt == Self.sample.sentAt && read.isLeaving && read.wish == Self.wish)
    }

    @Test(arguments: [64, 151, 172, 179, 181])
    func `an earlier version with a shorter fixed part carries no wish, no round or no paths`(length: Int) throws {
        var bytes = bytes(ofTable: Self.golden)
        bytes[3] = UInt8(length)
        bytes = Array(bytes[..<length]) + Array(bytes[Self.groupStart...])
        let read = try decoded(bytes)
        #expect((read.wish == nil) == (length < 152) && (read.patience == 0) == (length < 156))
        #expect((read.round == 0) == (length < 180) && read.pathsHeard == 0 && read.groups == Self.sample.groups)
    }

    @Test func `an earlier version's shorter groups carry no link-layer address`() throws {
        var bytes = bytes(ofTable: Self.golden)
        bytes[5] = 24
        bytes = Array(bytes.dropLast(6))
        var group = Self.sample.groups[0]
        group.mac = 0
        #expect(try decoded(bytes).groups == [group])
    }

    @Test func `a heartbeat of as many groups as there may be fits a datagram`() {
        var heartbeat = Self.sample
        heartbeat.groups = Array(repeating: Self.sample.groups[0], count: Heartbeat.maximumGroups)
        var buffer = Frame.makeBuffer()
        let length = heartbeat.encode(into: &buffer, at: Frame.headerLength)
        #expect(Frame.headerLength + length + Frame.sealLength <= Frame.maximumLength)
    }

    @Test func `a wish about a later version's subject is skipped, and one that is too long is cut down`() throws {
        var bytes = bytes(ofTable: Self.golden)
        bytes[144] = 0xFF
        bytes[148] = 0xFF
        #expect(try decoded(bytes).wish?.length == Wish.longestPause)
        #expect(try decoded(bytes).wish?.left == Wish.longestPause * 1000)
        bytes[72] = 9
        #expect(try decoded(bytes).wish == nil)
    }

    @Test(arguments: [(64, 0xFF), (75, 65)])
    func `a wish that cannot be read costs nothing but itself`(offset: Int, value: UInt8) throws {
        var bytes = bytes(ofTable: Self.golden)
        bytes[offset] = value
        let read = try decoded(bytes)
        #expect(read.wish == nil && read.groups == Self.sample.groups && read.patience == Self.sample.patience)
    }

    /// A later version must still be believed to hold what it holds: two actives are worse than none.
    @Test(
        arguments: [
            (8, Role.active), (63, Role.active), (64, Role.waiting), (127, Role.waiting), (128, Role.releasing),
            (191, Role.releasing), (192, Role.active), (255, Role.active),
        ] as [(UInt8, Role)])
    func `a later version's role is read as what it amounts to`(number: UInt8, role: Role) throws {
        var bytes = bytes(ofTable: Self.golden)
        bytes[Self.groupStart + 16] = number
        let read = try decoded(bytes)
        #expect(read.groups[0].role == role && read.groups[0].term == Self.sample.groups[0].term)
    }

    @Test func `roles go over the wire as they are`() throws {
        for role in Role.allCases {
            var bytes = bytes(ofTable: Self.golden)
            bytes[Self.groupStart + 16] = role.rawValue
            #expect(try decoded(bytes).groups[0].role == role)
        }
    }

    @Test func `a fitness beyond all measure is a whole one`() throws {
        var bytes = bytes(ofTable: Self.golden)
        bytes[Self.groupStart + 17] = 255
        #expect(try decoded(bytes).groups[0].fitness == 100)
    }

    @Test func `a reason is cut at a whole character, and shown without control characters`() {
        #expect(ShortText(String(repeating: "é", count: 40)).text == String(repeating: "é", count: 32))
        #expect(ShortText("a" + String(repeating: "é", count: 40)).text == "a" + String(repeating: "é", count: 31))
        #expect(ShortText("red\u{1B}[31m\n").text == "red [31m ")
    }

    @Test(
        arguments: [(0, 0), (1, 1), (3, 63), (4, 2), (4, 33), (5, 23), (groupStart + 8, 0xFF)] as [(Int, UInt8)])
    func `is refused with a wrong byte`(offset: Int, value: UInt8) {
        var bytes = bytes(ofTable: Self.golden)
        bytes[offset] = value
        #expect(throws: Refusal.malformed) { try decoded(bytes) }
    }

    @Test func `100,000 mutations are read or refused`() {
        var random = SplitMix64(seed: 2)
        let original = bytes(ofTable: Self.golden)
        var heartbeat = Heartbeat()
        var refused = 0
        for _ in 0..<100_000 {
            var bytes = original
            for _ in 0...(random.next() % 3) {
                bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            let length = random.next() % 8 == 0 ? Int(random.next() % UInt64(bytes.count)) : bytes.count
            do {
                try heartbeat.decode(bytes, 0..<length)
            } catch {
                refused += 1
            }
        }
        #expect(refused > 10_000 && refused < 100_000)
    }

    private func decoded(_ bytes: [UInt8]) throws(Refusal) -> Heartbeat {
        var heartbeat = Heartbeat()
        try heartbeat.decode(bytes, 0..<bytes.count)
        return heartbeat
    }

    private func anyHeartbeat(_ random: inout SplitMix64) -> Heartbeat {
        var heartbeat = Heartbeat()
        heartbeat.sentAt = random.next()
        heartbeat.echo = random.next()
        heartbeat.echoHeld = UInt32(truncatingIfNeeded: random.next())
        heartbeat.interval = UInt32(truncatingIfNeeded: random.next())
        heartbeat.lateness = UInt32(truncatingIfNeeded: random.next())
        heartbeat.connections = UInt32(truncatingIfNeeded: random.next())
        heartbeat.isLeaving = random.next() & 1 == 0
        heartbeat.patience = UInt32(truncatingIfNeeded: random.next())
        heartbeat.latenessOfMinute = UInt32(truncatingIfNeeded: random.next())
        heartbeat.kernelTableDigest = random.next()
        heartbeat.pathsHeard = UInt16(truncatingIfNeeded: random.next())
        heartbeat.wish = random.next() & 1 == 0 ? nil : anyWish(&random)
        heartbeat.groups = (0..<(random.next() % 33)).map { _ in
            var group = GroupBeat(
                id: random.next(), term: random.next() >> 2, role: Role(rawValue: UInt8(random.next() % 8)) ?? .backup,
                fitness: UInt8(random.next() % 101), leaseLeft: UInt32(truncatingIfNeeded: random.next()))
            group.mac = random.next() >> 16
            return group
        }
        return heartbeat
    }

    private func anyWish(_ random: inout SplitMix64) -> Wish {
        var wish = Wish(Wish.Subject(rawValue: UInt8(random.next() % 3)) ?? .pause)
        wish.stamp = 1 + random.next() >> 3
        wish.isOn = random.next() & 1 == 0
        wish.isFromFirst = random.next() & 1 == 0
        wish.uid = UInt32(truncatingIfNeeded: random.next())
        wish.length = UInt32(random.next() % 604_801)
        wish.left = wish.length * 1000
        wish.reason = ShortText(String(repeating: "ü", count: Int(random.next() % 40)))
        return wish
    }
}
