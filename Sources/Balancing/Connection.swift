package import Addresses

/// One connection that IPVS tracks, as `/proc/net/ip_vs_conn` tells it.
package struct Connection: Hashable, Sendable {
    /// The kernel's states of TCP, by their numbers (include/net/ip_vs.h).
    package enum State: UInt16, Hashable, Sendable, CaseIterable {
        case none, established, synSent, synReceived, finWait, timeWait, close, closeWait, lastAck, listen, synAck

        /// The kernel's word.
        package var word: String {
            switch self {
            case .none: "NONE"
            case .established: "ESTABLISHED"
            case .synSent: "SYN_SENT"
            case .synReceived: "SYN_RECV"
            case .finWait: "FIN_WAIT"
            case .timeWait: "TIME_WAIT"
            case .close: "CLOSE"
            case .closeWait: "CLOSE_WAIT"
            case .lastAck: "LAST_ACK"
            case .listen: "LISTEN"
            case .synAck: "SYNACK"
            }
        }

        /// Whether the client may still expect an answer.
        package var isLive: Bool { self != .none && self != .timeWait && self != .close && self != .listen }
    }

    package var client: Endpoint
    package var service: Endpoint
    package var server: Endpoint
    package var state: State
    /// Seconds until the kernel forgets it.
    package var expires: UInt32

    package init(client: Endpoint, service: Endpoint, server: Endpoint, state: State, expires: UInt32) {
        self.client = client
        self.service = service
        self.server = server
        self.state = state
        self.expires = expires
    }
}

extension Connection {
    /// Reads one line of `/proc/net/ip_vs_conn` (net/netfilter/ipvs/ip_vs_conn.c, `ip_vs_conn_seq_show`); nil for
    /// anything but a TCP connection.
    ///
    /// `TCP C0000264 9C40 C000020A 0050 C0000215 0050 ESTABLISHED     899`, all in hexadecimal but the last; IPv6
    /// addresses in eight groups of four digits.
    package init?(line: ArraySlice<UInt8>) {
        let fields = line.split(separator: 0x20, maxSplits: 8).map { String(decoding: $0, as: UTF8.self) }
        guard fields.count == 9, fields[0] == "TCP",
            let client = Self.endpoint(fields[1], fields[2]), let service = Self.endpoint(fields[3], fields[4]),
            let server = Self.endpoint(fields[5], fields[6]),
            let state = State.allCases.first(where: { $0.word == fields[7] }),
            let expires = fields[8].split(whereSeparator: \.isWhitespace).first.flatMap({ UInt32($0) })
        else { return nil }
        self.init(client: client, service: service, server: server, state: state, expires: expires)
    }

    private static func endpoint(_ address: String, _ port: String) -> Endpoint? {
        guard let port = UInt16(port, radix: 16) else { return nil }
        if let address = IPv6Address(address) { return Endpoint(address: .v6(address), port: port) }
        return UInt32(address, radix: 16).map { Endpoint(address: .v4(IPv4Address(number: $0)), port: port) }
    }
}
