/// An address and a port.
package struct Endpoint: Hashable, Sendable, Comparable {
    package var address: IPAddress
    package var port: UInt16

    package init(address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
    }

    /// Parses `192.0.2.1:80` or `[2001:db8::1]:80`, with a decimal port of 0 to 65535.
    package init?(_ text: some StringProtocol) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(digits) else {
            return nil
        }
        let host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            guard let address = IPv6Address(host.dropFirst().dropLast()) else { return nil }
            self.init(address: .v6(address), port: port)
        } else {
            guard let address = IPv4Address(host) else { return nil }
            self.init(address: .v4(address), port: port)
        }
    }

    /// `192.0.2.1:80` of the text's bytes, with a decimal port of 0 to 65535; no IPv6.
    package init?(ipv4 text: Span<UInt8>) {
        var colon = text.count - 1
        while colon >= 0, text[colon] != UInt8(ascii: ":") { colon -= 1 }
        guard colon > 0, (1...5).contains(text.count - colon - 1) else { return nil }
        var port = 0
        for index in (colon + 1)..<text.count {
            guard (0x30...0x39).contains(text[index]) else { return nil }
            port = port * 10 + Int(text[index] & 0xF)
        }
        guard port <= UInt16.max, let address = IPv4Address(utf8: text.extracting(0..<colon)) else { return nil }
        self.init(address: .v4(address), port: UInt16(port))
    }

    /// Of as few numbers as it takes.
    package func hash(into hasher: inout Hasher) {
        switch address {
        case .v4(let address): hasher.combine(UInt64(address.number) << 16 | UInt64(port))
        case .v6(let address):
            hasher.combine(address.high)
            hasher.combine(address.low ^ UInt64(port) << 48)
        }
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.address, left.port) < (right.address, right.port)
    }
}

extension Endpoint: CustomStringConvertible {
    package var description: String {
        switch address {
        case .v4(let address):
            String(unsafeUninitializedCapacity: 21) { buffer in
                var text = unsafe DecimalText(buffer)
                text.put(address)
                text.put(UInt8(ascii: ":"))
                text.put(decimal: UInt32(port))
                return text.count
            }
        case .v6(let address): "[\(address)]:\(port)"
        }
    }
}
