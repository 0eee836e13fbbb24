import Glibc
import Linux
import Testing

/// Each in a process of its own: the environment is the whole process's.
struct NotifierTests {
    @Test func `tells systemd on the socket that it named`() async {
        await #expect(processExitsWith: .success) {
            let path = "/tmp/tandem-notify-\(getpid())"
            unlink(path)
            let ear = Ear(path)
            defer { unlink(path) }
            setenv("NOTIFY_SOCKET", path, 1)
            Notifier.tell("READY=1\nSTATUS=two directors")
            guard ear?.heard == "READY=1\nSTATUS=two directors" else { exit(1) }
        }
    }

    @Test func `tells it on an abstract socket, too`() async {
        await #expect(processExitsWith: .success) {
            let name = "tandem-notify-\(getpid())"
            let ear = Ear("\0" + name)
            setenv("NOTIFY_SOCKET", "@" + name, 1)
            Notifier.tell("WATCHDOG=1")
            guard ear?.heard == "WATCHDOG=1" else { exit(1) }
        }
    }

    @Test func `says nothing where nobody listens`() async {
        await #expect(processExitsWith: .success) {
            unsetenv("NOTIFY_SOCKET")
            Notifier.tell("READY=1")
            for path in ["", "/", "/tmp/nobody/listens", String(repeating: "x", count: 4096)] {
                setenv("NOTIFY_SOCKET", path, 1)
                Notifier.tell("READY=1")
            }
        }
    }
}

/// The end that systemd has: a datagram socket with a name.
private struct Ear {
    private let descriptor: Int32

    /// A name that begins with a zero byte is abstract (unix(7)).
    init?(_ name: String) {
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(name.utf8)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        let number = descriptor
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(number, $0, length) }
        }
        guard bound == 0 else { return nil }
    }

    /// What has been said; empty for nothing.
    var heard: String {
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        return String(decoding: buffer[..<max(0, count)], as: UTF8.self)
    }
}
