import Addresses
import Control
import Election
import Heartbeat
import Settings

extension StatusReport {
    /// Absent where the configuration names none.
    var witnessStatus: WitnessStatus? {
        guard let settings = settings.pair.witness, let witness else { return nil }
        let state: WitnessStatus.State = witness.isHeard.map { $0 ? .heard : .silent } ?? .never
        return WitnessStatus(
            address: "\(settings.endpoint)", state: state, since: date(witness.since),
            lastHeard: witness.lastHeard.map { (now - $0).milliseconds / 1000 },
            roundTripMS: state == .heard ? witness.roundTrip?.milliseconds : nil, restarts: UInt64(witness.restarts),
            grants: witness.groups.enumerated().compactMap { index, group in grant(group, index, state) })
    }

    private func grant(_ group: WitnessClient.Group, _ index: Int, _ state: WitnessStatus.State) -> GrantStatus? {
        guard settings.groups.indices.contains(index) else { return nil }
        let name = settings.groups[index].name
        if let grant = group.grant, grant.until > now {
            return GrantStatus(group: name, holder: local.name, leftMS: (grant.until - now).milliseconds)
        }
        guard state == .heard, group.verdict == .held else { return nil }
        let holder = [local.name, peer.name].first { fingerprint("tandem director " + $0) == group.holder }
        return GrantStatus(group: name, holder: holder)
    }

    var witnessWarnings: [String] {
        guard let settings = settings.pair.witness, let witness else { return [] }
        let address = settings.endpoint.address
        if witness.isHeard == false {
            let silence = now - (witness.lastHeard ?? witness.since)
            return ["witness \(address) has been silent for \(EnvoyText.duration(silence))"]
        }
        guard witness.isHeard == nil, now - witness.since >= Envoy.firstPatience else { return [] }
        return ["witness \(address) does not answer: does 'tandemd --witness' run there, with the same key?"]
    }
}
