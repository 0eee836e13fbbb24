package import Addresses

/// The Ethernet frames that tell a network who has an address, and those that ask.
///
/// Each function overwrites `frame`, which the caller keeps from call to call; `longest` bytes are reserved in it once.
package enum AnnouncementFrames {
    /// In bytes: Ethernet, IPv6, and an advertisement with one option.
    package static let longest = 14 + 40 + 32

    /// The two ARP forms; some switches and hosts heed only one of them.
    package enum ARPForm: UInt16, Sendable, CaseIterable {
        case request = 1
        case reply = 2
    }

    /// A gratuitous ARP (RFC 5227, 3): sender and target are the same, to everybody.
    package static func gratuitousARP(
        _ form: ARPForm, for address: IPv4Address, at mac: MACAddress, into frame: inout [UInt8]
    ) {
        arp(form, sender: address, mac: mac, targetMAC: mac, target: address, into: &frame)
    }

    /// An ARP probe (RFC 5227, 2.1.1): asks who has the address without claiming it, so the sender's address is 0.
    package static func arpProbe(for address: IPv4Address, from mac: MACAddress, into frame: inout [UInt8]) {
        arp(
            .request, sender: IPv4Address(number: 0), mac: mac, targetMAC: MACAddress(number: 0), target: address,
            into: &frame)
    }

    /// Asks who has the address, to everybody or to the one host that had it last; the answer goes to `sender` alone,
    /// which is this machine's, or 0.0.0.0.
    package static func arpQuestion(
        about address: IPv4Address, at known: MACAddress?, from sender: IPv4Address, _ mac: MACAddress,
        into frame: inout [UInt8]
    ) {
        arp(
            .request, sender: sender, mac: mac, targetMAC: MACAddress(number: 0), target: address,
            to: known ?? .broadcast, into: &frame)
    }

    private static func arp(
        _ form: ARPForm, sender: IPv4Address, mac: MACAddress, targetMAC: MACAddress, target: IPv4Address,
        to destination: MACAddress = .broadcast, into frame: inout [UInt8]
    ) {
        begin(&frame, to: destination, from: mac, type: EtherType.arp)
        // Ethernet, IPv4, and the lengths of their addresses (RFC 826).
        frame += [0, 1, 0x08, 0, 6, 4]
        frame += [0, UInt8(form.rawValue)]
        frame += mac.bytes
        frame += sender.bytes
        frame += targetMAC.bytes
        frame += target.bytes
    }

    /// An unsolicited neighbour advertisement (RFC 4861, 7.2.6) with Override, to all nodes.
    package static func unsolicitedAdvertisement(
        for address: IPv6Address, at mac: MACAddress, into frame: inout [UInt8]
    ) {
        let allNodes = IPv6Address(groups: [0xFF02, 0, 0, 0, 0, 0, 0, 1])
        let override: [UInt8] = [0x20, 0, 0, 0]
        let body = override + address.bytes + [ICMPv6.targetLinkLayer, 1] + mac.bytes
        icmp(ICMPv6.advertisement, body, from: address, to: allNodes, mac: mac, into: &frame)
    }

    /// A neighbour solicitation as duplicate address detection sends it (RFC 4862, 5.4.2): from nobody, so that the
    /// answer goes to all nodes.
    package static func solicitationProbe(
        for address: IPv6Address, from mac: MACAddress, into frame: inout [UInt8]
    ) {
        let body = [0, 0, 0, 0] + address.bytes
        let nobody = IPv6Address(high: 0, low: 0)
        icmp(ICMPv6.solicitation, body, from: nobody, to: solicitedNode(of: address), mac: mac, into: &frame)
    }

    /// A neighbour solicitation (RFC 4861, 4.3), to everybody whom the address may belong to or to the one host that
    /// had it last; the answer goes to `source` alone, which is this machine's.
    package static func solicitation(
        about address: IPv6Address, at known: MACAddress?, from source: IPv6Address, _ mac: MACAddress,
        into frame: inout [UInt8]
    ) {
        let body = [0, 0, 0, 0] + address.bytes + [ICMPv6.sourceLinkLayer, 1] + mac.bytes
        let target = known == nil ? solicitedNode(of: address) : address
        icmp(ICMPv6.solicitation, body, from: source, to: target, at: known, mac: mac, into: &frame)
    }

    /// RFC 4291, 2.7.1.
    private static func solicitedNode(of address: IPv6Address) -> IPv6Address {
        IPv6Address(high: 0xFF02_0000_0000_0000, low: 0x0000_0001_FF00_0000 | address.low & 0xFF_FFFF)
    }

    private static func icmp(
        _ type: UInt8, _ body: [UInt8], from source: IPv6Address, to target: IPv6Address,
        at destination: MACAddress? = nil, mac: MACAddress, into frame: inout [UInt8]
    ) {
        // RFC 2464, 7: 33:33 and the last four bytes of the group.
        let multicast = MACAddress(number: 0x3333 << 32 | target.low & 0xFFFF_FFFF)
        begin(&frame, to: destination ?? multicast, from: mac, type: EtherType.ipv6)
        let length = UInt16(4 + body.count)
        frame += [0x60, 0, 0, 0, UInt8(length >> 8), UInt8(length & 0xFF), ICMPv6.number, ICMPv6.hopLimit]
        frame += source.bytes
        frame += target.bytes
        let checksum = ICMPv6.checksum([type, 0, 0, 0] + body, from: source, to: target)
        frame += [type, 0, UInt8(checksum >> 8), UInt8(checksum & 0xFF)]
        frame += body
    }

    private static func begin(_ frame: inout [UInt8], to: MACAddress, from: MACAddress, type: UInt16) {
        frame.removeAll(keepingCapacity: true)
        frame.reserveCapacity(longest)
        frame += to.bytes
        frame += from.bytes
        frame += [UInt8(type >> 8), UInt8(type & 0xFF)]
    }
}

enum EtherType {
    static let ipv4: UInt16 = 0x0800
    static let arp: UInt16 = 0x0806
    static let ipv6: UInt16 = 0x86DD
}

enum ICMPv6 {
    static let number: UInt8 = 58
    /// A router lowers it: 255 proves that the sender is on this link (RFC 4861, 7.1).
    static let hopLimit: UInt8 = 255
    static let solicitation: UInt8 = 135
    static let advertisement: UInt8 = 136
    static let sourceLinkLayer: UInt8 = 1
    static let targetLinkLayer: UInt8 = 2

    /// Over the pseudo header (RFC 8200, 8.1) and the message; 0 over a message with its checksum in place.
    static func checksum(_ message: some Collection<UInt8>, from: IPv6Address, to: IPv6Address) -> UInt16 {
        var sum = UInt64(message.count) + UInt64(number)
        for group in from.groups + to.groups { sum += UInt64(group) }
        for (index, byte) in message.enumerated() { sum += index % 2 == 0 ? UInt64(byte) << 8 : UInt64(byte) }
        while sum > 0xFFFF { sum = sum >> 16 + sum & 0xFFFF }
        return ~UInt16(sum)
    }
}
