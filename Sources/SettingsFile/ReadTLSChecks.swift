import Addresses
import Settings

/// What a check says of TLS.
extension Reading {
    mutating func tlsChange(_ key: String, _ node: Node) -> ((inout CheckDraft.Parts) -> Void)? {
        switch key {
        case "sni": serverName(node, key).map { name in { $0.tls.name = name } }
        case "verify": authorities(node).map { authorities in { $0.tls.authorities = authorities } }
        case "certificate": path(node).map { path in { $0.tls.certificate = path } }
        case "key": path(node).map { path in { $0.tls.key = path } }
        case "warn_before":
            duration(node, .zero ... .seconds(365 * 86_400), key).map { time in { $0.tls.warnBefore = time } }
        default: nil
        }
    }

    /// As RFC 1123 2.1 has it, with underscores; addresses are no names (RFC 6066 3).
    mutating func serverName(_ node: Node, _ key: String) -> String? {
        guard let name = text(node, "a host name for \(key)") else { return nil }
        let isName =
            (1...253).contains(name.utf8.count)
            && name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
                (1...63).contains(label.utf8.count) && label.utf8.allSatisfy(Self.isLabelByte)
            }
        if isName, IPAddress(name) == nil { return name }
        let without = key == "sni" ? "; without sni the server's address is expected" : ""
        diagnosis.error(node.mark, "\(node.kind) is no host name\(without)")
        return nil
    }

    private static func isLabelByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }

    /// `true`, `false`, or a mapping with a file.
    mutating func authorities(_ node: Node) -> TLSCheck.Authorities? {
        guard case .mapping = node.content else {
            return truth(node, "verify").map { $0 ? .system : .none }
        }
        guard let fields = fields(node, Schema.verification), let file = required(fields, "ca", of: "verify") else {
            return nil
        }
        return path(file).map { .file($0) }
    }
}
