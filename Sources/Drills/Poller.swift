import Addresses
import CLinux
import Glibc

/// Waits for many sockets at once (epoll, level-triggered), each known by a token that the caller chose.
struct Poller: ~Copyable {
    struct Ready {
        var token: UInt64
        var isReadable: Bool
        var isWritable: Bool
    }

    enum Interest {
        case reading, writing

        fileprivate var events: UInt32 {
            switch self {
            case .reading: EPOLLIN.rawValue
            case .writing: EPOLLOUT.rawValue
            }
        }
    }

    private let descriptor: Int32
    private var events = [epoll_event](repeating: epoll_event(), count: 256)

    init() throws(DrillError) {
        let descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard descriptor >= 0 else { throw DrillError("watch sockets", errno: errno) }
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    func add(_ socket: TCPSocket, _ interest: Interest, token: UInt64) {
        control(EPOLL_CTL_ADD, socket, interest, token)
    }

    func change(_ socket: TCPSocket, to interest: Interest, token: UInt64) {
        control(EPOLL_CTL_MOD, socket, interest, token)
    }

    /// Only for a socket that is kept: one that is closed leaves by itself.
    func remove(_ socket: TCPSocket) {
        var event = epoll_event()
        epoll_ctl(descriptor, EPOLL_CTL_DEL, socket.descriptor, &event)
    }

    private func control(_ operation: Int32, _ socket: TCPSocket, _ interest: Interest, _ token: UInt64) {
        var event = epoll_event(events: interest.events, data: epoll_data(u64: token))
        let status = epoll_ctl(descriptor, operation, socket.descriptor, &event)
        precondition(status == 0, "a socket is added once, then changed: \(DrillError.words(errno))")
    }

    /// The sockets that are ready; empty when the deadline has come.
    mutating func wait(until deadline: Instant) -> [Ready] {
        let left = deadline - MonotonicClock.now
        let milliseconds = Int32(clamping: (max(left.nanoseconds, 0) + 999_999) / 1_000_000)
        let count = epoll_wait(descriptor, &events, Int32(events.count), milliseconds)
        return events.prefix(max(Int(count), 0)).map { event in
            let isOver = event.events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0
            return Ready(
                token: event.data.u64, isReadable: isOver || event.events & EPOLLIN.rawValue != 0,
                isWritable: isOver || event.events & EPOLLOUT.rawValue != 0)
        }
    }
}
