/// What a campaign did, as a table for people.
package struct CampaignReport {
    package var campaign: Campaign
    package var result: Campaign.Result
    package var time: Duration

    package var text: String {
        (rows + [""] + summary + verdict).joined(separator: "\n")
    }

    private var rows: [String] {
        let tally = result.tally
        var lines = [row("FAILURE", "COUNT", "OVERLAPPING")]
        for kind in FaultKind.allCases {
            let count = tally.counts[kind.rawValue]
            lines.append(row(kind.words, String(count), Self.share(tally.overlapped[kind.rawValue], of: count)))
        }
        let overlapped = tally.overlapped.reduce(0, +)
        lines.append(row("all", String(tally.failures), Self.share(overlapped, of: tally.failures)))
        return lines
    }

    private var summary: [String] {
        let tally = result.tally
        let seconds = time / .seconds(1)
        let speed = Int(Double(tally.failures) / max(seconds, 0.001))
        return [
            "\(tally.seeds) seeds from \(campaign.first), \(tally.simulated.components.seconds) s simulated in "
                + "\(Int(seconds * 10) / 10).\(Int(seconds * 10) % 10) s, "
                + "\(speed) failures/s on \(campaign.jobs) threads"
        ]
    }

    private var verdict: [String] {
        let without = campaign.without.map { " --without \($0.rawValue)" } ?? ""
        guard !result.broken.isEmpty else { return ["no rule broken"] }
        return result.broken.flatMap { broken in
            ["", "seed \(broken.seed) breaks a rule:"] + broken.violations.prefix(3).map { "  \($0)" } + [
                "  tandem-sim --failures-per-seed \(campaign.failuresPerSeed)\(without) --replay \(broken.seed)"
            ]
        }
    }

    private func row(_ name: String, _ count: String, _ share: String) -> String {
        let gap = String(repeating: " ", count: max(1, 28 - name.count))
        let left = String(repeating: " ", count: max(1, 9 - count.count))
        return name + gap + left + count + String(repeating: " ", count: max(1, 14 - share.count)) + share
    }

    private static func share(_ part: Int, of whole: Int) -> String {
        whole == 0 ? "-" : "\((part * 100 + whole / 2) / whole) %"
    }
}
