package import Addresses
internal import CLibNL
import Glibc

/// What somebody, ourselves included, changed about links and addresses.
package enum RouteEvent: Hashable, Sendable {
    /// Also when only a counter or a setting of it changed.
    case linkChanged(Link)
    /// By index.
    case linkRemoved(Int32)
    /// Also when an address that was there is renewed.
    case addressAdded(InterfaceAddress)
    /// Removed by somebody or lapsed.
    case addressRemoved(Prefix, interface: Int32)
    /// Events were lost: read everything anew.
    case overflow
}

/// The kernel's announcements of changes, on a socket to be waited for with epoll.
package struct RouteEvents: ~Copyable {
    private var socket: NetlinkSocket

    /// One visit reads at most so many datagrams, so that a flood cannot hold its thread.
    private static let datagramsPerVisit = 64

    /// - Parameter linksOnly: whether what happens to addresses is of no interest.
    package init(linksOnly: Bool = false) throws(NetlinkError) {
        let groups = [RTNLGRP_LINK] + (linksOnly ? [] : [RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR])
        socket = try NetlinkSocket(family: NETLINK_ROUTE, groups: groups.map { Int32($0.rawValue) })
    }

    /// Readable when an event waits. Belongs to this value: do not close it.
    package var fileDescriptor: Int32 { socket.fileDescriptor }

    /// What has happened, oldest first, without waiting. If the descriptor is still readable there is more.
    package mutating func receive() -> [RouteEvent] {
        var events: [RouteEvent] = []
        for _ in 0..<Self.datagramsPerVisit {
            switch socket.receive(wait: false) {
            case .success(let datagram): events += NetlinkReplies(datagram[...]).compactMap(RouteEvent.init)
            case .failure(let problem):
                guard problem.errno != EAGAIN, problem.errno != EWOULDBLOCK else { return events }
                // ENOBUFS, or a datagram larger than any that the kernel should send.
                events.append(.overflow)
            }
        }
        return events
    }
}

extension RouteEvent {
    init?(_ reply: NetlinkReply) {
        switch Int(reply.type) {
        case RTM_NEWLINK:
            guard let link = Link(payload: reply.payload) else { return nil }
            self = .linkChanged(link)
        case RTM_DELLINK:
            guard let link = Link(payload: reply.payload) else { return nil }
            self = .linkRemoved(link.index)
        case RTM_NEWADDR:
            guard let address = InterfaceAddress(payload: reply.payload) else { return nil }
            self = .addressAdded(address)
        case RTM_DELADDR:
            guard let address = InterfaceAddress(payload: reply.payload) else { return nil }
            self = .addressRemoved(address.prefix, interface: address.interface)
        default: return nil
        }
    }
}
