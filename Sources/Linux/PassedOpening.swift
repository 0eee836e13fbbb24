package import Addresses

/// The first packet of a client's TCP connection on its way from this machine to a server.
package struct PassedOpening: Hashable, Sendable {
    package enum Way: Hashable, Sendable {
        /// Direct routing: the frame goes to the server's link-layer address.
        case link(MACAddress)
        /// In a tunnel to the server.
        case tunnel(IPAddress)
    }

    package var client: Endpoint
    package var service: Endpoint
    package var way: Way

    package init(client: Endpoint, service: Endpoint, way: Way) {
        self.client = client
        self.service = service
        self.way = way
    }
}

extension PassedOpening {
    /// Reads an Ethernet frame of any content and length: nil unless it carries a SYN, as it came or in IP in IP.
    package init?(frame: ArraySlice<UInt8>) {
        guard frame.count > 14, let mac = MACAddress(bytes: frame.prefix(6)),
            let outer = Packet(frame.dropFirst(14))
        else { return nil }
        if let ends = outer.opening {
            self.init(client: ends.client, service: ends.service, way: .link(mac))
        } else if outer.isTunnel, let inner = Packet(outer.payload), let ends = inner.opening {
            self.init(client: ends.client, service: ends.service, way: .tunnel(outer.destination))
        } else {
            return nil
        }
    }

    /// An IP packet without options or extension headers, which what IPVS passes on seldom has.
    private struct Packet {
        var source: IPAddress
        var destination: IPAddress
        var protocolNumber: UInt8
        var payload: ArraySlice<UInt8>

        init?(_ bytes: ArraySlice<UInt8>) {
            guard let version = bytes.first.map({ $0 >> 4 }), version == 4 || version == 6 else { return nil }
            let (header, addresses, length, kind) = version == 4 ? (20, 12, 4, 9) : (40, 8, 16, 6)
            guard bytes.count >= header, version == 6 || bytes.first == 0x45,
                let source = IPAddress(bytes: bytes.dropFirst(addresses).prefix(length)),
                let destination = IPAddress(bytes: bytes.dropFirst(addresses + length).prefix(length))
            else { return nil }
            self.source = source
            self.destination = destination
            protocolNumber = bytes[bytes.startIndex + kind]
            payload = bytes.dropFirst(header)
        }

        var isTunnel: Bool { protocolNumber == 4 || protocolNumber == 41 }

        var opening: (client: Endpoint, service: Endpoint)? {
            let bytes = payload
            guard protocolNumber == 6, bytes.count >= 20, bytes[bytes.startIndex + 13] & 0x12 == 0x02 else {
                return nil
            }
            let ports = bytes.prefix(4).map(UInt16.init)
            return (
                Endpoint(address: source, port: ports[0] << 8 | ports[1]),
                Endpoint(address: destination, port: ports[2] << 8 | ports[3])
            )
        }
    }
}
