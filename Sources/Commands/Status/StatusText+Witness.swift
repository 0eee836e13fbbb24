import Control

extension StatusText {
    /// A line about the witness, where there is one.
    var witness: String {
        guard let witness = status.witness else { return "" }
        let address = style.paint(witness.address, .bold)
        let state =
            switch witness.state {
            case .heard: style.paint("is heard", .green) + roundTrip(witness)
            case .silent: style.paint("has been silent", .red) + " for \(Words.duration(witness.lastHeard ?? 0))"
            case .never: style.paint("has not been heard", .yellow) + " since this director started"
            }
        return "Witness \(address) \(state)\(grants(witness))\n"
    }

    private func roundTrip(_ witness: WitnessStatus) -> String {
        witness.roundTripMS.map { ", round trip \(Words.milliseconds($0))" } ?? ""
    }

    private func grants(_ witness: WitnessStatus) -> String {
        let grants = witness.grants.map { grant in
            let left = grant.leftMS.map { ", for \(Words.milliseconds($0)) more" } ?? ""
            return "; grant of \(grant.group): \(grant.holder ?? "another director")\(left)"
        }
        return grants.joined()
    }
}
