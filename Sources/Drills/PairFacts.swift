/// What a pair does while its directors do not hear each other.
package enum PartitionPolicy: String, Codable, Hashable, Sendable, CaseIterable {
    case keepActive = "keep-active"
    case requireGateway = "require-gateway"
    case requireWitness = "require-witness"
}

/// What a drill has to know of a pair to judge it. Times are in milliseconds.
package struct PairFacts: Codable, Hashable, Sendable {
    package var pair: String
    package var policy: PartitionPolicy
    package var intervalMS: Double
    package var misses: Int
    /// What a machine may add to any time: threads that wake late, processes that start slowly.
    package var marginMS: Double

    package init(
        pair: String, policy: PartitionPolicy = .keepActive, intervalMS: Double, misses: Int, marginMS: Double = 5
    ) {
        self.pair = pair
        self.policy = policy
        self.intervalMS = intervalMS
        self.misses = misses
        self.marginMS = marginMS
    }

    package var takeoverMS: Double { intervalMS * Double(misses) }

    /// The silence after which the other director claims: under a policy that asks somebody, long enough for the holder
    /// to have let go (Docs/Election.md, PartitionTimes).
    package var claimMS: Double {
        policy == .keepActive ? takeoverMS : intervalMS * Double(max(misses - 1, 3) + 2)
    }

    /// How long the kernel keeps an address that nobody renews: whole seconds, longer than two takeover times, 2 s at
    /// least.
    package var leaseMS: Double { max((takeoverMS * 2 / 1000).rounded(.down) + 1, 2) * 1000 }

    /// The kernel looks for lapsed addresses so much late at most (net/ipv4/devinet.c, `check_lifetime`).
    static let kernelMS = 250.0
}
