internal import Addresses

extension Listen: CustomStringConvertible {
    /// As the configuration writes it: `tcp://192.0.2.10:80`, `fwmark://7`. A mark of IPv6 says so behind it.
    package var description: String {
        switch self {
        case .endpoint(let transport, let endpoint): "\(transport.rawValue)://\(endpoint)"
        case .mark(let mark, .v4): "fwmark://\(mark)"
        case .mark(let mark, .v6): "fwmark://\(mark) (IPv6)"
        }
    }
}
