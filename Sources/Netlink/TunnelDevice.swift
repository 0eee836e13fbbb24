package import Addresses
internal import CLibNL
import Glibc

/// An end of tunnels: it takes what any other end sends to its address and gives it to this machine.
package struct TunnelDevice: Hashable, Sendable {
    /// The kernel's words (`IFLA_INFO_KIND`).
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// IPv4 in IPv4.
        case ipip
        /// IPv6 in IPv4.
        case sit
        /// Either family in IPv6.
        case ip6tnl
        /// Either family in GRE in IPv4.
        case gre
        /// Either family in GRE in IPv6.
        case ip6gre

        /// The family of the outer packets.
        package var outer: AddressFamily { self == .ip6tnl || self == .ip6gre ? .v6 : .v4 }
    }

    /// At most 15 bytes.
    package var name: String
    package var kind: Kind
    /// Where tunnels end; absent: at every address of this machine.
    package var local: IPAddress?
    /// Of GRE alone: packets have to have a checksum, or must have none (net/ipv4/ip_tunnel.c, `ip_tunnel_rcv`).
    package var hasChecksum: Bool

    package init(name: String, kind: Kind, local: IPAddress?, hasChecksum: Bool = false) {
        self.name = name
        self.kind = kind
        self.local = local
        self.hasChecksum = hasChecksum
    }
}

extension TunnelDevice: CustomStringConvertible {
    /// `tandem-ipip (ipip to 192.0.2.21)`.
    package var description: String {
        "\(name) (\(kind.rawValue)\(hasChecksum ? " with checksums" : "")\(local.map { " to \($0)" } ?? ""))"
    }
}

/// linux/if_tunnel.h, `IFLA_IPTUN_...` and `IFLA_GRE_...`. The header itself defines what the C library has as well.
private enum TunnelAttribute {
    static let local = 2
    static let remote = 3
    static let proto = 9
    static let greFlags = 2
    static let greLocal = 6
    static let greRemote = 7
}

extension TunnelDevice {
    /// linux/if_tunnel.h: GRE_CSUM, in network order.
    private static let checksumFlag: UInt16 = 0x8000

    /// Creates it and sets it up. The kernel loads the module by itself (net/core/rtnetlink.c, `rtnl_newlink`).
    package var message: NetlinkMessage {
        var message = NetlinkMessage(
            type: UInt16(RTM_NEWLINK), flags: UInt16(NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL),
            fixed: Link.fixed(index: 0, flags: 1, change: 1))
        message.add(UInt16(IFLA_IFNAME), text: name)
        message.nest(UInt16(IFLA_LINKINFO)) { info in
            info.add(UInt16(IFLA_INFO_KIND), text: kind.rawValue)
            info.nest(UInt16(IFLA_INFO_DATA)) { data in
                if let local { data.add(UInt16(isGRE ? TunnelAttribute.greLocal : TunnelAttribute.local), local.bytes) }
                if kind == .ip6tnl { data.add(UInt16(TunnelAttribute.proto), [0]) }
                if isGRE, hasChecksum { data.add(UInt16(TunnelAttribute.greFlags), Self.checksumFlag.networkBytes) }
            }
        }
        return message
    }

    private var isGRE: Bool { kind == .gre || kind == .ip6gre }

    /// Reads `ifinfomsg` and its attributes; nil for what is no such device, takes from one other end alone, or takes
    /// one family alone where it could take both.
    init?(payload: ArraySlice<UInt8>) {
        let attributes = NetlinkAttributes(payload.dropFirst(Link.fixedLength))
        guard let name = attributes.value(of: IFLA_IFNAME)?.netlinkText,
            let info = attributes.value(of: IFLA_LINKINFO).map(NetlinkAttributes.init),
            let kind = info.value(of: IFLA_INFO_KIND).flatMap({ Kind(rawValue: $0.netlinkText) }),
            let data = info.value(of: IFLA_INFO_DATA).map(NetlinkAttributes.init)
        else { return nil }
        self.init(name: name, kind: kind, local: nil)
        let remote = data.value(of: isGRE ? TunnelAttribute.greRemote : TunnelAttribute.remote)
        guard remote?.allSatisfy({ $0 == 0 }) ?? true else { return nil }
        if kind == .ip6tnl, data.value(of: TunnelAttribute.proto)?.first != 0 { return nil }
        local = data.value(of: isGRE ? TunnelAttribute.greLocal : TunnelAttribute.local).flatMap {
            IPAddress(bytes: $0)
        }
        if local?.isUnspecified == true { local = nil }
        let flags = isGRE ? data.value(of: TunnelAttribute.greFlags).flatMap { UInt16(networkBytes: $0) } : nil
        hasChecksum = (flags ?? 0) & Self.checksumFlag != 0
    }
}

extension NetlinkAttributes {
    /// The first of this type.
    func value(of type: Int) -> ArraySlice<UInt8>? { first { $0.type == UInt16(type) }?.value }
}

extension RouteSocket {
    /// The ends of tunnels that take from everywhere.
    package mutating func tunnels() throws(NetlinkError) -> [TunnelDevice] {
        try ask(Link.request(name: nil), what: "list the tunnels")
            .filter { $0.type == UInt16(RTM_NEWLINK) }
            .compactMap { TunnelDevice(payload: $0.payload) }
    }

    package mutating func create(_ device: TunnelDevice) throws(NetlinkError) {
        guard let errno = tell(device.message) else { return }
        throw NetlinkError(
            errno: errno, what: "make the tunnel device \(device.name)", remedy: device.remedy(for: errno))
    }

    /// Done as well when there is none of this name.
    package mutating func removeLink(named name: String) throws(NetlinkError) {
        guard let link = try link(named: name) else { return }
        let request = NetlinkMessage(
            type: UInt16(RTM_DELLINK), flags: UInt16(NLM_F_REQUEST | NLM_F_ACK), fixed: Link.fixed(index: link.index))
        guard let errno = tell(request), errno != ENODEV else { return }
        throw NetlinkError(errno: errno, what: "remove the interface \(name)")
    }

    package mutating func setUp(_ link: Link) throws(NetlinkError) {
        let request = NetlinkMessage(
            type: UInt16(RTM_NEWLINK), flags: UInt16(NLM_F_REQUEST | NLM_F_ACK),
            fixed: Link.fixed(index: link.index, flags: 1, change: 1))
        guard let errno = tell(request) else { return }
        throw NetlinkError(errno: errno, what: "set interface \(link.name) up")
    }
}

extension TunnelDevice {
    fileprivate func remedy(for errno: Int32) -> String? {
        switch errno {
        case EOPNOTSUPP, ENOENT: "this kernel has no tunnels of kind \(kind.rawValue); install its module"
        case EEXIST: "another device ends such tunnels here (`ip -d link show type \(kind.rawValue)`); remove it"
        default: nil
        }
    }
}
