package import Addresses
internal import CLibNL
import Glibc

/// A network interface.
package struct Link: Hashable, Sendable {
    package var index: Int32
    package var name: String
    /// Absent where the link layer has no 48-bit addresses.
    package var mac: MACAddress?
    /// Somebody set it up (`IFF_UP`).
    package var isUp: Bool
    /// It can carry packets now (`IFF_RUNNING`, RFC 2863's operational state).
    package var hasCarrier: Bool
    package var isLoopback: Bool
    /// What made it (`IFLA_INFO_KIND`: veth, bond, dummy ...); absent for real hardware.
    package var kind: String?
    /// The longest packet in bytes, without the link layer's header.
    package var mtu: UInt32

    package init(
        index: Int32, name: String, mac: MACAddress?, isUp: Bool, hasCarrier: Bool, isLoopback: Bool,
        kind: String? = nil, mtu: UInt32 = 1500
    ) {
        self.index = index
        self.name = name
        self.mac = mac
        self.isUp = isUp
        self.hasCarrier = hasCarrier
        self.isLoopback = isLoopback
        self.kind = kind
        self.mtu = mtu
    }
}

extension Link {
    /// The kernel gives the loopback interface of each network namespace this index (include/net/flow.h,
    /// `LOOPBACK_IFINDEX`).
    package static let loopbackIndex: Int32 = 1

    /// In bytes (linux/if.h, IFNAMSIZ without the final zero).
    static let longestName = 15
    static let fixedLength = 16

    /// Asks for one link by name, or for all of them.
    static func request(name: String?) -> NetlinkMessage {
        let flags = name == nil ? NLM_F_REQUEST | NLM_F_DUMP : NLM_F_REQUEST | NLM_F_ACK
        var message = NetlinkMessage(
            type: UInt16(RTM_GETLINK), flags: UInt16(flags), fixed: Array(repeating: 0, count: fixedLength))
        if let name { message.add(UInt16(IFLA_IFNAME), text: name) }
        return message
    }

    /// `ifinfomsg` of one interface; a flag is changed where `change` has a bit.
    static func fixed(index: Int32, flags: UInt32 = 0, change: UInt32 = 0) -> [UInt8] {
        [UInt8(AF_UNSPEC), 0, 0, 0] + index.hostBytes + flags.hostBytes + change.hostBytes
    }

    /// Reads `ifinfomsg` and its attributes; nil for a bridge port's own messages and for what is cut short.
    init?(payload: ArraySlice<UInt8>) {
        guard payload.first == UInt8(AF_UNSPEC), let index = Int32(hostBytes: payload.dropFirst(4)),
            let flags = UInt32(hostBytes: payload.dropFirst(8)), payload.count >= Self.fixedLength
        else { return nil }
        self.init(
            index: index, name: "", mac: nil, isUp: flags & 0x1 != 0, hasCarrier: flags & 0x40 != 0,
            isLoopback: flags & 0x8 != 0)
        for (type, value) in NetlinkAttributes(payload.dropFirst(Self.fixedLength)) {
            switch Int(type) {
            case IFLA_IFNAME: name = value.netlinkText
            case IFLA_ADDRESS: mac = MACAddress(bytes: value)
            case IFLA_MTU: mtu = UInt32(hostBytes: value) ?? mtu
            case IFLA_LINKINFO: kind = NetlinkAttributes(value).value(of: IFLA_INFO_KIND)?.netlinkText
            default: break
            }
        }
        guard !name.isEmpty else { return nil }
    }
}
