package import Addresses
import CLinux
import Glibc

/// Waits for any of several descriptors or for a moment, whichever is first: epoll and one timerfd.
@safe
package struct Poller: ~Copyable {
    private let epoll: FileDescriptor
    private let timer: FileDescriptor
    private var events: [epoll_event]

    /// The mark under which nothing may be watched: the timer's own.
    private static let timerMark = UInt64.max

    package init() throws(SystemError) {
        let epoll = try FileDescriptor(epoll_create1(Int32(EPOLL_CLOEXEC)), "open an epoll")
        let timer = try FileDescriptor(
            timerfd_create(CLOCK_MONOTONIC, Int32(TFD_CLOEXEC) | Int32(TFD_NONBLOCK)), "open a timer")
        try Self.watch(timer.number, mark: Self.timerMark, epoll: epoll.number)
        self.epoll = epoll
        self.timer = timer
        unsafe events = Array(repeating: epoll_event(), count: 64)
    }

    /// Wakes `wait` when the descriptor can be read.
    package func watch(_ descriptor: Int32, mark: UInt64) throws(SystemError) {
        try Self.watch(descriptor, mark: mark, epoll: epoll.number)
    }

    private static func watch(_ descriptor: Int32, mark: UInt64, epoll: Int32) throws(SystemError) {
        var event = unsafe epoll_event(events: EPOLLIN.rawValue, data: epoll_data(u64: mark))
        guard unsafe epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0 else {
            throw .last("watch descriptor \(descriptor)")
        }
    }

    package func forget(_ descriptor: Int32) {
        _ = epoll_ctl(epoll.number, EPOLL_CTL_DEL, descriptor, nil)
    }

    /// Sleeps until a watched descriptor can be read or `until` has come, and calls `body` with the mark of each that
    /// can.
    package mutating func wait(until: Instant, _ body: (UInt64) -> Void) {
        arm(until)
        let count = unsafe epoll_wait(epoll.number, &events, Int32(events.count), -1)
        for index in 0..<max(0, Int(count)) {
            let mark = unsafe events[index].data.u64
            if mark != Self.timerMark { body(mark) }
        }
    }

    /// An absolute time on CLOCK_MONOTONIC; one that has passed fires at once.
    private func arm(_ at: Instant) {
        let nanoseconds = max(at.nanoseconds, 1)
        var spec = itimerspec()
        if at != .never {
            spec.it_value.tv_sec = Int(nanoseconds / 1_000_000_000)
            spec.it_value.tv_nsec = Int(nanoseconds % 1_000_000_000)
        }
        unsafe timerfd_settime(timer.number, Int32(TFD_TIMER_ABSTIME), &spec, nil)
    }
}
