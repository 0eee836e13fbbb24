package import Addresses
package import Balancing
internal import CLibNL
import Glibc
internal import Settings

/// What the kernel's answers of the IPVS family say. Nil where a field is missing, cut short or of no known kind.
///
/// Thousands of servers are read every few seconds: attributes are taken as they come by, without a list of them.
package enum IPVSReader {
    /// Reads the answer's generic header and attributes; `payload` begins behind the netlink header.
    package static func service(_ payload: ArraySlice<UInt8>) -> (ServiceIdentity, ServiceOptions, Statistics)? {
        unsafe payload.withUnsafeBytes { unsafe service(FieldBytes($0)) }
    }

    private static func service(_ payload: FieldBytes) -> (ServiceIdentity, ServiceOptions, Statistics)? {
        guard let nest = nest(IPVS_CMD_ATTR_SERVICE, of: payload) else { return nil }
        var fields = ServiceFields()
        for (type, value) in nest.attributes { fields.take(type, value) }
        guard let identity = fields.identity, let scheduler = fields.scheduler, let flags = fields.flags,
            let timeout = fields.timeout
        else { return nil }
        let known = UInt32(IP_VS_SVC_F_PERSISTENT | IP_VS_SVC_F_HASHED)
        let isPersistent = flags & UInt32(IP_VS_SVC_F_PERSISTENT) != 0
        let options = ServiceOptions(
            scheduler: scheduler, persistence: isPersistent ? timeout : nil, netmask: fields.givenMask,
            engine: fields.engine, flags: flags & ~known)
        return (identity, options, fields.statistics.value)
    }

    /// - Parameters:
    ///   - family: of the service, for kernels before 3.18 that do not say a server's own.
    ///   - hasStatistics: whether they are wanted.
    package static func server(
        _ payload: ArraySlice<UInt8>, family: AddressFamily, hasStatistics: Bool = true
    ) -> ReadServer? {
        unsafe payload.withUnsafeBytes { unsafe server(FieldBytes($0), family, hasStatistics) }
    }

    private static func server(_ payload: FieldBytes, _ family: AddressFamily, _ hasStatistics: Bool) -> ReadServer? {
        guard let nest = nest(IPVS_CMD_ATTR_DEST, of: payload) else { return nil }
        var fields = ServerFields(family: family)
        for (type, value) in nest.attributes { fields.take(type, value) }
        guard let endpoint = endpoint(fields.address, fields.port, fields.family),
            var options = fields.options, fields.hasWeight
        else { return nil }
        if options.forwarding != .tun { options.tunnel = Tunnel() }
        return ReadServer(
            endpoint: endpoint, options: options, connections: fields.connections,
            statistics: hasStatistics ? fields.statistics.value : Statistics())
    }

    fileprivate static func endpoint(_ address: FieldBytes, _ port: UInt16?, _ family: AddressFamily?) -> Endpoint? {
        guard let family, let port else { return nil }
        switch family {
        case .v4:
            return address.network(UInt32.self).map { Endpoint(address: .v4(IPv4Address(number: $0)), port: port) }
        case .v6:
            guard let high = address.network(UInt64.self), let low = address.network(UInt64.self, at: 8) else {
                return nil
            }
            return Endpoint(address: .v6(IPv6Address(high: high, low: low)), port: port)
        }
    }

    fileprivate static func family(_ value: FieldBytes) -> AddressFamily? {
        switch value.host(UInt16.self).map(Int32.init) {
        case AF_INET?: .v4
        case AF_INET6?: .v6
        default: nil
        }
    }

    private static func nest(_ type: Int, of payload: FieldBytes) -> FieldBytes? {
        guard payload.count >= 4 else { return nil }
        return payload.part(4..<payload.count).attributes.first { $0.type == type }?.value
    }

    /// One attribute behind `genlmsghdr`.
    static func attribute(_ type: Int, of payload: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        NetlinkAttributes(payload.dropFirst(4)).first { $0.type == UInt16(type) }?.value
    }
}

/// `IPVS_SVC_ATTR_...`
private struct ServiceFields {
    var family: AddressFamily?
    var mark: UInt32?
    var transport: TransportProtocol?
    var address: FieldBytes = .none
    var port: UInt16?
    var scheduler: String?
    var engine: String?
    var flags: UInt32?
    var timeout: UInt32?
    var netmask: FieldBytes = .none
    var statistics = StatisticsFields()

    mutating func take(_ type: Int, _ value: FieldBytes) {
        switch type {
        case IPVS_SVC_ATTR_AF: family = IPVSReader.family(value)
        case IPVS_SVC_ATTR_PROTOCOL:
            let number = value.host(UInt16.self).map(Int.init)
            transport = TransportProtocol.allCases.first { $0.number == number }
        case IPVS_SVC_ATTR_ADDR: address = value
        case IPVS_SVC_ATTR_PORT: port = value.network(UInt16.self)
        case IPVS_SVC_ATTR_FWMARK: mark = value.host(UInt32.self)
        case IPVS_SVC_ATTR_SCHED_NAME: scheduler = value.text
        case IPVS_SVC_ATTR_PE_NAME:
            let name = value.text
            engine = name.isEmpty ? nil : name
        case IPVS_SVC_ATTR_FLAGS: flags = value.host(UInt32.self)
        case IPVS_SVC_ATTR_TIMEOUT: timeout = value.host(UInt32.self)
        case IPVS_SVC_ATTR_NETMASK: netmask = value
        case IPVS_SVC_ATTR_STATS: statistics.take(value, isWide: false)
        case IPVS_SVC_ATTR_STATS64: statistics.take(value, isWide: true)
        default: break
        }
    }

    var identity: ServiceIdentity? {
        guard let family else { return nil }
        if let mark, mark != 0 { return .mark(mark, family) }
        guard let transport, let endpoint = IPVSReader.endpoint(address, port, family) else { return nil }
        return .endpoint(transport, endpoint)
    }

    /// A mask of the whole address says nothing.
    var givenMask: UInt32? {
        switch family {
        case .v4: netmask.network(UInt32.self).flatMap { $0 == .max ? nil : $0 }
        case .v6: netmask.host(UInt32.self).flatMap { $0 == 128 ? nil : $0 }
        case nil: nil
        }
    }
}

/// `IPVS_DEST_ATTR_...`
private struct ServerFields {
    var family: AddressFamily?
    var address: FieldBytes = .none
    var port: UInt16?
    /// Nil if the way is of no known kind.
    var options: ServerOptions? { forwarding.map { way in ServerOptions(way, rest) } }
    var hasWeight = false
    var connections = TableText.Connections()
    var statistics = StatisticsFields()
    private var forwarding: Forwarding?
    private var rest = ServerOptions(forwarding: .dr)

    init(family: AddressFamily) {
        self.family = family
    }

    mutating func take(_ type: Int, _ value: FieldBytes) {
        func number() -> UInt32 { value.host(UInt32.self) ?? 0 }
        switch type {
        case IPVS_DEST_ATTR_ADDR_FAMILY: family = IPVSReader.family(value)
        case IPVS_DEST_ATTR_ADDR: address = value
        case IPVS_DEST_ATTR_PORT: port = value.network(UInt16.self)
        case IPVS_DEST_ATTR_FWD_METHOD: forwarding = value.host(UInt32.self).flatMap(Forwarding.init(method:))
        case IPVS_DEST_ATTR_WEIGHT:
            hasWeight = value.count >= 4
            rest.weight = number()
        case IPVS_DEST_ATTR_U_THRESH: rest.upperThreshold = number()
        case IPVS_DEST_ATTR_L_THRESH: rest.lowerThreshold = number()
        case IPVS_DEST_ATTR_ACTIVE_CONNS: connections.active = number()
        case IPVS_DEST_ATTR_INACT_CONNS: connections.inactive = number()
        case IPVS_DEST_ATTR_PERSIST_CONNS: connections.persistent = number()
        case IPVS_DEST_ATTR_TUN_TYPE: rest.tunnel.type = value.first ?? 0
        case IPVS_DEST_ATTR_TUN_PORT: rest.tunnel.port = value.network(UInt16.self) ?? 0
        case IPVS_DEST_ATTR_TUN_FLAGS: rest.tunnel.flags = value.host(UInt16.self) ?? 0
        case IPVS_DEST_ATTR_STATS: statistics.take(value, isWide: false)
        case IPVS_DEST_ATTR_STATS64: statistics.take(value, isWide: true)
        default: break
        }
    }
}

extension ServerOptions {
    fileprivate init(_ forwarding: Forwarding, _ rest: ServerOptions) {
        self = rest
        self.forwarding = forwarding
    }
}

extension Forwarding {
    /// Other bits of the field are flags of the kernel's own. LOCALNODE is what old kernels made of a server that
    /// is the director itself; ipvsadm saves it as direct routing too.
    fileprivate init?(method: UInt32) {
        switch Int32(method & UInt32(IP_VS_CONN_F_FWD_MASK)) {
        case IP_VS_CONN_F_MASQ: self = .nat
        case IP_VS_CONN_F_TUNNEL: self = .tun
        case IP_VS_CONN_F_DROUTE, IP_VS_CONN_F_LOCALNODE: self = .dr
        default: return nil
        }
    }
}
