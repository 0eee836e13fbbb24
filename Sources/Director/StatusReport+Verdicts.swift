import Agreement
import Balancing
import Checks
import Control
import Settings

extension StatusReport {
    func server(_ server: ServerSettings, of service: ServiceSettings) -> ServerStatus {
        let key = ServerKey(service: service.name, server: server.endpoint)
        let own = own(checks[key])
        let peer = verdicts.peerView(of: key).map {
            ViewStatus(director: self.peer.name, isUp: $0.isUp, since: date($0.since), reason: $0.reason)
        }
        let isUp = service.isChecked(server) ? verdicts.decision(on: key) : true
        let hold = consequences.holds[key]
        let advice = consequences.advice[key] ?? Advice()
        let weight = advice.weight(of: server.weight)
        // Of the two, the one that decided.
        let deciding = [own, peer].compactMap(\.self).first { $0.isUp == isUp }
        return ServerStatus(
            endpoint: server.text, forwarding: server.forwarding.rawValue, weight: server.weight,
            verdict: isUp.map { $0 && !advice.isOut && hold == nil ? .up : .down } ?? .unknown, since: deciding?.since,
            reason: deciding?.reason ?? trouble(checks[key]?.newest), own: own, peer: peer,
            isDisputed: verdicts.isDisputed(key) ? true : nil,
            agent: agent(checks[key], counting: advice), advised: weight == server.weight ? nil : weight,
            drain: overrides.overrides.drain(of: key).map(mark),
            override: overrides.overrides.weight(of: key).map(mark),
            rising: isUp == true && !advice.isAboutWeight ? rising(key)?.of(server.weight) : nil,
            held: hold.map { HoldStatus(since: date($0.since), until: date($0.until)) },
            silent: balancer.silent[key].map { SilenceStatus(since: date($0.since), connections: $0.connections) })
    }

    /// Absent: there is nothing to say.
    private func agent(_ check: CheckView?, counting advice: Advice) -> String? {
        let own = check?.agent?.words
        guard check?.advice ?? Advice() != advice else { return own }
        let said = "\(advice)"
        let counts = "\(peer.name)'s word counts: \(said.isEmpty ? "ready" : said)"
        return own.map { "\($0); \(counts)" } ?? counts
    }

    private func rising(_ server: ServerKey) -> WeightShare? {
        guard overrides.overrides.weight(of: server) == nil else { return nil }
        return consequences.rises[server]?.share(now: now)
    }

    private func own(_ check: CheckView?) -> ViewStatus? {
        guard let view = check?.view else { return nil }
        return ViewStatus(
            director: local.name, isUp: view.verdict.isUp, since: date(view.since),
            reason: view.verdict.failure(newest: check?.newest)?.description)
    }

    /// What the newest result says although it decides nothing.
    private func trouble(_ newest: Outcome?) -> String? {
        switch newest {
        case .warn(let warning)?: warning.description
        case .fail(let failure)? where failure.isOwn: failure.description
        default: nil
        }
    }

    func quorum(of service: ServiceSettings) -> QuorumStatus? {
        consequences.quorum(of: service.name).map { view in
            QuorumStatus(
                isThere: view.isThere, since: date(view.since), wanted: view.wanted, hysteresis: view.hysteresis,
                tooFew: view.tooFew.rawValue)
        }
    }

    /// How many services are named.
    private static let quorumLimit = 10

    var quorumWarnings: [String] {
        let lacking = settings.services.compactMap { service in
            consequences.quorum(of: service.name).flatMap { $0.isThere ? nil : (service.name, $0) }
        }
        let sentences = lacking.prefix(Self.quorumLimit).map { name, view in
            "service \(name) has no quorum: \(view.up) of \(view.total) servers up, \(view.wanted) wanted; "
                + view.remedy
        }
        let others = lacking.count - sentences.count
        return others > 0 ? sentences + ["\(others) services more have no quorum"] : sentences
    }

    /// Of the servers that are up: of the others more is known.
    var silenceWarnings: [String] {
        let silent = balancer.silent.keys.filter { verdicts.decision(on: $0) != false }
        guard let first = silent.map(\.description).min() else { return [] }
        let others = silent.count - 1
        let servers = others == 0 ? "server \(first) gets" : "server \(first) and \(others) more get"
        return ["\(servers) new connections and nothing comes back ('tandem servers' says since when)"]
    }

    var disputeWarnings: [String] {
        let disputes = verdicts.settledDisputes(now: now)
        guard let first = disputes.map(\.server.description).min() else { return [] }
        let others = disputes.count - 1
        let servers = others == 0 ? "server \(first) is" : "server \(first) and \(others) more are"
        return [
            "\(servers) disputed: \(local.name) and \(peer.name) see different things ('tandem servers' shows both)"
        ]
    }
}
