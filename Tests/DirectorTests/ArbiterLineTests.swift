import Addresses
import Agreement
import Linux
import Settings
import Testing

@testable import Checks
@testable import Director

struct ArbiterLineTests {
    private static func change(_ number: Int, _ verdict: Verdict, at moment: Int) -> VerdictChange {
        let address = IPAddress.v4(IPv4Address(number: 0x0A01_0000 + UInt32(number)))
        let server = ServerKey(service: "web", server: Endpoint(address: address, port: 80))
        return VerdictChange(
            server: server, verdict: verdict, previous: nil, at: Instant(nanoseconds: UInt64(moment)))
    }

    @Test func `what waits is one batch in the order in which it came`() throws {
        let line = ArbiterLine(try Wakeup())
        let first = (0..<3).map { Self.change($0, .up, at: $0) }
        let second = (0..<3).map { Self.change($0, .down(.refused), at: $0 + 3) }
        line.put(first)
        line.put(second)
        #expect(line.take().verdicts == first + second)
        #expect(line.take().isEmpty)
    }

    @Test func `of a server's advice the newest counts`() throws {
        let line = ArbiterLine(try Wakeup())
        let server = Self.change(1, .up, at: 0).server
        line.put([server: Advice(percent: 50)])
        line.put([server: Advice(percent: 20)])
        #expect(line.take().advice == [server: Advice(percent: 20)])
        #expect(line.take().isEmpty)
    }

    @Test func `whoever is busy for long finds the last verdict of each server and no more`() throws {
        let line = ArbiterLine(try Wakeup())
        let count = ArbiterLine.longest / 2
        line.put((0..<count).map { Self.change($0, .down(.refused), at: 1) })
        line.put((0..<count).map { Self.change($0, .up, at: 2) })
        line.put([Self.change(0, .down(.reset), at: 3)])
        let waiting = line.take().verdicts
        #expect(waiting.count == count)
        #expect(waiting.last == Self.change(0, .down(.reset), at: 3))
        #expect(waiting.dropLast().allSatisfy { $0.verdict.isUp })
    }
}
