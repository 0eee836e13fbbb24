import Addresses
import Settings

extension Reading {
    mutating func listens(_ node: Node, _ place: Place) -> [Listen]? {
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
            guard let listen = take(element, elementPlace, { $0.listen($1) }) else { continue }
            listens.append(listen)
        }
        return listens
    }

    private mutating func listen(_ node: Node) -> Listen? {
        guard let text = text(node, "tcp://ADDRESS:PORT") else { return nil }
        guard let range = Self.schemeEnd(text) else {
            let isEndpoint = Endpoint(text) != nil
            diagnosis.error(
                node.mark, "\(node.kind) does not begin with tcp:// or udp://",
                suggestion: isEndpoint ? "tcp://\(text)" : nil)
            return nil
        }
        let scheme = String(text[..<range.lowerBound])
        let rest = text[range.upperBound...]
        switch scheme {
        case "tcp": return endpoint(rest, node).map { .endpoint(.tcp, $0) }
        case "udp": return endpoint(rest, node).map { .endpoint(.udp, $0) }
        case "sctp", "fwmark":
            diagnosis.error(node.mark, "\(scheme):// is not built yet; use tcp:// or udp://")
        default:
            let nearest = Words.nearest(to: scheme, among: ["tcp", "udp", "sctp", "fwmark"])
            diagnosis.error(
                node.mark, "\(Node.shortened(scheme)):// is no protocol; use tcp:// or udp://",
                suggestion: nearest.map { "\($0)://\(Node.shortened(String(rest)))" })
        }
        return nil
    }

    private static func schemeEnd(_ text: String) -> Range<String.Index>? {
        guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else { return nil }
        return colon..<text.index(colon, offsetBy: 3)
    }

    private mutating func endpoint(_ text: Substring, _ node: Node) -> Endpoint? {
        if let endpoint = Endpoint(text) {
            guard endpoint.port > 0 else {
                diagnosis.error(node.mark, "\(node.kind) has port 0; ports are 1 to 65535")
                return nil
            }
            return Endpoint(address: unmapped(endpoint.address, node.mark), port: endpoint.port)
        }
        diagnosis.error(node.mark, Self.refusal(of: text, node))
        return nil
    }

    private static func refusal(of text: Substring, _ node: Node) -> String {
        if IPAddress(text) != nil || text.hasPrefix("[") && text.hasSuffix("]") {
            return
                "\(node.kind) has no port, or its IPv6 address no brackets: tcp://10.0.0.1:80, tcp://[2001:db8::1]:80"
        }
        if let colon = text.lastIndex(of: ":") {
            let ports = text[text.index(after: colon)...].split(separator: "-", omittingEmptySubsequences: false)
            if ports.count == 2, ports.allSatisfy({ UInt16($0) != nil }) {
                return "\(node.kind) is a range of ports, which is not built yet; list them one by one"
            }
        }
        return "\(node.kind) is no ADDRESS:PORT behind its protocol (tcp://10.0.0.1:80, tcp://[2001:db8::1]:80)"
    }
}
