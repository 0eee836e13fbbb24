package import Addresses
internal import CLibNL
import Glibc

/// A UDP port at which the kernel takes packets out of generic UDP encapsulation (net/ipv4/fou.c, `FOU_ENCAP_GUE`) and
/// treats what was in them as if it had come without: in a tunnel of IPs.
package struct GUEListener: Hashable, Sendable {
    package var port: UInt16
    /// Of the outer packets.
    package var family: AddressFamily

    package init(port: UInt16, family: AddressFamily) {
        self.port = port
        self.family = family
    }
}

extension GUEListener: CustomStringConvertible {
    package var description: String { "UDP port \(port) of \(family.rawValue)" }
}

/// The kernel's GUE ports of this network namespace (generic netlink, family fou).
///
/// For one thread. Needs CAP_NET_ADMIN.
package struct GUESocket: ~Copyable {
    private var socket: NetlinkSocket
    private let family: UInt16

    /// Fails with `.noFOU` where the kernel has not loaded the module.
    package init() throws(NetlinkError) {
        var socket = try NetlinkSocket(family: NETLINK_GENERIC)
        guard let family = try socket.genericFamily(named: FOU_GENL_NAME, what: "look for fou") else { throw .noFOU }
        self.family = family
        self.socket = socket
    }

    /// Those of GUE alone: the module has other ports as well.
    package mutating func listeners() throws(NetlinkError) -> [GUEListener] {
        let question = message(FOU_CMD_GET, flags: NLM_F_REQUEST | NLM_F_DUMP)
        return try socket.answers(to: question, what: "list the ports of GUE")
            .compactMap { GUEListener(payload: $0.payload) }
    }

    /// Done as well when it listens already.
    package mutating func add(_ listener: GUEListener) throws(NetlinkError) {
        var request = message(FOU_CMD_ADD, flags: NLM_F_REQUEST | NLM_F_ACK)
        listener.write(into: &request)
        request.add(UInt16(FOU_ATTR_TYPE), [UInt8(FOU_ENCAP_GUE)])
        guard let errno = socket.acknowledged([request])[0] else { return }
        // The kernel takes the port before it looks whether it listens there itself (`fou_create`).
        if errno == EADDRINUSE, try listeners().contains(listener) { return }
        let remedy = errno == EADDRINUSE ? "another program has this port; end it or choose another port" : nil
        throw NetlinkError(errno: errno, what: "take GUE at \(listener)", remedy: remedy)
    }

    /// Done as well when it does not listen.
    package mutating func remove(_ listener: GUEListener) throws(NetlinkError) {
        var request = message(FOU_CMD_DEL, flags: NLM_F_REQUEST | NLM_F_ACK)
        listener.write(into: &request)
        // EINVAL: the kernel knows no such port (`fou_del`).
        guard let errno = socket.acknowledged([request])[0], errno != EINVAL else { return }
        throw NetlinkError(errno: errno, what: "no longer take GUE at \(listener)")
    }

    private func message(_ command: Int, flags: Int32) -> NetlinkMessage {
        NetlinkMessage(type: family, flags: UInt16(flags), fixed: [UInt8(command), UInt8(FOU_GENL_VERSION), 0, 0])
    }
}

extension GUEListener {
    fileprivate func write(into message: inout NetlinkMessage) {
        message.add(UInt16(FOU_ATTR_PORT), port.networkBytes)
        message.add(UInt16(FOU_ATTR_AF), [UInt8(family == .v4 ? AF_INET : AF_INET6)])
    }

    /// `payload` begins behind the netlink header. nil for a port of another kind and for what is cut short.
    init?(payload: ArraySlice<UInt8>) {
        guard let port = IPVSReader.attribute(FOU_ATTR_PORT, of: payload).flatMap({ UInt16(networkBytes: $0) }),
            let family = IPVSReader.attribute(FOU_ATTR_AF, of: payload)?.first,
            IPVSReader.attribute(FOU_ATTR_TYPE, of: payload)?.first == UInt8(FOU_ENCAP_GUE)
        else { return nil }
        self.init(port: port, family: Int32(family) == AF_INET ? .v4 : .v6)
    }
}
