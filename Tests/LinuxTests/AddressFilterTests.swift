import Addresses
import Glibc
import Linux
import Testing

/// The kernel itself runs the program, on a pair of local sockets that frames go through.
struct AddressFilterTests {
    private static let mac = MACAddress(number: 0x0200_5E00_0A01)

    @Test(arguments: [1, 16, 17, 100, 1024])
    func `lets exactly the IPv4 addresses through that it knows`(count: Int) throws {
        // Neighbours, and both halves of the numbers.
        let addresses = (0..<count).map { IPv4Address(number: UInt32($0) &* 4_190_001 &+ 0x0A00_0000) }
        let wire = try Wire(.claims(of: addresses.map(IPAddress.v4)))
        for address in addresses {
            #expect(wire.passes(arp(address)), "\(address)")
        }
        for address in addresses {
            for other in [address.number &+ 1, address.number &- 1, address.number ^ 0x8000_0000] {
                let other = IPv4Address(number: other)
                guard !addresses.contains(other) else { continue }
                #expect(!wire.passes(arp(other)), "\(other)")
            }
        }
    }

    @Test(arguments: [1, 17, 1024])
    func `lets the IPv6 addresses through that it knows`(count: Int) throws {
        let addresses = (0..<count).map { IPv6Address(high: 0x2001_0DB8_0000_0000, low: UInt64($0) << 3) }
        let wire = try Wire(.claims(of: addresses.map(IPAddress.v6)))
        for address in addresses {
            #expect(wire.passes(advertisement(address)), "\(address)")
            #expect(!wire.passes(advertisement(IPv6Address(high: address.high, low: address.low + 1))))
        }
    }

    @Test func `a question about an address is no claim of it, and neither is anything else`() throws {
        let address = IPv4Address(number: 0xC000_020A)
        let wire = try Wire(.claims(of: [.v4(address)]))
        var frame: [UInt8] = []
        AnnouncementFrames.arpProbe(for: address, from: Self.mac, into: &frame)
        #expect(!wire.passes(frame))
        #expect(!wire.passes([1]))
        #expect(!wire.passes(Array(arp(address).prefix(20))))
    }

    @Test func `a solicitation is no claim`() throws {
        let address = IPv6Address(high: 0x2001_0DB8_0000_0000, low: 0x10)
        let wire = try Wire(.claims(of: [.v6(address)]))
        var frame: [UInt8] = []
        AnnouncementFrames.solicitationProbe(for: address, from: Self.mac, into: &frame)
        #expect(!wire.passes(frame))
        AnnouncementFrames.solicitation(about: address, at: nil, from: address, Self.mac, into: &frame)
        #expect(!wire.passes(frame))
    }

    @Test func `without addresses nothing passes`() throws {
        let wire = try Wire(.claims(of: []))
        #expect(!wire.passes(arp(IPv4Address(number: 0))))
    }

    private func arp(_ address: IPv4Address) -> [UInt8] {
        var frame: [UInt8] = []
        AnnouncementFrames.gratuitousARP(.reply, for: address, at: Self.mac, into: &frame)
        return frame
    }

    private func advertisement(_ address: IPv6Address) -> [UInt8] {
        var frame: [UInt8] = []
        AnnouncementFrames.unsolicitedAdvertisement(for: address, at: Self.mac, into: &frame)
        return frame
    }

    private final class Wire {
        private var ends: [Int32] = [-1, -1]

        init(_ filter: PacketFilter) throws {
            let kind = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
            try #require(socketpair(AF_UNIX, kind, 0, &ends) == 0)
            try #require(filter.attach(to: ends[1]))
        }

        deinit { ends.forEach { close($0) } }

        func passes(_ frame: [UInt8]) -> Bool {
            var buffer = [UInt8](repeating: 0, count: 256)
            _ = send(ends[0], frame, frame.count, 0)
            return recv(ends[1], &buffer, buffer.count, 0) >= 0
        }
    }
}
