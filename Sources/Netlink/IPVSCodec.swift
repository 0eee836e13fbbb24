internal import Addresses
package import Balancing
internal import CLibNL
import Glibc
internal import Settings

/// Steps as messages of the IPVS family (linux/ip_vs.h, `IPVS_CMD_...`).
package enum IPVSCodec {
    /// - Parameter family: the number that the kernel gave the IPVS family.
    package static func message(for step: Step, family: UInt16) -> NetlinkMessage {
        var message = request(command(of: step), family: family)
        message.nest(UInt16(IPVS_CMD_ATTR_SERVICE)) { nest in
            put(step.service, into: &nest)
            switch step {
            case .addService(_, let options), .editService(_, let options):
                put(options, of: step.service.family, into: &nest)
            default: break
            }
        }
        switch step {
        case .addServer(let server, let options, _), .editServer(let server, let options, _):
            message.nest(UInt16(IPVS_CMD_ATTR_DEST)) { nest in
                put(server, into: &nest)
                put(options, into: &nest)
            }
        case .removeServer(let server, _):
            message.nest(UInt16(IPVS_CMD_ATTR_DEST)) { put(server, into: &$0) }
        case .addService, .editService, .removeService: break
        }
        return message
    }

    /// Asks for all services, or for all servers of one.
    package static func dump(_ command: Int, of service: ServiceIdentity? = nil, family: UInt16) -> NetlinkMessage {
        var message = request(command, flags: NLM_F_DUMP, family: family)
        if let service {
            message.nest(UInt16(IPVS_CMD_ATTR_SERVICE)) { put(service, into: &$0) }
        }
        return message
    }

    /// Asks for one service.
    static func question(of service: ServiceIdentity, family: UInt16) -> NetlinkMessage {
        var message = request(IPVS_CMD_GET_SERVICE, family: family)
        message.nest(UInt16(IPVS_CMD_ATTR_SERVICE)) { put(service, into: &$0) }
        return message
    }

    static func request(_ command: Int, flags: Int32 = NLM_F_ACK, family: UInt16) -> NetlinkMessage {
        NetlinkMessage(
            type: family, flags: UInt16(NLM_F_REQUEST | flags),
            fixed: [UInt8(command), UInt8(IPVS_GENL_VERSION), 0, 0])
    }

    private static func command(of step: Step) -> Int {
        switch step {
        case .addService: IPVS_CMD_NEW_SERVICE
        case .editService: IPVS_CMD_SET_SERVICE
        case .removeService: IPVS_CMD_DEL_SERVICE
        case .addServer: IPVS_CMD_NEW_DEST
        case .editServer: IPVS_CMD_SET_DEST
        case .removeServer: IPVS_CMD_DEL_DEST
        }
    }

    private static func put(_ service: ServiceIdentity, into nest: inout NetlinkMessage) {
        nest.add(UInt16(IPVS_SVC_ATTR_AF), number(of: service.family))
        switch service {
        case .endpoint(let transport, let endpoint):
            nest.add(UInt16(IPVS_SVC_ATTR_PROTOCOL), UInt16(transport.number))
            put(endpoint.address, as: IPVS_SVC_ATTR_ADDR, into: &nest)
            nest.add(UInt16(IPVS_SVC_ATTR_PORT), endpoint.port.bigEndian)
        case .mark(let mark, _):
            nest.add(UInt16(IPVS_SVC_ATTR_FWMARK), mark)
        }
    }

    private static func put(
        _ options: ServiceOptions, of family: AddressFamily, into nest: inout NetlinkMessage
    ) {
        let persistent = options.persistence == nil ? 0 : UInt32(IP_VS_SVC_F_PERSISTENT)
        nest.add(UInt16(IPVS_SVC_ATTR_SCHED_NAME), text: options.scheduler)
        if let engine = options.engine { nest.add(UInt16(IPVS_SVC_ATTR_PE_NAME), text: engine) }
        // struct ip_vs_flags: the flags, and which of them are meant: all.
        nest.add(UInt16(IPVS_SVC_ATTR_FLAGS), (options.flags | persistent).hostBytes + UInt32.max.hostBytes)
        nest.add(UInt16(IPVS_SVC_ATTR_TIMEOUT), options.persistence ?? 0)
        switch family {
        case .v4: nest.add(UInt16(IPVS_SVC_ATTR_NETMASK), (options.netmask ?? .max).bigEndian)
        case .v6: nest.add(UInt16(IPVS_SVC_ATTR_NETMASK), options.netmask ?? 128)
        }
    }

    private static func put(_ server: Endpoint, into nest: inout NetlinkMessage) {
        nest.add(UInt16(IPVS_DEST_ATTR_ADDR_FAMILY), number(of: server.address.family))
        put(server.address, as: IPVS_DEST_ATTR_ADDR, into: &nest)
        nest.add(UInt16(IPVS_DEST_ATTR_PORT), server.port.bigEndian)
    }

    private static func put(_ options: ServerOptions, into nest: inout NetlinkMessage) {
        nest.add(UInt16(IPVS_DEST_ATTR_FWD_METHOD), UInt32(method(of: options.forwarding)))
        nest.add(UInt16(IPVS_DEST_ATTR_WEIGHT), options.weight)
        nest.add(UInt16(IPVS_DEST_ATTR_U_THRESH), options.upperThreshold)
        nest.add(UInt16(IPVS_DEST_ATTR_L_THRESH), options.lowerThreshold)
        guard options.forwarding == .tun else { return }
        nest.add(UInt16(IPVS_DEST_ATTR_TUN_TYPE), options.tunnel.type)
        nest.add(UInt16(IPVS_DEST_ATTR_TUN_PORT), options.tunnel.port.bigEndian)
        nest.add(UInt16(IPVS_DEST_ATTR_TUN_FLAGS), options.tunnel.flags)
    }

    private static func method(of forwarding: Forwarding) -> Int32 {
        switch forwarding {
        case .nat: IP_VS_CONN_F_MASQ
        case .tun: IP_VS_CONN_F_TUNNEL
        case .dr: IP_VS_CONN_F_DROUTE
        }
    }

    private static func number(of family: AddressFamily) -> UInt16 {
        UInt16(family == .v4 ? AF_INET : AF_INET6)
    }

    /// `union nf_inet_addr`: 16 bytes, of which IPv4 uses the first four.
    private static func put(_ address: IPAddress, as type: Int, into nest: inout NetlinkMessage) {
        switch address {
        case .v4(let address): nest.add(UInt16(type), (UInt64(address.number) << 32).bigEndian, 0)
        case .v6(let address): nest.add(UInt16(type), address.high.bigEndian, address.low.bigEndian)
        }
    }
}
