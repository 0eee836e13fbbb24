import Election
import Heartbeat
import Sealing
import Testing

/// A rolling upgrade: beside a director of a later version there is one active, and its words count as life.
struct LaterVersionTests {
    private static let key = SharedKey(id: 1, secret: [UInt8](repeating: 1, count: 32))

    /// The roles as they are, and with numbers that this version does not know.
    private static let versions: [LaterVersion] = [
        LaterVersion(numbers: [:]),
        LaterVersion(numbers: [.waiting: 64, .backup: 65, .claiming: 192, .active: 200, .giving: 201, .releasing: 128]),
        LaterVersion(numbers: [.backup: 127, .active: 8, .moving: 190]),
    ]

    @Test(arguments: [0, 1], versions.indices)
    func `there is one active beside a later version, and both are heard`(later: Int, version: Int) throws {
        var duo = duo(later: later, Self.versions[version])
        duo.run(from: .zero, until: .seconds(3)) { #expect($0.actives <= 1) }
        #expect(duo.actives == 1 && duo.parties[0].machine.groups[0].role == .active)
        for party in duo.parties {
            #expect(party.machine.peerState == .heard && party.machine.refusals.total == 0)
        }
    }

    @Test(arguments: [0, 1], versions.indices)
    func `a later version gets the group and gives it back`(later: Int, version: Int) throws {
        var duo = duo(later: later, Self.versions[version])
        duo.run(from: .zero, until: .seconds(3))
        for (round, index) in [0, 1].enumerated() {
            let time = Duration.seconds(3 + 5 * round)
            duo.handOver(index, at: time)
            duo.run(from: time, until: time + .seconds(5)) { #expect($0.actives <= 1) }
            #expect(duo.actives == 1)
            // Who offers the group in a role of a new number keeps it; who has no such role has handed it over.
            let isUnderstood = index != later || Self.versions[version].numbers[.giving] == nil
            if round == 0 { #expect((duo.parties[1].machine.groups[0].role == .active) == isUnderstood) }
        }
    }

    @Test(arguments: [0, 1])
    func `a later version that falls silent is replaced`(later: Int) throws {
        var duo = duo(later: later, Self.versions[1])
        duo.run(from: .zero, until: .seconds(3))
        duo.wire = { _, _ in [] }
        duo.run(from: .seconds(3), until: .seconds(5))
        #expect(duo.parties.allSatisfy { $0.machine.groups[0].role == .active && $0.machine.peerState == .lost })
        let survivors = duo.parties.map { $0.machine.groups[0].term }
        #expect(survivors[1] > survivors[0])
    }

    /// One of the two speaks as the later version would; both understand this one.
    private func duo(later: Int, _ version: LaterVersion) -> Duo {
        var reader = Opened(secret: Self.key.secret)
        var duo = Duo(key: Self.key)
        duo.wire = { isFromFirst, datagram in
            // lb2's hello is the one that is answered.
            let plain = reader.open(datagram, fromCaller: !isFromFirst)
            let isData = datagram[4..<12].contains { $0 != 0 }
            guard isData, isFromFirst == (later == 0), let plain else { return datagram }
            return reader.seal(version.rewrite(Array(plain.dropLast(Frame.sealLength))), fromCaller: !isFromFirst)
                ?? datagram
        }
        return duo
    }
}
