import Addresses
import Glibc

/// An endpoint as the kernel's socket calls take it.
struct SocketName {
    private var storage = sockaddr_storage()
    private let length: socklen_t
    let family: Int32

    init(_ endpoint: Endpoint) {
        switch endpoint.address {
        case .v4(let address):
            family = AF_INET
            length = socklen_t(MemoryLayout<sockaddr_in>.size)
            withUnsafeMutableBytes(of: &storage) { bytes in
                var name = sockaddr_in()
                name.sin_family = sa_family_t(AF_INET)
                name.sin_port = endpoint.port.bigEndian
                name.sin_addr.s_addr = address.number.bigEndian
                bytes.storeBytes(of: name, as: sockaddr_in.self)
            }
        case .v6(let address):
            family = AF_INET6
            length = socklen_t(MemoryLayout<sockaddr_in6>.size)
            withUnsafeMutableBytes(of: &storage) { bytes in
                var name = sockaddr_in6()
                name.sin6_family = sa_family_t(AF_INET6)
                name.sin6_port = endpoint.port.bigEndian
                withUnsafeMutableBytes(of: &name.sin6_addr) { $0.copyBytes(from: address.bytes) }
                bytes.storeBytes(of: name, as: sockaddr_in6.self)
            }
        }
    }

    func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        withUnsafeBytes(of: storage) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { names in
                guard let name = names.baseAddress else { preconditionFailure("a socket name has bytes") }
                return body(name, length)
            }
        }
    }
}
