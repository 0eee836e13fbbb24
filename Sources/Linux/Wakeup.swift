import CLinux
import Glibc

/// Wakes a thread that sleeps in a `Poller`: an eventfd. Any thread may ring.
package final class Wakeup: Sendable {
    private let descriptor: Int32

    package init() throws(SystemError) {
        descriptor = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
        guard descriptor >= 0 else { throw .last("open an eventfd") }
    }

    deinit { close(descriptor) }

    package var fileDescriptor: Int32 { descriptor }

    package func ring() {
        var one: UInt64 = 1
        unsafe write(descriptor, &one, 8)
    }

    /// Forgets all rings so far.
    package func answer() {
        var count: UInt64 = 0
        unsafe read(descriptor, &count, 8)
    }
}
