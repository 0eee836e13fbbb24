internal import CLibNL
import Glibc

/// A netlink socket. libnl opens it and picks its port; what goes in and out are bytes of our own codec. So a test can
/// give it any other descriptor and play the kernel behind it.
///
/// Used by one thread. The kernel carries out a request inside `send`, so its answer already waits when `send` returns;
/// the receive timeout is there for what must not happen.
@safe struct NetlinkSocket: ~Copyable {
    /// Absent where somebody plays the kernel.
    private let raw: OpaquePointer?
    let fileDescriptor: Int32
    private var sequence: UInt32 = 0
    private var buffer: [UInt8]

    /// The kernel's largest dump datagram is 32 KiB (net/netlink/af_netlink.c, `netlink_recvmsg`).
    static let longestDatagram = 65536
    /// Room for the acknowledgements of one call many times over.
    private static let kernelBufferLength: Int32 = 1 << 20
    private let messagesPerCall: Int
    private static let sliceBytes = 32768
    private static let dumpAttempts = 20
    private static let patience = Duration.seconds(5)

    /// - Parameters:
    ///   - groups: multicast groups to listen to (`RTNLGRP_...`).
    ///   - messagesPerCall: how many requests the kernel gets at once, 1 to 200.
    ///   - bufferLength: how much is read at once, at least 4 KiB. The kernel makes room for so much, up to 32 KiB, and
    ///     clears it, for each answer of a dump, however short it is.
    init(
        family: Int32, groups: [Int32] = [], messagesPerCall: Int = 50, bufferLength: Int = Self.longestDatagram
    ) throws(NetlinkError) {
        precondition((1...200).contains(messagesPerCall), "1 to 200 messages a call, not \(messagesPerCall)")
        guard let socket = unsafe nl_socket_alloc() else {
            throw NetlinkError(errno: ENOMEM, what: "open a netlink socket")
        }
        guard let problem = unsafe Self.open(socket, family: family, groups: groups) else {
            self.messagesPerCall = messagesPerCall
            buffer = Array(repeating: 0, count: bufferLength)
            fileDescriptor = unsafe nl_socket_get_fd(socket)
            unsafe raw = socket
            return
        }
        unsafe nl_socket_free(socket)
        throw problem
    }

    /// - Parameters:
    ///   - descriptor: one end of a pair of sockets that keep messages apart; closed in the end.
    ///   - patience: how long an answer is waited for.
    init(playing descriptor: Int32, patience: Duration, messagesPerCall: Int) {
        self.messagesPerCall = messagesPerCall
        buffer = Array(repeating: 0, count: Self.longestDatagram)
        fileDescriptor = descriptor
        unsafe raw = nil
        Self.wait(atMost: patience, on: descriptor)
    }

    deinit {
        guard let raw = unsafe raw else {
            close(fileDescriptor)
            return
        }
        unsafe nl_socket_free(raw)
    }

    private static func open(_ socket: OpaquePointer, family: Int32, groups: [Int32]) -> NetlinkError? {
        errno = 0
        guard unsafe nl_connect(socket, family) == 0 else {
            return NetlinkError(errno: errno == 0 ? EPROTONOSUPPORT : errno, what: "open a netlink socket")
        }
        for group in groups where unsafe nl_socket_add_membership(socket, group) != 0 {
            return NetlinkError(errno: errno, what: "listen to netlink group \(group)")
        }
        unsafe nl_socket_set_buffer_size(socket, kernelBufferLength, kernelBufferLength)
        let descriptor = unsafe nl_socket_get_fd(socket)
        var on: Int32 = 1
        unsafe setsockopt(descriptor, SOL_NETLINK, NETLINK_CAP_ACK, &on, socklen_t(MemoryLayout<Int32>.size))
        wait(atMost: patience, on: descriptor)
        return nil
    }

    private static func wait(atMost patience: Duration, on descriptor: Int32) {
        let (seconds, attoseconds) = patience.components
        var limit = timeval(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    /// Sends requests that ask for an acknowledgement, many in one call, and returns what became of each, in
    /// their order: nil, or an error number. A failure does not keep the ones behind it from being tried.
    mutating func acknowledged(_ requests: [NetlinkMessage]) -> [Int32?] {
        var results: [Int32?] = []
        results.reserveCapacity(requests.count)
        while results.count < requests.count {
            let slice = slice(of: requests, from: results.count)
            results += send(slice)
        }
        return results
    }

    /// As many requests as one call takes, at least one.
    private func slice(of requests: [NetlinkMessage], from start: Int) -> ArraySlice<NetlinkMessage> {
        var length = 0
        var end = start
        while end < min(requests.count, start + messagesPerCall), length + requests[end].bytes.count <= Self.sliceBytes
        {
            length += requests[end].bytes.count
            end += 1
        }
        return requests[start..<max(end, start + 1)]
    }

    private mutating func send(_ slice: ArraySlice<NetlinkMessage>) -> [Int32?] {
        let (first, datagram) = bundle(slice, answering: slice.count - 1)
        if let problem = write(datagram) { return Array(repeating: problem, count: slice.count) }
        return collect(first: first, count: slice.count)
    }

    /// Messages for one call, and the sequence number of the first; all but one renounce their answer.
    mutating func bundle(
        _ messages: some Collection<NetlinkMessage>, answering answered: Int
    ) -> (first: UInt32, datagram: [UInt8]) {
        let first = sequence &+ 1
        var datagram: [UInt8] = []
        datagram.reserveCapacity(messages.reduce(0) { $0 + $1.bytes.count })
        for (index, message) in messages.enumerated() {
            sequence &+= 1
            let start = datagram.count
            datagram += message.bytes
            NetlinkMessage.write(sequence: sequence, ofMessageAt: start, in: &datagram)
            if index != answered { NetlinkMessage.renounceAnswer(toMessageAt: start, in: &datagram) }
        }
        return (first, datagram)
    }

    /// Reads refusals up to the answer to the last request. The kernel takes the requests in their order
    /// (net/netlink/af_netlink.c, `netlink_rcv_skb`) and always says what it refuses: what it has not named by then is
    /// done. Asking it to confirm each of 4,000 addresses would cost a fifth of the time.
    private mutating func collect(first: UInt32, count: Int) -> [Int32?] {
        var results: [Int32?] = Array(repeating: nil, count: count)
        while true {
            switch receive(wait: true) {
            case .failure(let problem): return results.map { $0 ?? problem.errno }
            case .success(let datagram):
                guard let messages = NetlinkReplies.whole(datagram[...]) else { return results.map { $0 ?? EBADMSG } }
                for reply in messages where reply.type == UInt16(NLMSG_ERROR) {
                    let index = Int(reply.sequence &- first)
                    guard index < count else { continue }
                    results[index] = reply.errorNumber
                    if index == count - 1 { return results }
                }
            }
        }
    }

    /// Asks one question whose answers end with NLMSG_DONE, or with an acknowledgement if it is no dump. A dump that
    /// the kernel marks as interrupted by a change is done again.
    mutating func answers(
        to question: NetlinkMessage, what: @autoclosure () -> String
    ) throws(NetlinkError) -> [NetlinkReply] {
        for _ in 0..<Self.dumpAttempts {
            sequence &+= 1
            var datagram = question.bytes
            NetlinkMessage.write(sequence: sequence, ofMessageAt: 0, in: &datagram)
            if let problem = write(datagram) { throw NetlinkError(errno: problem, what: what()) }
            do {
                if let replies = try collectAnswers() { return replies }
            } catch {
                throw NetlinkError(errno: error.errno, what: what())
            }
        }
        throw NetlinkError(errno: EAGAIN, what: what())
    }

    /// nil: interrupted, ask again.
    private mutating func collectAnswers() throws(NetlinkError) -> [NetlinkReply]? {
        var replies: [NetlinkReply] = []
        var isInterrupted = false
        while true {
            guard let messages = NetlinkReplies.whole(try receive(wait: true).get()[...]) else {
                throw NetlinkError(errno: EBADMSG, what: "")
            }
            for reply in messages where reply.sequence == sequence {
                if reply.flags & UInt16(NLM_F_DUMP_INTR) != 0 { isInterrupted = true }
                switch Int32(reply.type) {
                case NLMSG_DONE, NLMSG_ERROR:
                    if let problem = reply.errorNumber { throw NetlinkError(errno: problem, what: "") }
                    return isInterrupted ? nil : replies
                default: replies.append(reply)
                }
            }
        }
    }

    /// nil: sent.
    func write(_ datagram: [UInt8]) -> Int32? {
        while true {
            let count = unsafe datagram.withUnsafeBytes {
                unsafe Glibc.send(fileDescriptor, $0.baseAddress, $0.count, 0)
            }
            if count == datagram.count { return nil }
            if count >= 0 { return EMSGSIZE }
            if errno != EINTR { return errno }
        }
    }

    /// One datagram from the kernel; those of other processes are dropped. EAGAIN if none waits and
    /// `wait` is false, ETIMEDOUT if none came in time.
    mutating func receive(wait: Bool) -> Result<[UInt8], NetlinkError> {
        let flags = Int32(MSG_TRUNC) | (wait ? 0 : Int32(MSG_DONTWAIT))
        while true {
            var sender = sockaddr_nl()
            let count = receive(flags: flags, sender: &sender)
            if count < 0 {
                if errno == EINTR { continue }
                let isLate = wait && (errno == EAGAIN || errno == EWOULDBLOCK)
                return .failure(NetlinkError(errno: isLate ? ETIMEDOUT : errno, what: "read from the kernel"))
            }
            guard sender.nl_pid == 0 else { continue }
            guard count <= buffer.count else {
                return .failure(NetlinkError(errno: EMSGSIZE, what: "read from the kernel"))
            }
            return .success(Array(buffer[..<count]))
        }
    }

    private mutating func receive(flags: Int32, sender: inout sockaddr_nl) -> Int {
        let descriptor = fileDescriptor
        var length = socklen_t(MemoryLayout<sockaddr_nl>.size)
        return unsafe buffer.withUnsafeMutableBytes { space in
            unsafe withUnsafeMutablePointer(to: &sender) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                    unsafe recvfrom(descriptor, space.baseAddress, space.count, flags, address, &length)
                }
            }
        }
    }
}
