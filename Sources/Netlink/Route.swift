package import Addresses
internal import CLibNL
import Glibc

/// Which way packets take.
package struct Route: Hashable, Sendable {
    /// They are delivered to this machine.
    package var isLocal: Bool
    /// It is for everything that has no way of its own.
    package var isDefault: Bool
    /// The interface's index; absent where the route has several.
    package var interface: Int32?
    /// Absent: the network is connected, or the gateway has another family than the route.
    package var gateway: IPAddress?
    /// The lower is taken.
    package var metric: UInt32

    package init(
        isLocal: Bool = false, isDefault: Bool = false, interface: Int32?, gateway: IPAddress? = nil,
        metric: UInt32 = 0
    ) {
        self.isLocal = isLocal
        self.isDefault = isDefault
        self.interface = interface
        self.gateway = gateway
        self.metric = metric
    }
}

extension Route {
    // struct rtmsg (linux/rtnetlink.h): family, lengths of destination and source, TOS, table, protocol, scope, type.
    private static let fixedLength = 12

    /// Asks for the way to an address, or for all routes of a family.
    static func request(_ family: AddressFamily, to address: IPAddress? = nil) -> NetlinkMessage {
        var fixed = [UInt8](repeating: 0, count: fixedLength)
        fixed[0] = UInt8(family == .v4 ? AF_INET : AF_INET6)
        fixed[1] = address == nil ? 0 : UInt8(family.bits)
        let flags = address == nil ? NLM_F_REQUEST | NLM_F_DUMP : NLM_F_REQUEST | NLM_F_ACK
        var question = NetlinkMessage(type: UInt16(RTM_GETROUTE), flags: UInt16(flags), fixed: fixed)
        if let address { question.add(UInt16(RTA_DST.rawValue), address.bytes) }
        return question
    }

    /// Reads `rtmsg` and its attributes; nil for what is cut short.
    init?(payload: ArraySlice<UInt8>) {
        guard payload.count >= Self.fixedLength, let type = payload.dropFirst(7).first else { return nil }
        self.init(isLocal: type == UInt8(RTN_LOCAL), isDefault: payload.dropFirst(1).first == 0, interface: nil)
        for (type, value) in NetlinkAttributes(payload.dropFirst(Self.fixedLength)) {
            switch Int(type) {
            case Int(RTA_OIF.rawValue): interface = Int32(hostBytes: value)
            case Int(RTA_GATEWAY.rawValue): gateway = IPAddress(bytes: value)
            case Int(RTA_PRIORITY.rawValue): metric = UInt32(hostBytes: value) ?? 0
            default: break
            }
        }
    }

    /// Whether it is a way to other machines, in the table that is asked when no rule says otherwise.
    static func isOrdinary(_ payload: ArraySlice<UInt8>) -> Bool {
        payload.dropFirst(4).first == UInt8(RT_TABLE_MAIN.rawValue) && payload.dropFirst(7).first == UInt8(RTN_UNICAST)
    }
}

extension RouteSocket {
    /// nil: there is none.
    package mutating func route(to address: IPAddress) throws(NetlinkError) -> Route? {
        do {
            return try ask(Route.request(address.family, to: address), what: "look for the route to \(address)")
                .lazy.filter { $0.type == UInt16(RTM_NEWROUTE) }.compactMap { Route(payload: $0.payload) }.first
        } catch {
            guard error.errno == ENETUNREACH || error.errno == EHOSTUNREACH else { throw error }
            return nil
        }
    }

    /// The ways to other machines, the lowest metric first.
    package mutating func routes(_ family: AddressFamily) throws(NetlinkError) -> [Route] {
        try ask(Route.request(family), what: "list the routes")
            .filter { $0.type == UInt16(RTM_NEWROUTE) && Route.isOrdinary($0.payload) }
            .compactMap { Route(payload: $0.payload) }
            .sorted { $0.metric < $1.metric }
    }
}
