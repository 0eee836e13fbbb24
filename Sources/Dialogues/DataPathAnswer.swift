package import Addresses
package import Agreement

/// What comes back to a packet that went a client's way, as it arrives from anybody: a TCP segment, a UDP datagram, or
/// the word of ICMP that the packet did not arrive.
package enum DataPathAnswer: Hashable, Sendable {
    package struct Segment: Hashable, Sendable {
        package var source: Endpoint
        package var target: Endpoint
        package var flags: UInt8
        package var acknowledgement: UInt32

        package init(source: Endpoint, target: Endpoint, flags: UInt8, acknowledgement: UInt32) {
            self.source = source
            self.target = target
            self.flags = flags
            self.acknowledgement = acknowledgement
        }
    }

    package struct Datagram: Hashable, Sendable {
        package var source: Endpoint
        package var target: Endpoint
        package var payload: [UInt8]

        package init(source: Endpoint, target: Endpoint, payload: [UInt8]) {
            self.source = source
            self.target = target
            self.payload = payload
        }
    }

    package struct Complaint: Hashable, Sendable {
        /// What tells the packet that it is about from others.
        package enum Subject: Hashable, Sendable {
            /// The sequence number of a segment.
            case segment(UInt32)
            /// The port that a datagram came from.
            case datagram(UInt16)
        }

        package var failure: DataPathFailure
        /// Of the packet that it is about.
        package var target: Endpoint
        package var subject: Subject

        package init(failure: DataPathFailure, target: Endpoint, subject: Subject) {
            self.failure = failure
            self.target = target
            self.subject = subject
        }
    }

    case segment(Segment)
    case datagram(Datagram)
    case complaint(Complaint)
}

extension DataPathAnswer {
    /// Reads a packet from its IP header on; it may be cut off behind what counts. nil: it is neither, a fragment, or
    /// cut short. Checksums are not looked at: a packet that is damaged does not acknowledge the right number, or says
    /// what its sender said all the same.
    package init?(packet: ArraySlice<UInt8>) {
        guard let outer = PacketLayer(packet) else { return nil }
        switch (outer.number, outer.source.family) {
        case (ProtocolNumber.tcp, _):
            guard let ports = outer.body.number(at: 0, of: UInt32.self),
                let acknowledgement = outer.body.number(at: 8, of: UInt32.self),
                let flags = outer.body.number(at: 13, of: UInt8.self)
            else { return nil }
            self = .segment(
                Segment(
                    source: Endpoint(address: outer.source, port: UInt16(ports >> 16)),
                    target: Endpoint(address: outer.target, port: UInt16(ports & 0xFFFF)), flags: flags,
                    acknowledgement: acknowledgement))
        case (ProtocolNumber.udp, _):
            guard let ports = outer.body.number(at: 0, of: UInt32.self),
                let length = outer.body.number(at: 4, of: UInt16.self), length >= 8, outer.body.count >= Int(length)
            else { return nil }
            self = .datagram(
                Datagram(
                    source: Endpoint(address: outer.source, port: UInt16(ports >> 16)),
                    target: Endpoint(address: outer.target, port: UInt16(ports & 0xFFFF)),
                    payload: Array(outer.body.dropFirst(8).prefix(Int(length) - 8))))
        case (ProtocolNumber.icmp, .v4), (ProtocolNumber.icmpv6, .v6):
            guard let complaint = Complaint(outer) else { return nil }
            self = .complaint(complaint)
        default: return nil
        }
    }
}

extension DataPathAnswer.Complaint {
    /// Type, code, two bytes of checksum, four that depend, and as much as is told of the packet (RFC 792, RFC 4443).
    fileprivate init?(_ message: PacketLayer) {
        guard let type = message.body.number(at: 0, of: UInt8.self),
            let code = message.body.number(at: 1, of: UInt8.self),
            var failure = DataPathFailure(type, code, message.source.family),
            let quoted = PacketLayer(message.body.dropFirst(8))
        else { return nil }
        // Of our own packets one at the most is in another.
        let packet = quoted.unwrapped
        if failure == .noPort { failure = quoted.portless(isTunnel: packet != nil) }
        let layer = packet ?? quoted
        guard let source = layer.body.number(at: 0, of: UInt16.self),
            let port = layer.body.number(at: 2, of: UInt16.self)
        else { return nil }
        let target = Endpoint(address: layer.target, port: port)
        switch layer.number {
        case ProtocolNumber.tcp:
            guard let sequence = layer.body.number(at: 4, of: UInt32.self) else { return nil }
            self.init(failure: failure, target: target, subject: .segment(sequence))
        case ProtocolNumber.udp: self.init(failure: failure, target: target, subject: .datagram(source))
        default: return nil
        }
    }
}

extension DataPathFailure {
    /// nil: ICMP that does not say that a packet was lost.
    fileprivate init?(_ type: UInt8, _ code: UInt8, _ family: AddressFamily) {
        switch (family, type, code) {
        case (.v4, 3, 2), (.v6, 4, 1): self = .noProtocol
        case (.v4, 3, 3), (.v6, 1, 4): self = .noPort
        case (.v4, 3, 9), (.v4, 3, 10), (.v4, 3, 13), (.v6, 1, 1), (.v6, 1, 5), (.v6, 1, 6): self = .prohibited
        case (.v4, 3, _), (.v6, 1, _): self = .unreachable
        case (.v4, 11, 0), (.v6, 3, 0): self = .forwarded
        default: return nil
        }
    }
}

/// An IP header's words, and what is behind it.
private struct PacketLayer {
    var source: IPAddress
    var target: IPAddress
    /// Of the protocol inside.
    var number: UInt8
    var body: ArraySlice<UInt8>

    init?(_ bytes: ArraySlice<UInt8>) {
        guard let first = bytes.first else { return nil }
        let isV4 = first >> 4 == 4
        let (length, place, size) = isV4 ? (Int(first & 0xF) * 4, 12, 4) : (40, 8, 16)
        guard isV4 || first >> 4 == 6, length >= 20, bytes.count >= length,
            let source = IPAddress(bytes: bytes.dropFirst(place).prefix(size)),
            let target = IPAddress(bytes: bytes.dropFirst(place + size).prefix(size)),
            let number = bytes.number(at: isV4 ? 9 : 6, of: UInt8.self)
        else { return nil }
        if isV4, let fragment = bytes.number(at: 6, of: UInt16.self), fragment & 0x1FFF != 0 { return nil }
        (self.source, self.target, self.number) = (source, target, number)
        body = bytes.dropFirst(length)
    }

    /// What is in a tunnel's packet of one of ours.
    var unwrapped: PacketLayer? {
        switch number {
        case ProtocolNumber.ipv4, ProtocolNumber.ipv6: PacketLayer(body)
        case ProtocolNumber.gre: PacketLayer(body.dropFirst((body.first ?? 0) & 0x80 == 0 ? 4 : 8))
        case ProtocolNumber.udp: insideGUE
        default: nil
        }
    }

    /// GUE of version 0 and without options, as it is sent: no check says in a datagram of its own what begins so.
    private var insideGUE: PacketLayer? {
        let header = Array(body.dropFirst(8).prefix(4))
        guard [0, ProtocolNumber.ipv4, 0, 0] == header || [0, ProtocolNumber.ipv6, 0, 0] == header else { return nil }
        return PacketLayer(body.dropFirst(8 + 4))
    }

    /// What "port unreachable" means of it. Of TCP it is the usual word of a firewall (iptables-extensions(8), REJECT),
    /// and of a tunnel's packet without ports Linux's own where no device takes it (net/ipv4/tunnel4.c,
    /// net/ipv4/ip_gre.c).
    func portless(isTunnel: Bool) -> DataPathFailure {
        switch number {
        case ProtocolNumber.tcp: .prohibited
        case ProtocolNumber.udp: isTunnel ? .noPort : .noListener
        default: .noProtocol
        }
    }
}

extension ArraySlice<UInt8> {
    /// nil: it is not all there.
    fileprivate func number<Number: FixedWidthInteger & UnsignedInteger>(at place: Int, of: Number.Type) -> Number? {
        let bytes = dropFirst(place).prefix(Number.bitWidth / 8)
        guard bytes.count == Number.bitWidth / 8 else { return nil }
        return bytes.reduce(0) { $0 << 8 | Number($1) }
    }
}
