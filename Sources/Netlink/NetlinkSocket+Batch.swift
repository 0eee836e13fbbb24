internal import CLibNL
import Glibc

extension NetlinkSocket {
    /// Sends requests of one subsystem of netfilter that are carried out together or not at all
    /// (net/netfilter/nfnetlink.c, `nfnetlink_rcv_batch`). nil: done; else why nothing was.
    mutating func transact(_ requests: [NetlinkMessage], subsystem: UInt16) -> Int32? {
        guard !requests.isEmpty else { return nil }
        let all = [Self.bound(NFNL_MSG_BATCH_BEGIN, subsystem)] + requests + [Self.bound(NFNL_MSG_BATCH_END, subsystem)]
        // The last request's answer comes when all of them are done.
        let (first, datagram) = bundle(all, answering: requests.count)
        makeRoom(for: datagram.count)
        if let problem = write(datagram) { return problem }
        return outcome(first: first, last: requests.count)
    }

    /// A batch is one datagram, however long it is (net/netlink/af_netlink.c, `netlink_sendmsg`).
    private func makeRoom(for count: Int) {
        var size = Int32(clamping: count + 4096)
        unsafe setsockopt(
            fileDescriptor, SOL_SOCKET, SO_SNDBUFFORCE, &size, socklen_t(MemoryLayout<Int32>.size))
    }

    /// The kernel answers every request that it refuses, then the last one; what stops the whole batch is said of its
    /// beginning.
    private mutating func outcome(first: UInt32, last: Int) -> Int32? {
        var problem: Int32?
        while true {
            switch receive(wait: true) {
            case .failure(let failure): return problem ?? failure.errno
            case .success(let datagram):
                guard let messages = NetlinkReplies.whole(datagram[...]) else { return EBADMSG }
                for reply in messages where reply.type == UInt16(NLMSG_ERROR) {
                    let index = Int(reply.sequence &- first)
                    guard index <= last else { continue }
                    problem = problem ?? reply.errorNumber
                    if index == last || (index == 0 && problem != nil) { return problem }
                }
            }
        }
    }

    private static func bound(_ type: Int32, _ subsystem: UInt16) -> NetlinkMessage {
        NetlinkMessage(type: UInt16(type), flags: UInt16(NLM_F_REQUEST), fixed: [0, 0] + subsystem.networkBytes)
    }
}
