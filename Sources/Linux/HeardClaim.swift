package import Addresses

/// Somebody on the link says that an address is at this link-layer address: an answer to a probe, or an announcement.
package struct HeardClaim: Hashable, Sendable {
    package var address: IPAddress
    package var mac: MACAddress

    package init(address: IPAddress, mac: MACAddress) {
        self.address = address
        self.mac = mac
    }
}

extension HeardClaim {
    /// Reads an Ethernet frame of any content and length: nil unless it is an ARP packet whose sender has an
    /// address, or a valid neighbour advertisement.
    ///
    /// - Parameter isAnswer: whether it may be the answer to a question that was sent to one host alone, which need not
    ///   say the link-layer address: then the sender's counts (RFC 4861, 7.2.4).
    package init?(frame: some RandomAccessCollection<UInt8>, isAnswer: Bool = false) {
        let frame = frame.prefix(Self.longestFrame)
        guard let type = Self.number(frame, at: 12, length: 2) else { return nil }
        switch UInt16(type) {
        case EtherType.arp: self.init(arp: frame.dropFirst(14))
        case EtherType.ipv6:
            let sender = isAnswer ? MACAddress(bytes: frame.dropFirst(6).prefix(6)) : nil
            self.init(ipv6: frame.dropFirst(14), sender: sender)
        default: return nil
        }
    }

    private static var longestFrame: Int { 2048 }

    private init?(arp: some RandomAccessCollection<UInt8>) {
        // Ethernet, IPv4, lengths 6 and 4, request or reply (RFC 826).
        guard Self.number(arp, at: 0, length: 6) == 0x0001_0800_0604, let form = Self.number(arp, at: 6, length: 2),
            form == 1 || form == 2, arp.count >= 28,
            let mac = MACAddress(bytes: arp.dropFirst(8).prefix(6)),
            let address = IPAddress(bytes: arp.dropFirst(14).prefix(4)), !address.isUnspecified
        else { return nil }
        self.init(address: address, mac: mac)
    }

    private init?(ipv6: some RandomAccessCollection<UInt8>, sender: MACAddress?) {
        guard let version = Self.number(ipv6, at: 0, length: 1), version >> 4 == 6,
            let length = Self.number(ipv6, at: 4, length: 2),
            Self.number(ipv6, at: 6, length: 2) == UInt64(ICMPv6.number) << 8 | UInt64(ICMPv6.hopLimit),
            case .v6(let source)? = IPAddress(bytes: ipv6.dropFirst(8).prefix(16)),
            case .v6(let target)? = IPAddress(bytes: ipv6.dropFirst(24).prefix(16))
        else { return nil }
        let message = ipv6.dropFirst(40).prefix(Int(length))
        guard message.count == Int(length), ICMPv6.checksum(message, from: source, to: target) == 0 else { return nil }
        self.init(advertisement: message, sender: sender)
    }

    /// RFC 4861, 7.1.2, but for what only the IPv6 header shows.
    private init?(advertisement message: some RandomAccessCollection<UInt8>, sender: MACAddress?) {
        guard Self.number(message, at: 0, length: 2) == UInt64(ICMPv6.advertisement) << 8,
            let address = IPAddress(bytes: message.dropFirst(8).prefix(16)), !address.isMulticast
        else { return nil }
        var options = Array(message.dropFirst(24))[...]
        var mac = sender
        while options.count >= 2 {
            let length = Int(options[options.startIndex + 1]) * 8
            guard length > 0, length <= options.count else { return nil }
            if options.first == ICMPv6.targetLinkLayer { mac = MACAddress(bytes: options.prefix(8).dropFirst(2)) }
            options = options.dropFirst(length)
        }
        guard let mac else { return nil }
        self.init(address: address, mac: mac)
    }

    /// A number of up to 8 bytes in network order; nil behind the end.
    private static func number(_ bytes: some RandomAccessCollection<UInt8>, at offset: Int, length: Int) -> UInt64? {
        let field = bytes.dropFirst(offset).prefix(length)
        guard field.count == length else { return nil }
        return field.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
