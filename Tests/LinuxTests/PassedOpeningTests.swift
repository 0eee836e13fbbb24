import Addresses
import Linux
import Testing

@Suite struct PassedOpeningTests {
    private static let ethernet: [UInt8] = [2, 0, 0, 0, 0, 0x21, 2, 0, 0, 0, 0, 0x02]
    private static let syn = tcp(flags: 0x02)

    private static func tcp(flags: UInt8) -> [UInt8] {
        [0x9C, 0x40, 0, 80, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, flags, 0xFF, 0xFF, 0, 0, 0, 0]
    }

    private static func v4(_ kind: UInt8, _ from: [UInt8], _ to: [UInt8], _ payload: [UInt8]) -> [UInt8] {
        [0x45, 0, 0, UInt8(20 + payload.count), 0, 0, 0, 0, 64, kind, 0, 0] + from + to + payload
    }

    private static func v6(_ kind: UInt8, _ from: UInt8, _ to: UInt8, _ payload: [UInt8]) -> [UInt8] {
        let prefix: [UInt8] = [0x20, 0x01, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11)
        return [0x60, 0, 0, 0, 0, UInt8(payload.count), kind, 64] + prefix + [from] + prefix + [to] + payload
    }

    private static let inner4 = v4(6, [192, 0, 2, 100], [192, 0, 2, 10], syn)
    private static let inner6 = v6(6, 0x64, 0x0A, syn)
    private let client = Endpoint("192.0.2.100:40000")
    private let service = Endpoint("192.0.2.10:80")

    private func read(_ packet: [UInt8], type: [UInt8] = [8, 0]) -> PassedOpening? {
        PassedOpening(frame: (Self.ethernet + type + packet)[...])
    }

    @Test func `a SYN on its way to a server by direct routing tells client, service and link`() {
        let opening = read(Self.inner4)
        #expect(opening?.client == client && opening?.service == service)
        #expect(opening?.way == .link(MACAddress(number: 0x0200_0000_0021)))
    }

    @Test func `a SYN of IPv6 is read`() {
        let opening = read(Self.inner6, type: [0x86, 0xDD])
        #expect(opening?.client == Endpoint("[2001:db8::64]:40000"))
        #expect(opening?.service == Endpoint("[2001:db8::a]:80"))
    }

    @Test func `a SYN in a tunnel tells the server`() {
        let opening = read(Self.v4(4, [192, 0, 2, 2], [10, 1, 0, 41], Self.inner4))
        #expect(opening?.client == client && opening?.service == service)
        #expect(opening?.way == .tunnel(.v4(IPv4Address(number: 0x0A01_0029))))
        let six = read(Self.v6(41, 2, 0x29, Self.inner6), type: [0x86, 0xDD])
        #expect(six?.service == Endpoint("[2001:db8::a]:80"))
        #expect(six?.way == IPAddress("2001:db8::29").map { .tunnel($0) })
    }

    @Test(arguments: [0x12, 0x10, 0x04, 0x11, 0x00] as [UInt8])
    func `nothing but a SYN begins a connection`(flags: UInt8) {
        #expect(read(Self.v4(6, [192, 0, 2, 100], [192, 0, 2, 10], Self.tcp(flags: flags))) == nil)
    }

    @Test func `frames cut short at any length, and other traffic, are nothing`() {
        for packet in [Self.inner4, Self.v4(4, [1, 1, 1, 1], [2, 2, 2, 2], Self.inner4), Self.inner6] {
            for length in 0..<packet.count { #expect(read(Array(packet[..<length])) == nil) }
        }
        #expect(read(Self.v4(17, [192, 0, 2, 100], [192, 0, 2, 10], Self.syn)) == nil)
        #expect(
            read(Self.v4(4, [1, 1, 1, 1], [2, 2, 2, 2], Self.v4(4, [1, 1, 1, 1], [2, 2, 2, 2], Self.inner4))) == nil)
    }
}
