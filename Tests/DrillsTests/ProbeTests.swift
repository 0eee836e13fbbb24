import Addresses
import Drills
import Testing

@Suite struct ProbeTests {
    private func report(_ answered: [Bool]) -> ProbeReport {
        var record = ProbeRecord()
        for index in answered.indices { record.sent(at: Instant(nanoseconds: UInt64(index + 1) * 1_000_000)) }
        for (index, isAnswered) in answered.enumerated() where isAnswered { record.answered(UInt32(index)) }
        return record.report(target: "192.0.2.10")
    }

    @Test func `a probe that is always answered has no gap`() {
        let report = report([true, true, true])
        #expect(report.sent == 3)
        #expect(report.lost == 0)
        #expect(report.gaps.isEmpty)
    }

    @Test func `a gap lasts from the last answered request to the next one`() {
        let report = report([true, true, false, false, false, true, true])
        #expect(report.lost == 3)
        #expect(report.gaps == [.init(lost: 3, lastAnswered: 2_000_000, firstAnswered: 6_000_000)])
        #expect(report.longest?.lengthMS == 4)
    }

    @Test func `gaps at the beginning and at the end have no length`() {
        let report = report([false, true, false, false])
        #expect(
            report.gaps == [
                .init(lost: 1, lastAnswered: nil, firstAnswered: 2_000_000),
                .init(lost: 2, lastAnswered: 2_000_000, firstAnswered: nil),
            ])
        #expect(report.gaps.allSatisfy { $0.lengthMS == nil })
    }

    @Test func `answers that were never asked for, or came twice, change nothing`() {
        var record = ProbeRecord()
        record.sent(at: Instant(nanoseconds: 1))
        record.answered(7)
        #expect(!record.isComplete)
        record.answered(0)
        record.answered(0)
        #expect(record.isComplete)
        #expect(record.report(target: "").lost == 0)
    }

    @Test func `an echo request for IPv4 carries its checksum`() {
        let message = EchoMessage(isAnswer: false, identifier: 0x1234, number: 0x0001_0002)
        #expect(message.bytes(.v4) == [8, 0, 0xE5, 0xC6, 0x12, 0x34, 0, 2, 0, 1, 0, 2])
        #expect(message.bytes(.v6) == [128, 0, 0, 0, 0x12, 0x34, 0, 2, 0, 1, 0, 2])
    }

    @Test(arguments: [AddressFamily.v4, .v6], [true, false])
    func `an echo message comes back as it was`(family: AddressFamily, isAnswer: Bool) {
        let message = EchoMessage(isAnswer: isAnswer, identifier: 9, number: .max)
        let header: [UInt8] = family == .v4 ? [0x45] + [UInt8](repeating: 0, count: 19) : []
        let packet = header + message.bytes(family)
        #expect(EchoMessage(packet: packet[...], family) == message)
        for length in packet.indices { #expect(EchoMessage(packet: packet.prefix(length), family) == nil) }
    }

    @Test func `other ICMP messages are no echo`() {
        #expect(EchoMessage(packet: [3, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 1][...], .v6) == nil)
        #expect(EchoMessage(packet: [0x4F, 0, 0][...], .v4) == nil)
    }
}
