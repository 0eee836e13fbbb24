import ArgumentParser
package import Control

struct StandbyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "standby", abstract: "Let a director take nothing, and hand over what it has.",
        discussion: """
            Holds until 'tandem online', also over restarts. Waits until the director holds nothing and both know; \
            exits with 1 if it keeps a group because the other one cannot take it: nobody's wish leaves a group to \
            nobody. The handover follows as soon as it can.
            """)

    @OptionGroup var api: API
    @OptionGroup var wish: WishOptions

    @Argument(help: "The director; else the one that is asked.")
    var node: String?

    func run() async throws {
        try await api.run { client in
            let order = WishOrder.standby(StandbyRequest(node: node, reason: wish.reason))
            try await wish.make(order, at: client) { report, status in
                let kept = status.groups.filter { $0.holder == report.director }.map(\.name)
                guard !kept.isEmpty else { return nil }
                return "\(report.director ?? "") is in standby and still active for "
                    + "\(kept.joined(separator: ", ")): \(status.whyNobodyTakes(from: report.director))"
            }
        }
    }
}

struct OnlineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "online", abstract: "Let a director take groups again, after 'tandem standby'.",
        discussion: "What it handed over stays where it is, unless a group prefers it and 'preempt' says so.")

    @OptionGroup var api: API
    @OptionGroup var wish: WishOptions

    @Argument(help: "The director; else the one that is asked.")
    var node: String?

    func run() async throws {
        try await api.run { client in
            let order = WishOrder.online(StandbyRequest(node: node, reason: wish.reason))
            try await wish.make(order, at: client) { _, _ in nil }
        }
    }
}

extension Status {
    /// Why the other director does not take what one in standby has.
    package func whyNobodyTakes(from director: String?) -> String {
        let isFromHere = director == self.director
        let taker = isFromHere ? peer.name : self.director
        guard peer.state == .heard else { return "\(peer.name) is not heard" }
        guard !standby.contains(where: { $0.director == taker }) else { return "\(taker) is in standby as well" }
        guard let warmth = isFromHere ? peer.warmth : warmth, !warmth.isWarm else { return "\(taker) cannot take it" }
        return "\(taker) is not warm; it is waited for, or say 'tandem handover --to \(taker) --force'"
    }
}
