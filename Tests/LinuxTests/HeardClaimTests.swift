import Addresses
import Linux
import Testing

@Suite struct HeardClaimTests {
    let mac = MACAddress(number: 0x0200_5E00_0A01)
    let v4 = IPv4Address(number: 0xC000_020A)
    let v6 = IPv6Address(high: 0x2001_0DB8_0000_0000, low: 0x10)

    private func arp(_ form: AnnouncementFrames.ARPForm = .reply) -> [UInt8] {
        var frame: [UInt8] = []
        AnnouncementFrames.gratuitousARP(form, for: v4, at: mac, into: &frame)
        return frame
    }

    private func advertisement() -> [UInt8] {
        var frame: [UInt8] = []
        AnnouncementFrames.unsolicitedAdvertisement(for: v6, at: mac, into: &frame)
        return frame
    }

    @Test(arguments: AnnouncementFrames.ARPForm.allCases)
    func `hears both forms of ARP`(form: AnnouncementFrames.ARPForm) {
        #expect(HeardClaim(frame: arp(form)) == HeardClaim(address: .v4(v4), mac: mac))
    }

    @Test func `hears an advertisement`() {
        #expect(HeardClaim(frame: advertisement()) == HeardClaim(address: .v6(v6), mac: mac))
    }

    @Test func `padding behind a frame does not matter`() {
        #expect(HeardClaim(frame: arp() + Array(repeating: 0, count: 18)) != nil)
        #expect(HeardClaim(frame: advertisement() + [1, 2, 3]) != nil)
    }

    @Test func `probes claim nothing`() {
        var frame: [UInt8] = []
        AnnouncementFrames.arpProbe(for: v4, from: mac, into: &frame)
        #expect(HeardClaim(frame: frame) == nil)
        AnnouncementFrames.solicitationProbe(for: v6, from: mac, into: &frame)
        #expect(HeardClaim(frame: frame) == nil)
    }

    @Test func `a frame cut short anywhere is no claim`() {
        for frame in [arp(), advertisement()] {
            for length in 0..<frame.count {
                #expect(HeardClaim(frame: frame.prefix(length)) == nil, "\(length) bytes")
            }
        }
    }

    @Test func `a changed byte of an advertisement spoils its checksum`() {
        // From the payload length to the end; not the 4 bytes of traffic class and flow label.
        for index in 18..<advertisement().count {
            var frame = advertisement()
            frame[index] ^= 0x01
            #expect(HeardClaim(frame: frame) == nil, "byte \(index)")
        }
    }

    @Test func `an answer need not say the link-layer address, for it comes from there`() {
        let bare = advertisement(withOption: false)
        #expect(HeardClaim(frame: bare) == nil)
        #expect(HeardClaim(frame: bare, isAnswer: true) == HeardClaim(address: .v6(v6), mac: mac))
    }

    /// Two frames, because the option counts in length and checksum.
    private func advertisement(withOption: Bool) -> [UInt8] {
        var frame = advertisement()
        guard !withOption else { return frame }
        frame.removeLast(8)
        frame[19] = 24
        // What the option, its length in the pseudo header among it, had added to the sum.
        let gone = [UInt32(0x0201), 0x0200, 0x5E00, 0x0A01, 8].reduce(0, +)
        var sum = UInt32(~(UInt16(frame[56]) << 8 | UInt16(frame[57])))
        sum = sum + 0xFFFF * 4 - gone
        while sum > 0xFFFF { sum = sum >> 16 + sum & 0xFFFF }
        let checksum = ~UInt16(sum)
        frame[56] = UInt8(checksum >> 8)
        frame[57] = UInt8(checksum & 0xFF)
        return frame
    }

    @Test func `an option of length zero does not hold the reader`() {
        var frame = advertisement()
        frame[79] = 0
        #expect(HeardClaim(frame: frame) == nil)
    }

    @Test func `any bytes are survived`() {
        var seed: UInt64 = 1
        for _ in 0..<20_000 {
            var frame = seed % 2 == 0 ? arp() : advertisement()
            for _ in 0..<4 {
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                frame[Int(seed >> 33) % frame.count] = UInt8(truncatingIfNeeded: seed >> 20)
            }
            _ = HeardClaim(frame: frame.prefix(Int(seed >> 40) % 100))
        }
    }
}
