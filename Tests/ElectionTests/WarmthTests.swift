import Election
import Heartbeat
import Testing

struct WarmthTests {
    private func heartbeat(table: UInt64 = 7, connections: UInt32, young: UInt32 = 0) -> Heartbeat {
        var heartbeat = Heartbeat()
        heartbeat.kernelTableDigest = table
        heartbeat.connections = connections
        heartbeat.youngConnections = young
        return heartbeat
    }

    @Test(
        arguments: [
            (1000, 0, 1000, true), (1000, 0, 990, true), (1000, 0, 989, false), (1000, 0, 2000, true), (0, 0, 0, true),
            (50, 0, 49, false), (50, 5, 45, true), (10, 300, 0, true), (.max, 0, .max, true),
        ] as [(UInt32, UInt32, UInt32, Bool)])
    func `a taker is warm that knows 99 % of what is not young`(
        held: UInt32, young: UInt32, known: UInt32, isWarm: Bool
    ) {
        let warmth = Warmth(
            holder: heartbeat(connections: held, young: young), taker: heartbeat(connections: known))
        #expect(warmth.isWarm == isWarm)
    }

    @Test func `a taker with another table is not warm, whatever it knows`() {
        let warmth = Warmth(holder: heartbeat(connections: 0), taker: heartbeat(table: 8, connections: 9))
        #expect(!warmth.isWarm && !warmth.holdsTable)
    }
}
