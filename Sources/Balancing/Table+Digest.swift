package import Addresses
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
            let options = TableText.words(identity, service.options)
            return Chapter(
                name,
                [Entry(name, options)]
                    + TableText.sorted(service).map { server, options in
                        Entry("\(name) \(server)", TableText.words(identity, server, options))
                    })
        }
    }
}

extension TableText {
    /// All that there is to say of a service but its name: `wlc -p 300`.
    package static func words(_ identity: ServiceIdentity, _ options: ServiceOptions) -> String {
        rule(identity, options).from(" -s ")
    }

    /// The same of a server: `-g -w 1`.
    package static func words(_ identity: ServiceIdentity, _ server: Endpoint, _ options: ServerOptions) -> String {
        let rule = rule(identity, server, options).from(" -r \(server) ")
        let hasLimits = options.upperThreshold != 0 || options.lowerThreshold != 0
        return hasLimits ? rule + " -x \(options.upperThreshold) -y \(options.lowerThreshold)" : rule
    }
}

extension String {
    /// What stands behind the first place of `mark`, without a blank before it.
    fileprivate func from(_ mark: String) -> String {
        guard let range = firstRange(of: mark) else { return self }
        return String(self[range.upperBound...])
    }
}
