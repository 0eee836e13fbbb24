import Drills
import Testing

@Suite struct PayloadTests {
    @Test func `no byte of a payload is ASCII`() {
        #expect(Payload(connection: 7).bytes(0..<10_000).allSatisfy { $0 >= 0x80 })
    }

    @Test func `a payload is known at every position and differs between connections`() {
        let payload = Payload(connection: 3)
        let bytes = payload.bytes(500..<900)
        #expect(payload.matches(bytes[...], at: 500))
        #expect(payload.matches(bytes[100...], at: 600))
        #expect(!payload.matches(bytes[...], at: 501))
        #expect(!Payload(connection: 4).matches(bytes[...], at: 500))
    }

    @Test func `one wrong byte is seen`() {
        let payload = Payload(connection: 0)
        var bytes = payload.bytes(0..<100)
        bytes[99] ^= 1
        #expect(!payload.matches(bytes[...], at: 0))
    }

    @Test func `the kernel's counters are found by name`() {
        let text = """
            Ip: Forwarding DefaultTTL
            Ip: 1 64
            Tcp: RtoAlgorithm RetransSegs InErrs
            Tcp: 1 42 0
            Udp: InDatagrams
            """
        #expect(TCPCounters.number("RetransSegs", of: "Tcp", in: text) == 42)
        #expect(TCPCounters.number("RetransSegs", of: "Udp", in: text) == nil)
        #expect(TCPCounters.number("OutRsts", of: "Tcp", in: text) == nil)
    }
}
