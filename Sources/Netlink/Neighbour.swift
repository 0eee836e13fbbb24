package import Addresses
internal import CLibNL
import Glibc

/// Who has an address on a link, as the kernel's neighbour table says.
package struct KnownNeighbour: Hashable, Sendable {
    package var address: IPAddress
    package var mac: MACAddress
    /// The interface's index.
    package var interface: Int32
}

extension KnownNeighbour {
    static func request() -> NetlinkMessage {
        NetlinkMessage(
            type: UInt16(RTM_GETNEIGH), flags: UInt16(NLM_F_REQUEST | NLM_F_DUMP),
            fixed: Array(repeating: 0, count: Neighbour.fixedLength))
    }

    /// Reads `ndmsg` and its attributes; nil where the link-layer address is not known, and for what is cut short.
    init?(payload: ArraySlice<UInt8>) {
        guard payload.count >= Neighbour.fixedLength, let interface = Int32(hostBytes: payload.dropFirst(4)) else {
            return nil
        }
        var address: IPAddress?
        var mac: MACAddress?
        for (type, value) in NetlinkAttributes(payload.dropFirst(Neighbour.fixedLength)) {
            switch Int(type) {
            case NDA_DST: address = IPAddress(bytes: value)
            case NDA_LLADDR: mac = MACAddress(bytes: value)
            default: break
            }
        }
        guard let address, let mac else { return nil }
        self.init(address: address, mac: mac, interface: interface)
    }
}

/// The messages that hold a neighbour's link-layer address for good (linux/neighbour.h).
enum Neighbour {
    /// `struct ndmsg`.
    static let fixedLength = 12

    static func add(_ address: IPAddress, _ mac: MACAddress, _ interface: Int32) -> NetlinkMessage {
        var message = message(RTM_NEWNEIGH, address, interface, flags: NLM_F_CREATE | NLM_F_REPLACE)
        message.add(UInt16(NDA_LLADDR), mac.bytes)
        return message
    }

    static func remove(_ address: IPAddress, _ interface: Int32) -> NetlinkMessage {
        message(RTM_DELNEIGH, address, interface, flags: 0)
    }

    /// Has the kernel ask who has the address, as if a packet were sent there (net/core/neighbour.c, `neigh_add`).
    static func ask(_ address: IPAddress, _ interface: Int32) -> NetlinkMessage {
        message(RTM_NEWNEIGH, address, interface, flags: NLM_F_CREATE, state: NUD_NONE, entry: UInt8(NTF_USE))
    }

    private static func message(
        _ type: Int, _ address: IPAddress, _ interface: Int32, flags: Int32, state: Int32 = NUD_PERMANENT,
        entry: UInt8 = 0
    ) -> NetlinkMessage {
        let family = UInt8(address.family == .v4 ? AF_INET : AF_INET6)
        let fixed = [family, 0, 0, 0] + interface.hostBytes + UInt16(state).hostBytes + [entry, 0]
        var message = NetlinkMessage(
            type: UInt16(type), flags: UInt16(NLM_F_REQUEST | NLM_F_ACK | flags), fixed: fixed)
        message.add(UInt16(NDA_DST), address.bytes)
        return message
    }
}
