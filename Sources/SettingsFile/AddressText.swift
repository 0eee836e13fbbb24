import Addresses
import Settings

extension Reading {
    /// An address without port and mask. An IPv4-mapped one (::ffff:192.0.2.1) becomes the IPv4 one, with a warning.
    mutating func address(_ node: Node, _ what: String) -> IPAddress? {
        guard let text = text(node, "an address for \(what)") else { return nil }
        guard let address = IPAddress(Self.unbracketed(text)) else {
            diagnosis.error(node.mark, "\(node.kind) is no IPv4 or IPv6 address; names are not looked up")
            return nil
        }
        return unmapped(address, node.mark)
    }

    /// An address with a port (`10.0.0.1:80`, `[2001:db8::1]:80`) or alone.
    mutating func endpoint(_ node: Node, _ what: String) -> (address: IPAddress, port: UInt16?)? {
        guard let text = text(node, "an address for \(what)") else { return nil }
        // What nearly every one is: a configuration has tens of thousands of them.
        if let address = IPv4Address(utf8: text.utf8.span) { return (.v4(address), nil) }
        if let endpoint = Endpoint(ipv4: text.utf8.span), endpoint.port > 0 { return (endpoint.address, endpoint.port) }
        if let address = IPAddress(Self.unbracketed(text)) { return (unmapped(address, node.mark), nil) }
        guard let endpoint = Endpoint(text) else {
            diagnosis.error(
                node.mark, "\(node.kind) is no address with or without port (10.0.0.1:80, [2001:db8::1]:80)")
            return nil
        }
        guard endpoint.port > 0 else {
            diagnosis.error(node.mark, "\(node.kind) has port 0; ports are 1 to 65535")
            return nil
        }
        return (unmapped(endpoint.address, node.mark), endpoint.port)
    }

    mutating func prefix(_ node: Node) -> Prefix? {
        guard let text = text(node, "an address") else { return nil }
        guard let prefix = Prefix(text), prefix.length > 0 else {
            let mask =
                text.contains("/") ? "address with a mask of 1 to 32 (IPv4) or 128 (IPv6)" : "IPv4 or IPv6 address"
            diagnosis.error(node.mark, "\(node.kind) is no \(mask)")
            return nil
        }
        let address = unmapped(prefix.address, node.mark)
        guard address != prefix.address else { return prefix }
        return Prefix(address: address, length: prefix.length - 96) ?? Prefix(host: address)
    }

    /// 10.0.0.1 for ::ffff:10.0.0.1, which the kernel would take for another address that nobody connects to.
    mutating func unmapped(_ address: IPAddress, _ mark: Mark) -> IPAddress {
        guard case .v6(let mapped) = address, mapped.high == 0, mapped.low >> 32 == 0xFFFF else { return address }
        let plain = IPv4Address(number: UInt32(truncatingIfNeeded: mapped.low))
        diagnosis.warning(mark, "\(address) is an IPv4 address in IPv6's clothes; it is read as \(plain)")
        return .v4(plain)
    }

    private static func unbracketed(_ text: String) -> Substring {
        text.hasPrefix("[") && text.hasSuffix("]") ? text.dropFirst().dropLast() : text[...]
    }
}
