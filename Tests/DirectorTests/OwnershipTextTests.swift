import Addresses
import Balancing
import Director
import Settings
import Testing

struct OwnershipTextTests {
    private static let services: Set<ServiceIdentity> = {
        var services: Set<ServiceIdentity> = [.mark(7, .v4), .mark(7, .v6), .mark(8, .v6)]
        for (number, transport) in TransportProtocol.allCases.enumerated() {
            for text in ["192.0.2.10:80", "[2001:db8::10]:443"] {
                guard var endpoint = Endpoint(text) else { continue }
                endpoint.port += UInt16(number)
                services.insert(.endpoint(transport, endpoint))
            }
        }
        return services
    }()

    private static let page = OwnershipText.text(services, boot: "3b4c").bytes

    private func read(_ bytes: [UInt8]) throws(StateDamage) -> (Set<ServiceIdentity>, boot: String) {
        try OwnershipText.services(
            StateText(bytes, kind: OwnershipText.kind, version: OwnershipText.version, limit: OwnershipText.limit))
    }

    @Test func `services come back as they went, with the boot they belong to`() throws {
        #expect(Self.services.count == 9)
        let (services, boot) = try read(Self.page)
        #expect(services == Self.services && boot == "3b4c")
        #expect(
            String(decoding: Self.page, as: UTF8.self).hasPrefix("tandem services 1\nboot 3b4c\ntcp 192.0.2.10:80\n"))
    }

    @Test func `a file that was cut at any length, or in which a bit changed, is refused`() {
        for length in Self.page.indices {
            #expect(throws: StateDamage.self) { try read(Array(Self.page[..<length])) }
            var bytes = Self.page
            bytes[length] ^= 0x10
            #expect(throws: StateDamage.self) { try read(bytes) }
        }
    }

    @Test(arguments: [
        "tcp 192.0.2.10:80", "boot x\ntcp 192.0.2.10", "boot x\nicmp 192.0.2.10:80", "boot x\nmark4 -1",
        "boot x\nmark4 4294967296", "boot x\ntcp 192.0.2.10:80\ntcp 192.0.2.10:80", "boot x\nmark5 1", "services 1",
    ])
    func `refuses lines that no tandemd writes`(lines: String) {
        let parts = lines.split(separator: "\n").map { line in
            let words = line.split(separator: " ", maxSplits: 1).map(String.init)
            return StateText.Line(words[0], words.count > 1 ? words[1] : "")
        }
        let bytes = StateText(kind: OwnershipText.kind, version: OwnershipText.version, lines: parts).bytes
        #expect(throws: StateDamage.self) { try read(bytes) }
    }

    @Test func `a hundred thousand services have room`() {
        var services: Set<ServiceIdentity> = []
        for number in 0..<100_000 {
            let address = IPv6Address(high: 0xFEDC_BA98_7654_3210, low: UInt64.max - UInt64(number))
            services.insert(.endpoint(.sctp, Endpoint(address: .v6(address), port: 65535)))
        }
        #expect(OwnershipText.text(services, boot: String(repeating: "x", count: 36)).bytes.count < OwnershipText.limit)
    }
}
