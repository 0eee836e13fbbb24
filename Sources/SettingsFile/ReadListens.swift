import Addresses
import Settings

extension Reading {
    private static let schemes = ["tcp", "udp", "sctp", "fwmark"]

    mutating func listens(_ node: Node, _ place: Place) -> [Listen]? {
        if case .scalar(let text) = node.content, let plain = Self.plain(text) {
            note(Place(.services, place.index, place.key, 0), node.mark)
            return [plain]
        }
        let elements: [Node]
        if case .scalar = node.content, !node.isEmpty {
            elements = [node]
        } else if let found = list(node, "tcp://ADDRESS:PORT or a list of such") {
            elements = found
        } else {
            return nil
        }
        var listens: [Listen] = []
        for element in elements {
            let elementPlace = Place(.services, place.index, place.key, listens.count)
            guard let found = take(element, elementPlace, { $0.listen($1) }) else { continue }
            guard listens.count + found.count <= Limits.listens else {
                diagnosis.error(node.mark, Self.tooMany(listens.count + found.count))
                spoil(place)
                return listens
            }
            if isNoting {
                for offset in found.indices {
                    note(Place(.services, place.index, place.key, listens.count + offset), element.mark)
                }
            }
            listens += found
        }
        return listens
    }

    private static func tooMany(_ count: Int) -> String {
        "\(count) addresses and ports are listened on, each a service of the kernel's; at most \(Limits.listens) are "
            + "accepted: mark the packets with netfilter and listen on fwmark://MARK"
    }

    /// What one line of the file means: ranges are written out.
    private mutating func listen(_ node: Node) -> [Listen]? {
        guard let text = text(node, "tcp://ADDRESS:PORT") else { return nil }
        if let plain = Self.plain(text) { return [plain] }
        guard let range = Self.schemeEnd(text) else {
            let isEndpoint = Endpoint(text) != nil
            diagnosis.error(
                node.mark, "\(node.kind) does not begin with tcp://, udp://, sctp:// or fwmark://",
                suggestion: isEndpoint ? "tcp://\(text)" : nil)
            return nil
        }
        let scheme = String(text[..<range.lowerBound])
        let rest = text[range.upperBound...]
        if scheme == "fwmark" { return mark(rest, node).map { [$0] } }
        if let transport = TransportProtocol(rawValue: scheme) { return endpoints(rest, transport, node) }
        let nearest = Words.nearest(to: scheme, among: Self.schemes)
        diagnosis.error(
            node.mark, "\(Node.shortened(scheme)):// is no protocol; use tcp://, udp://, sctp:// or fwmark://",
            suggestion: nearest.map { "\($0)://\(Node.shortened(String(rest)))" })
        return nil
    }

    /// What nearly every one is: one IPv4 address with one port.
    private static func plain(_ text: String) -> Listen? {
        let bytes = text.utf8.span
        guard let colon = bytes.indices.first(where: { bytes[$0] == UInt8(ascii: ":") }), colon + 3 < bytes.count,
            bytes[colon + 1] == UInt8(ascii: "/"), bytes[colon + 2] == UInt8(ascii: "/"),
            let endpoint = Endpoint(ipv4: bytes.extracting((colon + 3)..<bytes.count)),
            let transport = TransportProtocol(rawValue: String(text.utf8.prefix(colon)) ?? "")
        else { return nil }
        return .endpoint(transport, endpoint)
    }

    private static func schemeEnd(_ text: String) -> Range<String.Index>? {
        guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else { return nil }
        return colon..<text.index(colon, offsetBy: 3)
    }

    /// `7`, `0x7`, `7/ipv6`. The kernel takes packets without a mark for those with mark 0.
    private mutating func mark(_ text: Substring, _ node: Node) -> Listen? {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let isHexadecimal = parts[0].hasPrefix("0x")
        let digits = isHexadecimal ? parts[0].dropFirst(2) : parts[0]
        let isPlain = digits.first.map { $0 != "+" && $0 != "-" } ?? false
        guard isPlain, let number = UInt32(digits, radix: isHexadecimal ? 16 : 10), number > 0 else {
            diagnosis.error(node.mark, "\(node.kind) has no mark; marks are 1 to 4294967295, decimal or 0x…")
            return nil
        }
        switch parts.count == 2 ? parts[1] : "ipv4" {
        case "ipv4": return .mark(number, .v4)
        case "ipv6": return .mark(number, .v6)
        default:
            diagnosis.error(
                node.mark, "\(node.kind) has no family behind its mark; it is ipv4, which may be left out, or ipv6",
                suggestion: Words.nearest(to: String(parts[1]), among: ["ipv4", "ipv6"]).map {
                    "fwmark://\(number)/\($0)"
                })
            return nil
        }
    }

    private mutating func endpoints(_ text: Substring, _ transport: TransportProtocol, _ node: Node) -> [Listen]? {
        guard let span = EndpointSpan(text) else {
            diagnosis.error(node.mark, EndpointSpan.refusal(of: text, node.kind))
            return nil
        }
        let (first, last) = (unmapped(span.first, node.mark), unmapped(span.last, node.mark))
        guard let addresses = AddressRange(first: first, last: last), span.firstPort <= span.lastPort else {
            diagnosis.error(node.mark, "\(node.kind) is a range that ends before it begins")
            return nil
        }
        guard span.firstPort > 0 || span.lastPort == 0 else {
            diagnosis.error(node.mark, "\(node.kind) has port 0 in a range; alone, it stands for all ports")
            return nil
        }
        // At most 2³¹ addresses and 2¹⁶ ports: no overflow.
        let count = addresses.count * (Int(span.lastPort - span.firstPort) + 1)
        guard count <= Limits.listens else {
            diagnosis.error(node.mark, Self.tooMany(count))
            return nil
        }
        return addresses.prefix(Limits.listens).flatMap { address in
            (span.firstPort...span.lastPort).map { .endpoint(transport, Endpoint(address: address, port: $0)) }
        }
    }
}

/// `ADDRESS:PORT`, where both may be ranges and IPv6 stands in brackets.
private struct EndpointSpan {
    var first: IPAddress
    var last: IPAddress
    /// As written; the last may lie before the first.
    var firstPort: UInt16
    var lastPort: UInt16

    init?(_ text: Substring) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        guard let ports = Self.ports(text[text.index(after: colon)...]) else { return nil }
        (firstPort, lastPort) = ports
        let host = text[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        let ends = (isBracketed ? host.dropFirst().dropLast() : host)
            .split(separator: "-", omittingEmptySubsequences: false).map { IPAddress($0) }
        guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1] else { return nil }
        guard (first.family == .v6) == isBracketed, first.family == last.family else { return nil }
        (self.first, self.last) = (first, last)
    }

    private static func ports(_ text: Substring) -> (UInt16, UInt16)? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { digits -> UInt16? in
            digits.utf8.allSatisfy { (0x30...0x39).contains($0) } ? UInt16(digits) : nil
        }
        guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1] else { return nil }
        return (first, last)
    }

    static func refusal(of text: Substring, _ kind: String) -> String {
        if IPAddress(text) != nil || text.hasPrefix("[") && text.hasSuffix("]") {
            return "\(kind) has no port, or its IPv6 address no brackets: tcp://10.0.0.1:80, tcp://[2001:db8::1]:80"
        }
        return
            "\(kind) is no ADDRESS:PORT behind its protocol (tcp://10.0.0.1:80, tcp://[2001:db8::1]:80), nor a range "
            + "of either (tcp://10.0.0.1-10.0.0.9:8000-8009)"
    }
}
