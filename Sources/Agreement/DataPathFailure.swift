/// Why a connection to a virtual address failed at one server, the way that clients' packets take.
package enum DataPathFailure: Hashable, Sendable {
    /// Nothing came back, by direct routing.
    case silent
    /// The same through a tunnel.
    case silentInTunnel
    /// The server knows the virtual address, and nobody listens on its port.
    case refused
    /// Nobody takes datagrams there.
    case noListener
    /// An answer, and not the one that is expected.
    case unexpected
    /// The server passed the packet on, and it came too far.
    case forwarded
    /// A firewall said so.
    case prohibited
    /// A router, or the server, said so.
    case unreachable
    /// The server does not take such tunnels' packets.
    case noProtocol
    /// Nobody takes a tunnel's packets at its UDP port.
    case noPort
    /// Nobody on the link says that he has the server's address.
    case unresolved
    /// The server is in no network of this director's.
    case offLink
    /// This director has no address of its own to ask from, of the virtual address's family.
    case withoutSource
    /// The director could not send; the errno says why.
    case unsent(Int32)
}

extension DataPathFailure {
    /// Whether it says nothing about the server.
    var isOwn: Bool {
        switch self {
        case .withoutSource, .unsent: true
        default: false
        }
    }
}

extension DataPathFailure: CustomStringConvertible {
    /// In 180 bytes, so that the peer is told all of it.
    package var description: String {
        switch self {
        case .silent:
            "no answer from the virtual address; it is missing on the server's loopback, or packets are dropped there "
                + "(rp_filter, firewall)"
        case .silentInTunnel:
            "no answer through the tunnel; its device or the virtual address is missing at the server, or packets are "
                + "dropped there or on the way"
        case .refused: "connection refused at the virtual address, which the server has"
        case .noListener:
            "port unreachable at the virtual address; nobody takes datagrams at that port, or a firewall says so"
        case .unexpected: "the answer from the virtual address is not what is expected"
        case .forwarded: "the server passes packets for the virtual address on; it is missing on its loopback"
        case .prohibited: "a firewall forbids it"
        case .unreachable: "the packet was called undeliverable on its way or at the server"
        case .noProtocol:
            "the server takes no packets of such a tunnel; its device is missing or down, or a firewall forbids them"
        case .noPort: "nobody takes the tunnel's packets at the server's UDP port"
        case .unresolved: "nobody on the link has the server's address"
        case .offLink: "the server is in no network of this director's, and direct routing reaches no further"
        case .withoutSource: "the director has no address of its own of that family to ask from"
        case .unsent(let code): "the director could not send (errno \(code))"
        }
    }
}
