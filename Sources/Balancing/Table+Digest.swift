package import Settings

extension Table {
    /// A number that is the same for equal tables, on every machine and in every run, and different for others but
    /// by chance. It guards against drift, not against forgery.
    ///
    /// The sum of the fingerprints of the table's rules, so their order does not matter.
    package var digest: UInt64 {
        services.reduce(0) { sum, entry in
            let own = textDigest(TableText.rule(entry.key, entry.value.options))
            return entry.value.servers.reduce(sum &+ own) { sum, server in
                let limits = " -x \(server.value.upperThreshold) -y \(server.value.lowerThreshold)"
                return sum &+ textDigest(TableText.rule(entry.key, server.key, server.value) + limits)
            }
        }
    }

    /// What the table says, a chapter for each service, in the words of ipvsadm.
    package var chapters: [Chapter] {
        TableText.sorted(self).map { identity, service in
            let name = "\(identity)"
            let options = TableText.rule(identity, service.options).from(" -s ")
            return Chapter(
                name,
                [Entry(name, options)]
                    + TableText.sorted(service).map { server, options in
                        let rule = TableText.rule(identity, server, options).from(" -r \(server) ")
                        let limits = options.upperThreshold == 0 && options.lowerThreshold == 0
                        return Entry(
                            "\(name) \(server)",
                            limits ? rule : rule + " -x \(options.upperThreshold) -y \(options.lowerThreshold)")
                    })
        }
    }
}

extension String {
    /// What stands behind the first place of `mark`, without a blank before it.
    fileprivate func from(_ mark: String) -> String {
        guard let range = firstRange(of: mark) else { return self }
        return String(self[range.upperBound...])
    }
}
