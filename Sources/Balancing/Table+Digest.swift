extension Table {
    /// A number that is the same for equal tables, on every machine and in every run, and different for others but
    /// by chance. It guards against drift, not against forgery.
    ///
    /// The sum of the FNV-1a hashes of the table's rules, so their order does not matter.
    package var digest: UInt64 {
        services.reduce(0) { sum, entry in
            let own = Self.hash(TableText.rule(entry.key, entry.value.options))
            return entry.value.servers.reduce(sum &+ own) { sum, server in
                let limits = " -x \(server.value.upperThreshold) -y \(server.value.lowerThreshold)"
                return sum &+ Self.hash(TableText.rule(entry.key, server.key, server.value) + limits)
            }
        }
    }

    private static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
