import Addresses
import Settings

/// What a DNS check says, before it is known of which type its answer is.
struct DNSDraft {
    var name: DNSName?
    var type = DNSCheck.RecordType.a
    var code = DNSCheck.ResponseCode.noError
    var answer: (text: String, mark: Mark)?

    /// Absent: it is none of the type's.
    var wanted: DNSAnswer? {
        guard let text = answer?.text else { return nil }
        switch type {
        case .a, .aaaa:
            let family: AddressFamily = type == .a ? .v4 : .v6
            return IPAddress(text).flatMap { $0.family == family ? .address($0) : nil }
        case .txt: return (try? ByteText.parse(text)).map { .text($0) }
        default: return DNSName(text).map { .name($0) }
        }
    }

    /// There is a name wherever a check is of dns.
    var check: DNSCheck { DNSCheck(name: name ?? DNSName.root, type: type, code: code, answer: wanted) }
}

extension Reading {
    mutating func dnsChange(_ key: String, _ node: Node) -> ((inout CheckDraft.Parts) -> Void)? {
        switch key {
        case "dns": domain(node).map { name in { $0.dns.name = name } }
        case "type": word(node, key, as: DNSCheck.RecordType.self).map { type in { $0.dns.type = type } }
        case "rcode": word(node, key, as: DNSCheck.ResponseCode.self).map { code in { $0.dns.code = code } }
        case "answer":
            text(node, "what a record has to hold for answer").map { text in
                { $0.dns.answer = (text, node.mark) }
            }
        default: nil
        }
    }

    private mutating func domain(_ node: Node) -> DNSName? {
        guard let text = text(node, "a name to ask for like shop.example") else { return nil }
        if let name = DNSName(text) { return name }
        diagnosis.error(
            node.mark, "\(node.kind) is no domain name: labels of 1 to 63 ASCII characters, at most 255 in all")
        return nil
    }

    /// Whether the answer that is wanted is one of the type that is asked for.
    mutating func answers(_ draft: CheckDraft, under defaults: CheckDraft?) -> Bool {
        let dns = (defaults?.overridden(by: draft) ?? draft).parts.dns
        guard let answer = dns.answer, dns.wanted == nil else { return true }
        let what =
            switch dns.type {
            case .a: "an IPv4 address"
            case .aaaa: "an IPv6 address"
            case .txt: "a text, or hex: and digits"
            default: "a domain name"
            }
        diagnosis.error(
            answer.mark,
            "\"\(Node.shortened(answer.text))\" is no answer of type \(dns.type.rawValue), which is \(what)")
        return false
    }
}
