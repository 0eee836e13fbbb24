import Glibc

/// The address of a unix socket (unix(7)).
struct UnixAddress {
    private let bytes: [UInt8]

    /// A path, or an abstract name behind an `@`. Nil if it is too long or too short.
    init?(_ text: String) {
        bytes = [UInt8](text.utf8)
        guard (2..<MemoryLayout.size(ofValue: sockaddr_un().sun_path)).contains(bytes.count) else { return nil }
    }

    /// Calls `body` with the socket address.
    func withSocketAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { room in
            unsafe room.copyBytes(from: bytes)
            // An abstract name begins with a zero byte; people write it as "@".
            if bytes[0] == UInt8(ascii: "@") { unsafe room[0] = 0 }
        }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, length) }
        }
    }
}
