package import Balancing
internal import CLibNL
import Glibc

extension IPVSSocket {
    /// Of TCP, TCP that is being closed, and UDP, in this network namespace.
    package mutating func timeouts() throws(NetlinkError) -> Timeouts {
        let what = "ask ip_vs for its timeouts"
        let question = IPVSCodec.request(IPVS_CMD_GET_CONFIG, family: family)
        for reply in try socket.answers(to: question, what: what) {
            func seconds(_ type: Int) -> UInt32? {
                IPVSReader.attribute(type, of: reply.payload).flatMap { UInt32(hostBytes: $0) }
            }
            // Each protocol is there if the kernel was built with it.
            if let tcp = seconds(IPVS_CMD_ATTR_TIMEOUT_TCP) {
                return Timeouts(
                    tcp: tcp, tcpFin: seconds(IPVS_CMD_ATTR_TIMEOUT_TCP_FIN) ?? 0,
                    udp: seconds(IPVS_CMD_ATTR_TIMEOUT_UDP) ?? 0)
            }
        }
        throw NetlinkError(errno: EBADMSG, what: what)
    }

    /// 1 s to 2,147,483 s; the kernel counts ticks in 31 bits, and leaves as it is what is 0.
    package mutating func setTimeouts(_ timeouts: Timeouts) throws(NetlinkError) {
        var message = IPVSCodec.request(IPVS_CMD_SET_CONFIG, family: family)
        message.add(UInt16(IPVS_CMD_ATTR_TIMEOUT_TCP), timeouts.tcp)
        message.add(UInt16(IPVS_CMD_ATTR_TIMEOUT_TCP_FIN), timeouts.tcpFin)
        message.add(UInt16(IPVS_CMD_ATTR_TIMEOUT_UDP), timeouts.udp)
        guard let errno = socket.acknowledged([message])[0] else { return }
        throw NetlinkError(errno: errno, what: "set the timeouts of ip_vs to \(timeouts)")
    }
}
