import Addresses
import Linux
import Testing

@Suite struct AnnouncementFramesTests {
    let mac = MACAddress(number: 0x0200_5E00_0A01)
    let v4 = IPv4Address(number: 0xC000_020A)
    let v6 = IPv6Address(high: 0x2001_0DB8_0000_0000, low: 0x10)

    @Test(arguments: [(AnnouncementFrames.ARPForm.request, "01"), (.reply, "02")])
    func `a gratuitous ARP names the sender twice`(form: AnnouncementFrames.ARPForm, operation: String) {
        var frame: [UInt8] = []
        AnnouncementFrames.gratuitousARP(form, for: v4, at: mac, into: &frame)
        #expect(
            hex(frame)
                == join(
                    "ff ff ff ff ff ff",  // to everybody
                    "02 00 5e 00 0a 01",  // from us
                    "08 06",  // ARP
                    "00 01 08 00 06 04",  // Ethernet, IPv4, their lengths
                    "00 \(operation)",
                    "02 00 5e 00 0a 01 c0 00 02 0a",  // sender: us, 192.0.2.10
                    "02 00 5e 00 0a 01 c0 00 02 0a"))  // target: the same
    }

    @Test func `an ARP probe claims nothing`() {
        var frame: [UInt8] = []
        AnnouncementFrames.arpProbe(for: v4, from: mac, into: &frame)
        #expect(
            hex(frame)
                == join(
                    "ff ff ff ff ff ff", "02 00 5e 00 0a 01", "08 06", "00 01 08 00 06 04", "00 01",
                    "02 00 5e 00 0a 01 00 00 00 00",  // sender without an address
                    "00 00 00 00 00 00 c0 00 02 0a"))  // who has 192.0.2.10
    }

    @Test func `an unsolicited advertisement overrides and goes to all nodes`() {
        var frame: [UInt8] = []
        AnnouncementFrames.unsolicitedAdvertisement(for: v6, at: mac, into: &frame)
        #expect(
            hex(frame)
                == join(
                    "33 33 00 00 00 01",  // ff02::1
                    "02 00 5e 00 0a 01", "86 dd",
                    "60 00 00 00 00 20 3a ff",  // 32 bytes of ICMPv6, hop limit 255
                    "20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 10",  // from the address itself
                    "ff 02 00 00 00 00 00 00 00 00 00 00 00 00 00 01",
                    "88 00 91 0c",  // advertisement, checksum
                    "20 00 00 00",  // Override
                    "20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 10",  // target
                    "02 01 02 00 5e 00 0a 01"))  // target link-layer address
        #expect(frame.count == AnnouncementFrames.longest)
    }

    @Test func `a solicitation probe comes from nobody`() {
        var frame: [UInt8] = []
        AnnouncementFrames.solicitationProbe(for: v6, from: mac, into: &frame)
        #expect(
            hex(frame)
                == join(
                    "33 33 ff 00 00 10",  // ff02::1:ff00:10
                    "02 00 5e 00 0a 01", "86 dd",
                    "60 00 00 00 00 18 3a ff",  // 24 bytes
                    "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00",  // ::
                    "ff 02 00 00 00 00 00 00 00 00 00 01 ff 00 00 10",
                    "87 00 4c cf",  // solicitation, checksum
                    "00 00 00 00", "20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 10"))
    }

    @Test func `an ARP question goes to one host or to all, and says where to answer`() {
        var frame: [UInt8] = []
        let router = MACAddress(number: 0x0200_5E00_0001)
        AnnouncementFrames.arpQuestion(
            about: v4, at: router, from: IPv4Address(number: 0xC000_0202), mac, into: &frame)
        #expect(
            hex(frame)
                == join(
                    "02 00 5e 00 00 01", "02 00 5e 00 0a 01", "08 06", "00 01 08 00 06 04", "00 01",
                    "02 00 5e 00 0a 01 c0 00 02 02", "00 00 00 00 00 00 c0 00 02 0a"))
        AnnouncementFrames.arpQuestion(about: v4, at: nil, from: v4, mac, into: &frame)
        #expect(hex(frame).hasPrefix("ff ff ff ff ff ff"))
    }

    @Test func `a solicitation goes to one host or to those it may be, and says where to answer`() {
        var frame: [UInt8] = []
        let own = IPv6Address(high: 0x2001_0DB8_0000_0000, low: 0x2)
        let router = MACAddress(number: 0x0200_5E00_0001)
        AnnouncementFrames.solicitation(about: v6, at: router, from: own, mac, into: &frame)
        #expect(frame.count == AnnouncementFrames.longest)
        #expect(hex(frame).hasPrefix("02 00 5e 00 00 01 02 00 5e 00 0a 01 86 dd"))
        #expect(Array(frame[38..<54]) == v6.bytes && Array(frame[22..<38]) == own.bytes)
        #expect(Array(frame.suffix(8)) == [1, 1] + mac.bytes)
        AnnouncementFrames.solicitation(about: v6, at: nil, from: own, mac, into: &frame)
        #expect(hex(frame).hasPrefix("33 33 ff 00 00 10") && hex(Array(frame[38..<54])).hasPrefix("ff 02"))
    }

    @Test func `frames follow each other in one buffer`() {
        var frame: [UInt8] = []
        AnnouncementFrames.unsolicitedAdvertisement(for: v6, at: mac, into: &frame)
        AnnouncementFrames.gratuitousARP(.request, for: v4, at: mac, into: &frame)
        #expect(frame.count == 42)
    }

    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
    }

    private func join(_ parts: String...) -> String {
        parts.joined(separator: " ")
    }
}
