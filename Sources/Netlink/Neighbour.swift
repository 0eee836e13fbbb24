internal import Addresses
internal import CLibNL
import Glibc

/// The messages that hold a neighbour's link-layer address for good (linux/neighbour.h).
enum Neighbour {
    static func add(_ address: IPAddress, _ mac: MACAddress, _ interface: Int32) -> NetlinkMessage {
        var message = message(RTM_NEWNEIGH, address, interface, flags: NLM_F_CREATE | NLM_F_REPLACE)
        message.add(UInt16(NDA_LLADDR), mac.bytes)
        return message
    }

    static func remove(_ address: IPAddress, _ interface: Int32) -> NetlinkMessage {
        message(RTM_DELNEIGH, address, interface, flags: 0)
    }

    private static func message(_ type: Int, _ address: IPAddress, _ interface: Int32, flags: Int32) -> NetlinkMessage {
        let family = UInt8(address.family == .v4 ? AF_INET : AF_INET6)
        let fixed = [family, 0, 0, 0] + interface.hostBytes + UInt16(NUD_PERMANENT).hostBytes + [0, 0]
        var message = NetlinkMessage(
            type: UInt16(type), flags: UInt16(NLM_F_REQUEST | NLM_F_ACK | flags), fixed: fixed)
        message.add(UInt16(NDA_DST), address.bytes)
        return message
    }
}
