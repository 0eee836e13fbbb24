package import Addresses
package import Agreement
package import Settings

/// Asks a server for a connection to a virtual address, the way that a client's packet comes to it, and gives the
/// connection up before it is one: SYN, SYN and ACK, reset (RFC 9293 3.5).
///
/// The packets leave past this machine's own stack, which may have the virtual address itself. So their sequence
/// numbers are the only thing that tells answers apart, and every answer has to acknowledge one.
package struct DataPathDialogue: Hashable, Sendable {
    /// Where the packets of one dialogue come from and go to.
    package struct Ends: Hashable, Sendable {
        /// This director's own, of the virtual address's family.
        package var source: Endpoint
        /// Virtual address and port.
        package var target: Endpoint
        package var server: IPAddress
        /// The tunnel's near end, of the server's family; absent: direct routing.
        package var tunnel: Tunnel?

        package struct Tunnel: Hashable, Sendable {
            package var settings: TunnelSettings
            package var source: IPAddress

            package init(_ settings: TunnelSettings, from source: IPAddress) {
                self.settings = settings
                self.source = source
            }
        }

        package init(source: Endpoint, target: Endpoint, server: IPAddress, tunnel: Tunnel?) {
            self.source = source
            self.target = target
            self.server = server
            self.tunnel = tunnel
        }
    }

    package enum Turn: Hashable, Sendable {
        /// It was no answer to this, or one that changes nothing.
        case ignore
        /// Packets to send, in this order; the answer is still to come.
        case say([[UInt8]])
        /// It is over, and this is to be sent yet.
        case end(Outcome, [[UInt8]])
    }

    package let ends: Ends
    /// Of the SYN.
    package let sequence: UInt32
    /// That of the dialogue before, which the server may not have given up.
    package let previous: UInt32?

    // Specification constants (RFC 9293 3.1)

    private static let reset: UInt8 = 0x04
    private static let syn: UInt8 = 0x02
    private static let acknowledgement: UInt8 = 0x10

    package init(_ ends: Ends, sequence: UInt32, previous: UInt32?) {
        precondition(ends.source.address.family == ends.target.address.family, "a packet is of one family")
        self.ends = ends
        self.sequence = sequence
        self.previous = previous
    }

    /// The first packet. Said again, with the same sequence, it is the same question.
    package var opening: [UInt8] {
        // RFC 9293 3.7.1: the longest segment, of what fits into 1,500 bytes.
        let longest: UInt16 = ends.source.address.family == .v4 ? 1460 : 1440
        return packet(Self.syn, sequence, options: [2, 4] + longest.wire)
    }

    package func hear(_ answer: DataPathAnswer) -> Turn {
        switch answer {
        case .segment(let segment): hear(segment)
        case .complaint(let complaint):
            complaint.subject == .segment(sequence) && complaint.target == ends.target
                ? .end(.fail(.dataPath(complaint.failure)), []) : .ignore
        case .datagram: .ignore
        }
    }

    private func hear(_ segment: DataPathAnswer.Segment) -> Turn {
        guard segment.source == ends.target, segment.target == ends.source else { return .ignore }
        let isReset = segment.flags & Self.reset != 0
        guard segment.flags & Self.acknowledgement != 0 else { return .ignore }
        if segment.acknowledgement == sequence &+ 1 {
            if isReset { return .end(.fail(.dataPath(.refused)), []) }
            guard segment.flags & Self.syn != 0 else { return .ignore }
            return .end(.pass, [close(at: segment.acknowledgement)])
        }
        // The server still waits for the end of an older handshake: that is ended, and the question put again
        // (RFC 9293 3.10.7.3).
        guard !isReset, let previous, segment.acknowledgement == previous &+ 1 else { return .ignore }
        return .say([close(at: segment.acknowledgement), opening])
    }

    /// Ends what an answer that comes when all is over has left half open. nil: there is nothing.
    package func goodbye(to answer: DataPathAnswer) -> [UInt8]? {
        guard case .segment(let segment) = answer, segment.source == ends.target, segment.target == ends.source,
            segment.flags & Self.reset == 0, segment.flags & Self.acknowledgement != 0
        else { return nil }
        return close(at: segment.acknowledgement)
    }

    private func close(at sequence: UInt32) -> [UInt8] { packet(Self.reset, sequence, options: []) }

    private func packet(_ flags: UInt8, _ sequence: UInt32, options: [UInt8]) -> [UInt8] {
        let (source, target) = (ends.source, ends.target)
        let window: UInt16 = flags == Self.syn ? 64240 : 0
        var segment = source.port.wire + target.port.wire + sequence.wire + [0, 0, 0, 0]
        segment += [UInt8(20 + options.count) << 2, flags] + window.wire + [0, 0, 0, 0] + options
        let pseudo = InternetPacket.pseudoHeader(
            segment.count, ProtocolNumber.tcp, from: source.address, to: target.address)
        segment.replaceSubrange(16..<18, with: InternetChecksum.of(pseudo, segment).wire)
        return ends.wrap(segment, ProtocolNumber.tcp)
    }
}

extension DataPathDialogue.Ends {
    /// Enough for a server that hands its connections on to a container. One that only passes on what is not its own
    /// sends it to the active director, which sends nobody anything that has one hop left
    /// (net/netfilter/ipvs/ip_vs_xmit.c, `decrement_ttl`).
    static var hopLimit: UInt8 { 2 }

    /// The packet around what is said, and the tunnel's around that.
    func wrap(_ payload: [UInt8], _ number: UInt8) -> [UInt8] {
        let packet = InternetPacket.wrap(
            payload, number, from: source.address, to: target.address, hopLimit: Self.hopLimit)
        guard let tunnel else { return packet }
        return tunnel.settings.wrap(packet, from: tunnel.source, to: server, port: source.port)
    }
}
