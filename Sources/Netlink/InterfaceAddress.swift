package import Addresses
internal import CLibNL
import Glibc

/// An address that an interface has.
package struct InterfaceAddress: Hashable, Sendable {
    package var prefix: Prefix
    /// The interface's index.
    package var interface: Int32
    /// Whole seconds until the kernel takes it away; nil: never.
    package var validLifetime: UInt32?
    /// `IFA_F_...` (linux/if_addr.h).
    package var flags: UInt32

    package init(prefix: Prefix, interface: Int32, validLifetime: UInt32?, flags: UInt32 = 0) {
        self.prefix = prefix
        self.interface = interface
        self.validLifetime = validLifetime
        self.flags = flags
    }
}

extension InterfaceAddress {
    static let fixedLength = 8

    /// Asks for all addresses of both families.
    static func request() -> NetlinkMessage {
        NetlinkMessage(
            type: UInt16(RTM_GETADDR), flags: UInt16(NLM_F_REQUEST | NLM_F_DUMP),
            fixed: Array(repeating: 0, count: fixedLength))
    }

    /// Reads `ifaddrmsg` and its attributes; nil for another family and for what is cut short.
    init?(payload: ArraySlice<UInt8>) {
        guard let family = payload.first, Int32(family) == AF_INET || Int32(family) == AF_INET6,
            let length = UInt8(hostBytes: payload.dropFirst(1)), let flags = UInt8(hostBytes: payload.dropFirst(2)),
            let interface = Int32(hostBytes: payload.dropFirst(4))
        else { return nil }
        var local: IPAddress?
        var address: IPAddress?
        self.init(prefix: Self.nowhere, interface: interface, validLifetime: nil, flags: UInt32(flags))
        for (type, value) in NetlinkAttributes(payload.dropFirst(Self.fixedLength)) {
            switch Int(type) {
            case IFA_LOCAL: local = IPAddress(bytes: value)
            case IFA_ADDRESS: address = IPAddress(bytes: value)
            case IFA_FLAGS: self.flags = UInt32(hostBytes: value) ?? self.flags
            case IFA_CACHEINFO: validLifetime = UInt32(hostBytes: value.dropFirst(4)).flatMap(Self.lifetime)
            default: break
            }
        }
        // On a point-to-point link IFA_ADDRESS is the other end.
        guard let own = local ?? address, own.family == (Int32(family) == AF_INET ? .v4 : .v6),
            let prefix = Prefix(address: own, length: Int(length))
        else { return nil }
        self.prefix = prefix
    }

    private static let nowhere = Prefix(host: .v4(IPv4Address(number: 0)))

    private static func lifetime(_ seconds: UInt32) -> UInt32? {
        seconds == LeasedAddress.forEver ? nil : seconds
    }
}
