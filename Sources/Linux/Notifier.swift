import CLinux
import Glibc

/// What a service tells systemd (sd_notify(3)): one datagram to the socket named by NOTIFY_SOCKET.
package enum Notifier {
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
