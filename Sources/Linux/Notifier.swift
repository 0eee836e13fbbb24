import CLinux
import Glibc

/// What a service tells systemd (sd_notify(3)): one datagram to the socket named by NOTIFY_SOCKET.
package enum Notifier {
    /// How long this process may be silent before systemd ends it (`WatchdogSec=`); nil: it does not watch.
    package static var watchdogLimit: Duration? {
        guard let value = unsafe getenv("WATCHDOG_USEC"), let limit = unsafe Int64(String(cString: value)), limit > 0
        else { return nil }
        if let pid = unsafe getenv("WATCHDOG_PID"), unsafe String(cString: pid) != String(getpid()) { return nil }
        return .microseconds(limit)
    }

    /// How the service ended, in a command that systemd runs after it (systemd.exec(5), SERVICE_RESULT).
    package static var serviceResult: String? {
        guard let value = unsafe getenv("SERVICE_RESULT") else { return nil }
        return unsafe String(cString: value)
    }

    /// Says nothing where nobody listens.
    package static func tell(_ state: String) {
        guard let value = unsafe getenv("NOTIFY_SOCKET") else { return }
        guard let address = UnixAddress(unsafe String(cString: value)) else { return }
        let kind = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard let descriptor = try? FileDescriptor(socket(AF_UNIX, kind, 0), "open the notify socket") else { return }
        let bytes = [UInt8](state.utf8)
        _ = unsafe address.withSocketAddress {
            unsafe sendto(descriptor.number, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, $1)
        }
    }
}
