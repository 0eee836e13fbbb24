import CLinux
import Glibc

/// What a service tells systemd (sd_notify(3)): one datagram to the socket named by NOTIFY_SOCKET.
package enum Notifier {
    /// Says nothing where nobody listens.
    package static func tell(_ state: String) {
        guard let value = unsafe getenv("NOTIFY_SOCKET") else { return }
        let path = unsafe [UInt8](String(cString: value).utf8)
        var address = sockaddr_un()
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard (2..<room).contains(path.count) else { return }
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { bytes in
            unsafe bytes.copyBytes(from: path)
            // An abstract name begins with a zero byte; systemd writes it as "@".
            if path[0] == UInt8(ascii: "@") { unsafe bytes[0] = 0 }
        }
        let kind = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard let descriptor = try? FileDescriptor(socket(AF_UNIX, kind, 0), "open the notify socket") else { return }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + path.count)
        let bytes = [UInt8](state.utf8)
        unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = unsafe sendto(descriptor.number, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, length)
            }
        }
    }
}
