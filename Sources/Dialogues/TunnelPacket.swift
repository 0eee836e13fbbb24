import Addresses
import Settings

extension TunnelSettings {
    /// The packet in a tunnel's, as IPVS sends it (net/netfilter/ipvs/ip_vs_xmit.c, `ip_vs_tunnel_xmit`). Where the
    /// server is to compute the inner checksum, it stands there already, which the server takes as well.
    ///
    /// - Parameter port: where the outer UDP datagram comes from, with gue.
    func wrap(_ packet: [UInt8], from source: IPAddress, to server: IPAddress, port: UInt16) -> [UInt8] {
        let family: AddressFamily = packet.first.map { $0 >> 4 } == 4 ? .v4 : .v6
        let inner = ProtocolNumber.inside(family)
        let (payload, number) =
            switch kind {
            case .ipip: (packet, inner)
            case .gre: (gre(packet, family), ProtocolNumber.gre)
            case .gue: (gue(packet, inner, from: source, to: server, port), ProtocolNumber.udp)
            }
        return InternetPacket.wrap(payload, number, from: source, to: server, hopLimit: 64)
    }

    /// RFC 2784: flags and version, EtherType; with a checksum, that and four zero bytes more.
    private func gre(_ packet: [UInt8], _ family: AddressFamily) -> [UInt8] {
        let type: [UInt8] = family == .v4 ? [0x08, 0x00] : [0x86, 0xDD]
        guard checksum != .none else { return [0, 0] + type + packet }
        let header = [0x80, 0] + type
        return header + InternetChecksum.of(header, packet).wire + [0, 0] + packet
    }

    /// UDP, and a GUE header of version 0 without options (draft-ietf-intarea-gue 3).
    private func gue(
        _ packet: [UInt8], _ inner: UInt8, from source: IPAddress, to server: IPAddress, _ port: UInt16
    ) -> [UInt8] {
        UDPPacket.wrap(
            [0, inner, 0, 0] + packet, from: Endpoint(address: source, port: port),
            to: Endpoint(address: server, port: self.port ?? 0), isSummed: checksum != .none)
    }
}
