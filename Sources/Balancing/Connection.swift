package import Addresses

/// One entry of the kernel's table of connections: a connection, or the template that keeps a client with its server.
package struct Connection: Hashable, Sendable {
    /// The kernel's states of TCP, by their numbers (include/net/ip_vs.h).
    package enum State: UInt16, Hashable, Sendable, CaseIterable {
        case none, established, synSent, synReceived, finWait, timeWait, close, closeWait, lastAck, listen, synAck

        /// Whether the client may still expect an answer.
        package var isLive: Bool { self != .none && self != .timeWait && self != .close && self != .listen }

        /// Whether the kernel counts it among a server's active connections (net/netfilter/ipvs/ip_vs_proto_tcp.c,
        /// `tcp_state_active_table`).
        var isActive: Bool { self == .established || self == .synSent || self == .synReceived || self == .synAck }
    }

    package enum Kind: Hashable, Sendable {
        case tcp(State)
        case udp
        /// With the kernel's number of its state.
        case sctp(UInt16)
        /// With the number of its protocol; 0 of a firewall mark, which then stands in `service`.
        case template(UInt8, isAssured: Bool)
    }

    /// What a persistence engine keeps a client by (`sip`: the call's id).
    package struct Engine: Hashable, Sendable {
        /// At most 16 bytes.
        package var name: [UInt8]
        /// At most 255 bytes.
        package var data: [UInt8]

        package init(name: [UInt8], data: [UInt8]) {
            self.name = name
            self.data = data
        }
    }

    package var kind: Kind
    package var client: Endpoint
    package var service: Endpoint
    package var server: Endpoint
    /// Seconds until the kernel forgets it.
    package var expires: UInt32
    package var engine: Engine?

    package init(
        kind: Kind, client: Endpoint, service: Endpoint, server: Endpoint, expires: UInt32, engine: Engine? = nil
    ) {
        self.kind = kind
        self.client = client
        self.service = service
        self.server = server
        self.expires = expires
        self.engine = engine
    }
}

extension Connection {
    package var isTemplate: Bool {
        if case .template = kind { true } else { false }
    }

    package var isLive: Bool {
        if case .tcp(let state) = kind { state.isLive } else { true }
    }

    /// IANA's number.
    package var protocolNumber: UInt8 {
        switch kind {
        case .tcp: 6
        case .udp: 17
        case .sctp: 132
        case .template(let number, _): number
        }
    }

    /// Whether the kernel itself tells of it in this state (net/netfilter/ipvs/ip_vs_sync.c, `ip_vs_sync_conn_needed`).
    /// What is still opening it tells of when it is established: to be told late of an opening would shorten the life
    /// of what is established by then.
    package var isSynced: Bool {
        switch kind {
        case .tcp(let state): [.established, .finWait, .timeWait, .close, .closeWait].contains(state)
        case .sctp(let state): (Self.sctpEstablished...11).contains(state) || state == 13
        case .udp, .template: true
        }
    }

    /// The kernel's number of its state.
    package var stateNumber: UInt16 {
        switch kind {
        case .tcp(let state): state.rawValue
        case .udp: 0
        case .sctp(let state): state
        case .template(_, let isAssured): isAssured ? 1 : 0
        }
    }

    static let sctpEstablished: UInt16 = 8

    /// Whether the kernel counts it among a server's active connections; the others carry INACTIVE among their flags.
    var isActive: Bool {
        switch kind {
        case .tcp(let state): state.isActive
        case .sctp(let state): state == Self.sctpEstablished
        case .udp, .template: false
        }
    }

    /// The same for the same ends, whatever became of the connection meanwhile; different for others but by chance.
    package var fingerprint: UInt64 {
        var mixed = UInt64(protocolNumber) << 1 | (isTemplate ? 1 : 0)
        for endpoint in [client, service, server] {
            switch endpoint.address {
            case .v4(let address): mixed = Self.mix(mixed, UInt64(address.number))
            case .v6(let address): mixed = Self.mix(Self.mix(mixed, address.high), address.low)
            }
            mixed = Self.mix(mixed, UInt64(endpoint.port))
        }
        return mixed
    }

    /// The finalizer of SplitMix64.
    private static func mix(_ seed: UInt64, _ value: UInt64) -> UInt64 {
        var mixed = (seed ^ value) &+ 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
