package import Addresses
internal import CLibNL
import Glibc

/// An address that the kernel takes away by itself unless somebody renews it.
package struct LeasedAddress: Hashable, Sendable {
    package var prefix: Prefix
    /// The interface's index.
    package var interface: Int32
    /// Seconds, at least 1; `forEver` has no end.
    package var lease: UInt32

    /// include/linux/inetdevice.h, INFINITY_LIFE_TIME.
    package static let forEver = UInt32.max

    package init(prefix: Prefix, interface: Int32, lease: UInt32) {
        precondition(lease > 0, "a lease lasts at least 1 s")
        self.prefix = prefix
        self.interface = interface
        self.lease = lease
    }
}

/// One change of an interface's addresses.
package enum AddressChange: Hashable, Sendable {
    /// Adds the address, or renews it if the interface has it already.
    case add(LeasedAddress)
    /// Prolongs the lease. The kernel adds an address that lapsed meanwhile again: who may not do that
    /// must know that the old lease still runs.
    case renew(LeasedAddress)
    /// Done as well when the interface does not have it (any more).
    case remove(Prefix, interface: Int32)
}

extension AddressChange: CustomStringConvertible {
    package var description: String {
        switch self {
        case .add(let address): "add \(address.prefix) to interface \(address.interface)"
        case .renew(let address): "renew \(address.prefix) on interface \(address.interface)"
        case .remove(let prefix, let interface): "remove \(prefix) from interface \(interface)"
        }
    }
}

extension AddressChange {
    package var message: NetlinkMessage {
        switch self {
        case .add(let address): Self.newAddress(address, flags: NLM_F_CREATE | NLM_F_REPLACE)
        case .renew(let address): Self.newAddress(address, flags: NLM_F_REPLACE)
        case .remove(let prefix, let interface):
            Self.message(RTM_DELADDR, prefix, interface, flags: 0)
        }
    }

    private static func newAddress(_ address: LeasedAddress, flags: Int32) -> NetlinkMessage {
        var message = message(RTM_NEWADDR, address.prefix, address.interface, flags: flags)
        if address.prefix.address.family == .v6 {
            message.add(UInt16(IFA_FLAGS), flags6(of: address.prefix))
        }
        // A preferred lifetime of 0 keeps the director from using an IPv6 address as its source; IPv4 has no such
        // choice, and a secondary address is not chosen anyway.
        let preferred = address.prefix.address.family == .v6 ? 0 : address.lease
        message.add(
            UInt16(IFA_CACHEINFO), [preferred, address.lease, 0, 0].flatMap(\.hostBytes))
        return message
    }

    /// No duplicate address detection, which would hold the address back for a second. A /128 needs no route of its
    /// own; a shorter prefix has one that lasts as long as the lease.
    private static func flags6(of prefix: Prefix) -> UInt32 {
        UInt32(IFA_F_NODAD) | (prefix.length == 128 ? UInt32(IFA_F_NOPREFIXROUTE) : 0)
    }

    private static func message(_ type: Int, _ prefix: Prefix, _ interface: Int32, flags: Int32) -> NetlinkMessage {
        let isV4 = prefix.address.family == .v4
        let scope = interface == Link.loopbackIndex ? RT_SCOPE_HOST.rawValue : RT_SCOPE_UNIVERSE.rawValue
        var message = NetlinkMessage(
            type: UInt16(type), flags: UInt16(NLM_F_REQUEST | NLM_F_ACK | flags),
            fixed: [UInt8(isV4 ? AF_INET : AF_INET6), UInt8(prefix.length), 0, UInt8(scope)] + interface.hostBytes)
        message.add(UInt16(IFA_LOCAL), prefix.address.bytes)
        message.add(UInt16(IFA_ADDRESS), prefix.address.bytes)
        return message
    }

    /// What an error number means for this change; nil if it is done all the same.
    func problem(_ errno: Int32?) -> NetlinkError? {
        guard let errno, !isDone(despite: errno) else { return nil }
        return NetlinkError(errno: errno, what: description, remedy: remedy(errno))
    }

    /// `addrconf_add_dev` (net/ipv6/addrconf.c) says EACCES where IPv6 is switched off; who lacks the capability is
    /// told EPERM before.
    private func remedy(_ errno: Int32) -> String? {
        switch self {
        case .add(let address), .renew(let address):
            guard errno == EACCES, address.prefix.address.family == .v6 else { return nil }
            return "IPv6 is disabled on the interface; set net.ipv6.conf.INTERFACE.disable_ipv6 to 0"
        case .remove: return nil
        }
    }

    private func isDone(despite errno: Int32) -> Bool {
        switch self {
        case .add: errno == EEXIST
        case .renew: false
        // ENODEV (IPv4) and ENXIO (IPv6): an interface that is gone has no address.
        case .remove: errno == EADDRNOTAVAIL || errno == ENODEV || errno == ENXIO
        }
    }
}
