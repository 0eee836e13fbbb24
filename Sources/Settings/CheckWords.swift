extension CheckSettings {
    /// What it says, as in the file and with what the file leaves out: `http: /healthz`, `interval: 2s`. No secrets.
    package var words: [String] {
        var page = EntryPage()
        write(to: &page)
        return page.entries.map { entry in
            let line = entry.line.dropFirst(".check".count).drop { ".: ".contains($0) }
            return String(line.last == "\n" ? line.dropLast() : line)
        }
    }

    /// Whether what the director says to the server holds one.
    package var holdsSecret: Bool {
        switch kind {
        case .http(let check): check.hasSecrets
        case .redis(let check): check.password != nil
        case .ldap(let check): check.password != nil
        case .mysql(let check): check.password != nil
        case .postgresql(let check): check.password != nil
        case .radius: true
        default: false
        }
    }
}
