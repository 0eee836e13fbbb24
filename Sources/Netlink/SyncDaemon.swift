internal import CLibNL
import Glibc

/// One of the kernel's two daemons that carry connections from director to director.
package struct SyncDaemon: Hashable, Sendable {
    /// The kernel's word for which way connections go; it has nothing to do with who is active.
    package enum Role: UInt32, Hashable, Sendable, CaseIterable {
        /// Sends what this kernel's connections do.
        case master = 1
        /// Hears what the other kernel's connections do.
        case backup = 2
    }

    package var role: Role
    /// The interface of the multicast group.
    package var interface: String
    /// 0 to 255. A backup that has 0 takes everything.
    package var id: UInt8
    /// The longest message in bytes; absent: as the interface allows. The kernel makes less than 1024 of a backup 1024
    /// (net/netfilter/ipvs/ip_vs_sync.c, `start_sync_thread`), so what is read back may differ from what was asked.
    package var maxLength: UInt16?

    package init(role: Role, interface: String, id: UInt8, maxLength: UInt16? = nil) {
        self.role = role
        self.interface = interface
        self.id = id
        self.maxLength = maxLength
    }
}

extension SyncDaemon {
    /// Whether this daemon, as the kernel tells it, is the one that was asked for; a backup's length is the kernel's.
    package func isSame(as wanted: SyncDaemon) -> Bool {
        role == wanted.role && interface == wanted.interface && id == wanted.id
            && (role == .backup || maxLength == wanted.maxLength)
    }

    package func startMessage(family: UInt16) -> NetlinkMessage {
        var message = IPVSCodec.request(IPVS_CMD_NEW_DAEMON, family: family)
        message.nest(UInt16(IPVS_CMD_ATTR_DAEMON)) { nest in
            nest.add(UInt16(IPVS_DAEMON_ATTR_STATE), role.rawValue)
            nest.add(UInt16(IPVS_DAEMON_ATTR_MCAST_IFN), text: interface)
            nest.add(UInt16(IPVS_DAEMON_ATTR_SYNC_ID), UInt32(id))
            if let maxLength { nest.add(UInt16(IPVS_DAEMON_ATTR_SYNC_MAXLEN), maxLength) }
        }
        return message
    }

    package static func stopMessage(_ role: Role, family: UInt16) -> NetlinkMessage {
        var message = IPVSCodec.request(IPVS_CMD_DEL_DAEMON, family: family)
        message.nest(UInt16(IPVS_CMD_ATTR_DAEMON)) { $0.add(UInt16(IPVS_DAEMON_ATTR_STATE), role.rawValue) }
        return message
    }

    /// `payload` begins behind the netlink header.
    package init?(payload: ArraySlice<UInt8>) {
        guard let nest = IPVSReader.attribute(IPVS_CMD_ATTR_DAEMON, of: payload) else { return nil }
        var role: Role?
        self.init(role: .master, interface: "", id: 0)
        for (type, value) in NetlinkAttributes(nest) {
            switch Int(type) {
            case IPVS_DAEMON_ATTR_STATE: role = UInt32(hostBytes: value).flatMap(Role.init)
            case IPVS_DAEMON_ATTR_MCAST_IFN: interface = value.netlinkText
            case IPVS_DAEMON_ATTR_SYNC_ID: id = UInt8(truncatingIfNeeded: UInt32(hostBytes: value) ?? 0)
            case IPVS_DAEMON_ATTR_SYNC_MAXLEN: maxLength = UInt16(hostBytes: value)
            default: break
            }
        }
        guard let role else { return nil }
        self.role = role
    }
}
