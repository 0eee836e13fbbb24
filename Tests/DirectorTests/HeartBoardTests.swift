import Addresses
import CAllocations
import Director
import Election
import Heartbeat
import Sealing
import Simulation
import Testing

/// What the heart publishes after each round must not cost it memory in the next one.
struct HeartBoardTests {
    private typealias Machine = PairMachine<OpenSSLSealer>

    @Test func `10,000 rounds of hearing, refusing and publishing allocate nothing`() throws {
        var now = Instant(nanoseconds: 1_000_000_000)
        var (left, right) = (machine("lb1", "lb2", now), machine("lb2", "lb1", now))
        try meet(&left, &right, now)
        let board = HeartBoard()
        var buffer = Frame.makeBuffer()
        var orders = Orders()
        var blocks: UInt64 = 0
        for round in 0..<10_100 {
            now = now + .milliseconds(100)
            // Swift Testing takes memory for each error that is thrown, so the refusal itself is left out.
            right.receive(&buffer, count: 1, path: 0, now: now, into: &orders)
            let before = callocations_count()
            if let count = left.writeHeartbeat(path: 0, now: now, into: &buffer) {
                right.receive(&buffer, count: count, path: 0, now: now, into: &orders)
            }
            orders.clear()
            board.publish(right, drops: 0, now: now)
            if round >= 100 { blocks += callocations_count() - before }
        }
        #expect(blocks == 0)
        #expect(right.refusals[.tooShort] == 10_100 && right.refusals.total == 10_100)
        #expect(right.peerState == .heard)
    }

    private func machine(_ local: String, _ peer: String, _ now: Instant) -> Machine {
        let peering = Peering(
            identity: .init(pair: "edge", local: local, peer: peer, boot: BootID(high: fingerprint(local), low: 1)),
            sealer: OpenSSLSealer(), keys: [SharedKey(id: 1, secret: [UInt8](repeating: 1, count: 32))])
        let settings = ElectionSettings(
            local: local, peer: peer, interval: .milliseconds(100), misses: 3, paths: 1,
            groups: [ElectionGroup(name: "web"), ElectionGroup(name: "mail")])
        return PairMachine(settings: settings, peering: peering, now: now)
    }

    private func meet(_ left: inout Machine, _ right: inout Machine, _ now: Instant) throws {
        var buffer = Frame.makeBuffer()
        var orders = Orders()
        var random = SplitMix64(seed: 1)
        let length = left.writeHello(path: 0, mac: 0, into: &buffer, random: &random)
        let answer = right.receiveAtDoor(
            &buffer, count: length, path: 0, mac: 0, now: now, random: &random, into: &orders)
        guard case .welcome(let count)? = answer else {
            Issue.record("no welcome")
            return
        }
        let outcome = left.receiveAtDoor(
            &buffer, count: count, path: 0, mac: 0, now: now, random: &random, into: &orders)
        #expect(outcome == .ready)
    }
}
