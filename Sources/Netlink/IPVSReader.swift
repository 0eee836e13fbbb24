package import Addresses
package import Balancing
internal import CLibNL
import Glibc
internal import Settings

/// What the kernel's answers of the IPVS family say. Nil where a field is missing, cut short or of no known kind.
package enum IPVSReader {
    /// Reads the answer's generic header and attributes; `payload` begins behind the netlink header.
    package static func service(_ payload: ArraySlice<UInt8>) -> (ServiceIdentity, ServiceOptions)? {
        guard let nest = attribute(IPVS_CMD_ATTR_SERVICE, of: payload) else { return nil }
        var fields: [Int: ArraySlice<UInt8>] = [:]
        for (type, value) in NetlinkAttributes(nest) { fields[Int(type)] = value }
        guard let family = fields[IPVS_SVC_ATTR_AF].flatMap(family), let identity = identity(fields, family),
            let scheduler = fields[IPVS_SVC_ATTR_SCHED_NAME]?.netlinkText,
            let flags = fields[IPVS_SVC_ATTR_FLAGS].flatMap({ UInt32(hostBytes: $0) }),
            let timeout = fields[IPVS_SVC_ATTR_TIMEOUT].flatMap({ UInt32(hostBytes: $0) })
        else { return nil }
        let known = UInt32(IP_VS_SVC_F_PERSISTENT | IP_VS_SVC_F_HASHED)
        let isPersistent = flags & UInt32(IP_VS_SVC_F_PERSISTENT) != 0
        let options = ServiceOptions(
            scheduler: scheduler, persistence: isPersistent ? timeout : nil,
            netmask: fields[IPVS_SVC_ATTR_NETMASK].flatMap { netmask($0, family) },
            engine: fields[IPVS_SVC_ATTR_PE_NAME].map(\.netlinkText).flatMap { $0.isEmpty ? nil : $0 },
            flags: flags & ~known)
        return (identity, options)
    }

    /// The service's counter of connections; kernels before 4.1 have only 32 bits of it and are not asked.
    package static func connectionsBegun(_ payload: ArraySlice<UInt8>) -> UInt64? {
        guard let nest = attribute(IPVS_CMD_ATTR_SERVICE, of: payload),
            let statistics = NetlinkAttributes(nest).first(where: { Int($0.type) == IPVS_SVC_ATTR_STATS64 })?.value
        else { return nil }
        return NetlinkAttributes(statistics).first { Int($0.type) == IPVS_STATS_ATTR_CONNS }
            .flatMap { UInt64(hostBytes: $0.value) }
    }

    private static func identity(_ fields: [Int: ArraySlice<UInt8>], _ family: AddressFamily) -> ServiceIdentity? {
        if let mark = fields[IPVS_SVC_ATTR_FWMARK].flatMap({ UInt32(hostBytes: $0) }), mark != 0 {
            return .mark(mark, family)
        }
        guard let number = fields[IPVS_SVC_ATTR_PROTOCOL].flatMap({ UInt16(hostBytes: $0) }),
            let transport = TransportProtocol.allCases.first(where: { $0.number == Int(number) }),
            let endpoint = endpoint(fields[IPVS_SVC_ATTR_ADDR], fields[IPVS_SVC_ATTR_PORT], family)
        else { return nil }
        return .endpoint(transport, endpoint)
    }

    /// A mask of the whole address says nothing.
    private static func netmask(_ value: ArraySlice<UInt8>, _ family: AddressFamily) -> UInt32? {
        switch family {
        case .v4: UInt32(networkBytes: value).flatMap { $0 == .max ? nil : $0 }
        case .v6: UInt32(hostBytes: value).flatMap { $0 == 128 ? nil : $0 }
        }
    }

    /// - Parameter family: of the service, for kernels before 3.18 that do not say a server's own.
    package static func server(
        _ payload: ArraySlice<UInt8>, family serviceFamily: AddressFamily
    ) -> (Endpoint, ServerOptions, TableText.Connections)? {
        guard let nest = attribute(IPVS_CMD_ATTR_DEST, of: payload) else { return nil }
        var fields: [Int: ArraySlice<UInt8>] = [:]
        for (type, value) in NetlinkAttributes(nest) { fields[Int(type)] = value }
        func number(_ type: Int) -> UInt32? { fields[type].flatMap { UInt32(hostBytes: $0) } }
        let family = fields[IPVS_DEST_ATTR_ADDR_FAMILY].map { Self.family($0) } ?? serviceFamily
        guard let family, let method = number(IPVS_DEST_ATTR_FWD_METHOD), let forwarding = forwarding(method),
            let endpoint = endpoint(fields[IPVS_DEST_ATTR_ADDR], fields[IPVS_DEST_ATTR_PORT], family),
            let weight = number(IPVS_DEST_ATTR_WEIGHT)
        else { return nil }
        let options = ServerOptions(
            forwarding: forwarding, weight: weight, upperThreshold: number(IPVS_DEST_ATTR_U_THRESH) ?? 0,
            lowerThreshold: number(IPVS_DEST_ATTR_L_THRESH) ?? 0, tunnel: forwarding == .tun ? tunnel(fields) : Tunnel()
        )
        let connections = TableText.Connections(
            active: number(IPVS_DEST_ATTR_ACTIVE_CONNS) ?? 0, inactive: number(IPVS_DEST_ATTR_INACT_CONNS) ?? 0)
        return (endpoint, options, connections)
    }

    /// Other bits of the field are flags of the kernel's own. LOCALNODE is what old kernels made of a server that
    /// is the director itself; ipvsadm saves it as direct routing too.
    private static func forwarding(_ method: UInt32) -> Forwarding? {
        switch Int32(method & UInt32(IP_VS_CONN_F_FWD_MASK)) {
        case IP_VS_CONN_F_MASQ: .nat
        case IP_VS_CONN_F_TUNNEL: .tun
        case IP_VS_CONN_F_DROUTE, IP_VS_CONN_F_LOCALNODE: .dr
        default: nil
        }
    }

    private static func tunnel(_ fields: [Int: ArraySlice<UInt8>]) -> Tunnel {
        Tunnel(
            type: fields[IPVS_DEST_ATTR_TUN_TYPE]?.first ?? 0,
            port: fields[IPVS_DEST_ATTR_TUN_PORT].flatMap { UInt16(networkBytes: $0) } ?? 0,
            flags: fields[IPVS_DEST_ATTR_TUN_FLAGS].flatMap { UInt16(hostBytes: $0) } ?? 0)
    }

    private static func endpoint(
        _ address: ArraySlice<UInt8>?, _ port: ArraySlice<UInt8>?, _ family: AddressFamily
    ) -> Endpoint? {
        guard let address = IPAddress(bytes: (address ?? []).prefix(family.bits / 8)),
            let port = port.flatMap({ UInt16(networkBytes: $0) })
        else { return nil }
        return Endpoint(address: address, port: port)
    }

    private static func family(_ value: ArraySlice<UInt8>) -> AddressFamily? {
        switch UInt16(hostBytes: value).map(Int32.init) {
        case AF_INET?: .v4
        case AF_INET6?: .v6
        default: nil
        }
    }

    /// One attribute behind `genlmsghdr`.
    static func attribute(_ type: Int, of payload: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        NetlinkAttributes(payload.dropFirst(4)).first { $0.type == UInt16(type) }?.value
    }
}
