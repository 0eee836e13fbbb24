import Heartbeat
import Pages
import Simulation
import Testing

/// What a director and a witness say to each other.
struct WitnessBodyTests {
    private static let petition = PetitionBody(
        number: 7, takeoverTime: 1_000_000, grace: 200_000,
        groups: [
            .init(id: 0x2122_2324_2526_2728, term: 5, role: .holding, left: 912_345),
            .init(id: 0x3132_3334_3536_3738, term: 9, role: .claiming),
        ])

    private static let grant = GrantBody(
        number: 7,
        groups: [
            .init(
                id: 0x2122_2324_2526_2728, term: 5, verdict: .granted, left: 1_000_000, holder: 0x4142_4344_4546_4748),
            .init(id: 0x3132_3334_3536_3738, term: 8, verdict: .held, left: 350_000, holder: 0x5152_5354_5556_5758),
        ])

    private static let goldenPetition = """
        01 02 0018                  version 1, petition, fixed part of 24
        02 18 0000                  2 groups of 24
        0000000000000007            request 7
        000f4240 00030d40           takeover time 1,000,000 µs, grace 200,000 µs
        2122232425262728            group
        0000000000000005            term 5
        02 000000 000debd9          holding, 912,345 µs of its grant left
        3132333435363738            group
        0000000000000009            term 9
        01 000000 00000000          claiming, no grant
        """

    private static let goldenGrant = """
        01 03 0010                  version 1, grant, fixed part of 16
        02 20 0000                  2 groups of 32
        0000000000000007            to request 7
        2122232425262728            group
        0000000000000005            term 5
        01 000000 000f4240          granted, for 1,000,000 µs
        4142434445464748            to this director
        3132333435363738            group
        0000000000000008            term 8
        02 000000 00055730          held by another, for 350,000 µs
        5152535455565758            namely this one
        """

    @Test func `a petition is this, byte by byte`() throws {
        let bytes = bytes(ofTable: Self.goldenPetition)
        #expect(encoded { Self.petition.encode(into: &$0, at: 0) } == bytes)
        #expect(try PetitionBody(bytes, bytes.indices) == Self.petition)
    }

    @Test func `a grant is this, byte by byte`() throws {
        let bytes = bytes(ofTable: Self.goldenGrant)
        #expect(encoded { Self.grant.encode(into: &$0, at: 0) } == bytes)
        #expect(try GrantBody(bytes, bytes.indices) == Self.grant)
    }

    @Test func `the page shows these bytes`() {
        let page = Page("Docs/Packet.md").section("## Petition and grant")
        #expect(page.contains("```\n\(Self.goldenPetition)\n```"))
        #expect(page.contains("```\n\(Self.goldenGrant)\n```"))
    }

    @Test func `the fullest of both fit a datagram`() {
        let entries = (0..<32).map { PetitionBody.Entry(id: UInt64($0), term: 1, role: .claiming) }
        let petition = PetitionBody(number: 1, takeoverTime: 1, grace: 1, groups: entries)
        let grant = GrantBody(number: 1, groups: (0..<32).map { .init(id: UInt64($0), verdict: .none) })
        let room = Frame.maximumLength - Frame.headerLength - Frame.sealLength
        #expect(encoded { petition.encode(into: &$0, at: 0) }.count <= room)
        #expect(encoded { grant.encode(into: &$0, at: 0) }.count <= room)
    }

    @Test func `any body comes back as it went`() throws {
        var random = SplitMix64(seed: 4)
        for _ in 0..<500 {
            let groups = Int.random(in: 0...32, using: &random)
            var petition = PetitionBody(number: random.next(), takeoverTime: 5, grace: .max)
            var grant = GrantBody(number: random.next())
            for _ in 0..<groups {
                let term = random.next() >> 2
                petition.groups.append(
                    .init(
                        id: random.next(), term: term, role: .allCases.randomElement(using: &random) ?? .none,
                        left: UInt32.random(in: 0...(.max), using: &random)))
                grant.groups.append(
                    .init(
                        id: random.next(), term: term, verdict: .allCases.randomElement(using: &random) ?? .none,
                        left: UInt32.random(in: 0...(.max), using: &random), holder: random.next()))
            }
            let (asked, answered) = (
                encoded { petition.encode(into: &$0, at: 0) }, encoded { grant.encode(into: &$0, at: 0) }
            )
            #expect(try PetitionBody(asked, asked.indices) == petition)
            #expect(try GrantBody(answered, answered.indices) == grant)
        }
    }

    @Test func `what a later version adds at the ends is skipped`() throws {
        let petition = bytes(ofTable: Self.goldenPetition)
        var later: [UInt8] = [2, 2, 0, 28, 2, 26, 9, 9]
        for part in [petition[8..<24], [9, 9, 9, 9], petition[24..<48], [8, 8], petition[48..<72], [8, 8, 7, 7, 7]] {
            later += part
        }
        #expect(try PetitionBody(later, later.indices) == Self.petition)
        let grant = bytes(ofTable: Self.goldenGrant)
        var laterGrant: [UInt8] = [3, 3, 0, 17, 2, 33, 9, 9]
        for part in [grant[8..<16], [9], grant[16..<48], [8], grant[48..<80], [8, 7]] { laterGrant += part }
        #expect(try GrantBody(laterGrant, laterGrant.indices) == Self.grant)
    }

    @Test func `a role of a later version gives up nothing, and a verdict of one is no grant`() throws {
        var petition = bytes(ofTable: Self.goldenPetition)
        petition[40] = 77
        #expect(try PetitionBody(petition, petition.indices).groups[0].role == .holding)
        var grant = bytes(ofTable: Self.goldenGrant)
        grant[32] = 77
        #expect(try GrantBody(grant, grant.indices).groups[0].verdict == .none)
    }

    @Test func `is refused when cut off at any length`() {
        let (petition, grant) = (bytes(ofTable: Self.goldenPetition), bytes(ofTable: Self.goldenGrant))
        for length in 0..<petition.count {
            #expect(throws: Refusal.malformed) { try PetitionBody(petition, 0..<length) }
        }
        for length in 0..<grant.count {
            #expect(throws: Refusal.malformed) { try GrantBody(grant, 0..<length) }
        }
        #expect(throws: Refusal.malformed) { try PetitionBody(petition, 0..<(petition.count + 1)) }
        #expect(throws: Refusal.malformed) { try PetitionBody(grant, grant.indices) }
        #expect(throws: Refusal.malformed) { try GrantBody(petition, petition.indices) }
    }

    @Test func `33 groups, groups that are too short, and a term beyond all are refused`() {
        let many = [1, 2, 0, 24, 33, 24, 0, 0] + [UInt8](repeating: 1, count: 16 + 33 * 24)
        #expect(throws: Refusal.malformed) { try PetitionBody(many, many.indices) }
        var short = bytes(ofTable: Self.goldenPetition)
        short[5] = 23
        #expect(throws: Refusal.malformed) { try PetitionBody(short, short.indices) }
        var beyond = bytes(ofTable: Self.goldenPetition)
        beyond[32] = 0x80
        #expect(throws: Refusal.malformed) { try PetitionBody(beyond, beyond.indices) }
        var old = bytes(ofTable: Self.goldenPetition)
        old[0] = 0
        #expect(throws: Refusal.malformed) { try PetitionBody(old, old.indices) }
    }

    private func encoded(_ encode: (inout [UInt8]) -> Int) -> [UInt8] {
        var buffer = Frame.makeBuffer()
        return Array(buffer[..<encode(&buffer)])
    }
}
