import Addresses
import Settings

/// What checks go out from.
extension Reading {
    /// By director, one address or a list with one of each family.
    mutating func sources(_ node: Node) -> [String: SourceAddresses]? {
        let what = "a mapping of addresses by director, {lb1: 10.9.0.2, lb2: 10.9.0.3}"
        guard let entries = entries(node, what) else { return nil }
        var sources: [String: SourceAddresses] = [:]
        for entry in entries {
            guard let director = name(entry.key, "the name of a director"),
                let addresses = sourceAddresses(entry.value, of: director)
            else { continue }
            sources[director] = addresses
        }
        return sources.count == entries.count ? sources : nil
    }

    private mutating func sourceAddresses(_ node: Node, of director: String) -> SourceAddresses? {
        let nodes: [Node]
        if case .list(let found) = node.content { nodes = found } else { nodes = [node] }
        var addresses = SourceAddresses()
        var isSound = true
        for node in nodes {
            guard let address = address(node, "a source") else {
                isSound = false
                continue
            }
            guard !addresses.add(address) else { continue }
            diagnosis.error(
                node.mark,
                "director \(director) has another \(address.family.rawValue) source already; a check goes out from one "
                    + "of each family")
            isSound = false
        }
        guard isSound, addresses.all.isEmpty else { return isSound ? addresses : nil }
        diagnosis.error(node.mark, "director \(director) has no source; name its address, or leave it out")
        return nil
    }

    /// Whether a check that names sources sends anything. One that has them of its defaults alone leaves them there.
    mutating func mayGoOut(_ draft: CheckDraft, under defaults: CheckDraft?) -> Bool {
        let whole = defaults?.overridden(by: draft) ?? draft
        guard let option = draft.options["source"], let kind = whole.kind, whole.options["agent"] == nil,
            [.script, .file, .none].contains(kind)
        else { return true }
        diagnosis.error(
            option.mark,
            "source goes with checks that ask a server over the network, and this one is \(kind.rawValue)"
                + (kind == .script ? ", which chooses for itself" : ""))
        return false
    }
}
