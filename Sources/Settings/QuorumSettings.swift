package import Addresses

/// How many servers of a service are enough, and what happens while they are fewer.
package struct QuorumSettings: Hashable, Sendable {
    /// Servers that have to be up.
    package enum Amount: Hashable, Sendable {
        /// 1 to 4,096.
        case count(Int)
        /// Of all servers, rounded up, 1 to 100.
        case percent(Int)
    }

    package var amount: Amount
    /// So many servers more bring a lost quorum back, and so many fewer lose it: 0 to less than the quorum.
    package var hysteresis: Int
    package var tooFew: TooFewPolicy

    package init(_ amount: Amount, hysteresis: Int = 0, tooFew: TooFewPolicy = .fallback) {
        self.amount = amount
        self.hysteresis = hysteresis
        self.tooFew = tooFew
    }

    /// Servers that have to be up, of so many.
    package func wanted(of total: Int) -> Int {
        switch amount {
        case .count(let count): count
        case .percent(let percent): (total * percent + 99) / 100
        }
    }

    /// Whether enough servers are up; nil: that depends on servers of which nothing is known.
    ///
    /// keepalived's rule (keepalived/check/ipwrapper.c, `update_quorum_state`): there once `quorum + hysteresis` are
    /// up, lost below `quorum - hysteresis`, and in between as it was. Nobody up is never enough.
    ///
    /// - Parameters:
    ///   - up: servers that are up.
    ///   - unknown: servers of which nothing is known, besides.
    ///   - total: how many there are.
    ///   - before: what held until now; absent: nothing did, and the quorum itself decides.
    package func isThere(up: Int, unknown: Int = 0, of total: Int, before: Bool?) -> Bool? {
        let wanted = wanted(of: total)
        switch before {
        case true?: return up + unknown >= max(1, wanted - hysteresis)
        case false?: return up >= max(1, wanted + hysteresis)
        case nil:
            if up >= max(1, wanted) { return true }
            return up + unknown < max(1, wanted) ? false : nil
        }
    }
}

/// What becomes of a service while fewer servers are up than its quorum.
package enum TooFewPolicy: String, Hashable, Sendable, CaseIterable {
    /// All servers take connections, whatever their verdicts.
    case all
    /// The servers of the last table that had quorum stay, and those that come up join them.
    case keep
    /// The fallback answers alone.
    case fallback
    /// The virtual addresses that it listens on are on no director. The table is what the verdicts make it.
    case withdraw
}

extension ServiceSettings {
    /// Those of these addresses that it listens on.
    package func addresses(among virtual: Set<IPAddress>) -> Set<IPAddress> {
        var last: IPAddress?
        var found: Set<IPAddress> = []
        for listen in listens {
            // The ports of a range share their address.
            guard let address = listen.endpoint?.address, address != last else { continue }
            last = address
            if virtual.contains(address) { found.insert(address) }
        }
        return found
    }
}

extension QuorumSettings.Amount: CustomStringConvertible {
    /// `5` or `50%`.
    package var description: String {
        switch self {
        case .count(let count): "\(count)"
        case .percent(let percent): "\(percent)%"
        }
    }
}
