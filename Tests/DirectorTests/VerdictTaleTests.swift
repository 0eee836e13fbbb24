import Addresses
import Agreement
import Settings
import Testing

@testable import Checks
@testable import Director

struct VerdictTaleTests {
    func changes(_ count: Int, to verdict: Verdict, from previous: Verdict? = .up) -> [VerdictChange] {
        (0..<count).map { number in
            let address = IPAddress.v4(IPv4Address(number: 0x0A01_0000 + UInt32(number)))
            let server = ServerKey(service: "web", server: Endpoint(address: address, port: 80))
            return VerdictChange(
                server: server, verdict: verdict, previous: previous, at: Instant(nanoseconds: UInt64(number)))
        }
    }

    @Test func `few are told by name and nothing is left to say`() {
        var tale = VerdictTale()
        let few = changes(10, to: .down(.refused))
        #expect(tale.take(few) == few)
        #expect(tale.isRunning)
        let rest = tale.end()
        #expect(rest.names.isEmpty && rest.crowds.isEmpty)
        #expect(!tale.isRunning)
    }

    @Test func `of thousands ten are named and the others counted by their reasons`() {
        var tale = VerdictTale()
        var told = tale.take(changes(4000, to: .down(.refused)))
        told += tale.take(changes(7, to: .down(.connectTimeout)))
        told += tale.take(changes(2, to: .down(.reset)))
        told += tale.take(changes(5, to: .up, from: .down(.refused)))
        told += tale.take(changes(1, to: .down(.unreachable)))
        #expect(told.count == 10)
        let rest = tale.end()
        #expect(rest.names.isEmpty)
        #expect(
            rest.crowds.map(\.description) == [
                "4000 servers more are down: connection refused (3990), \(CheckFailure.connectTimeout) (7), "
                    + "\(CheckFailure.reset) (2), others (1)",
                "5 servers more are up",
            ])
    }

    @Test func `the same reason for all is said once`() {
        var tale = VerdictTale()
        _ = tale.take(changes(12, to: .down(.refused)))
        #expect(tale.end().crowds.map(\.description) == ["2 servers more are down: connection refused"])
    }

    @Test func `one more than are named is named after all`() {
        var tale = VerdictTale()
        let all = changes(11, to: .down(.refused))
        #expect(tale.take(all) == Array(all.prefix(10)))
        let rest = tale.end()
        #expect(rest.names == [all[10]])
        #expect(rest.crowds.isEmpty)
    }

    @Test func `a first good result is no news`() {
        var tale = VerdictTale()
        #expect(tale.take(changes(100, to: .up, from: nil)).isEmpty)
        #expect(!tale.isRunning)
        #expect(tale.take(changes(1, to: .down(.refused), from: nil)).count == 1)
    }

    @Test func `each moment names ten again`() {
        var tale = VerdictTale()
        _ = tale.take(changes(50, to: .down(.refused)))
        _ = tale.end()
        #expect(tale.take(changes(50, to: .up, from: .down(.refused))).count == 10)
    }
}
