import Addresses
import Balancing
import Control
import Linux
import Settings
import Synchronization

extension OverrideKeeper {
    /// An operator's word.
    func say(_ override: Override, force: Bool) throws(ControlRefusal) {
        let held = organs.balancerBoard.current.desired
        let result = state.withLock { state -> Result<Override, ControlRefusal> in
            var new = state.overrides
            guard let said = new.say(override) else { return .failure(Self.tooMany) }
            let emptied = state.settings.emptied(held, from: state.overrides, to: new, in: override.scope)
            if !force, override.word.isOn, let first = emptied.first {
                return .failure(refusal(override, first, emptied.count - 1, state.settings))
            }
            state.overrides = new
            spread(&state)
            return .success(said)
        }
        let said = try result.get()
        tell([said])
        share(Clock.now())
    }

    private static let tooMany = ControlRefusal(
        .conflict, "\(Overrides.limit) drains and weights are in force, and more are not kept: end some of them first")

    private func refusal(
        _ override: Override, _ service: String, _ others: Int, _ settings: Settings
    ) -> ControlRefusal {
        let more = others > 0 ? " and \(others) more" : ""
        let hasFallback = settings.services.contains { $0.name == service && $0.fallback != nil }
        let then = hasFallback ? "its fallback would stand in" : "nobody would answer new connections"
        return ControlRefusal(
            .conflict,
            "service \(service)\(more) would have no server left that takes connections, and \(then): "
                + "make another one ready first, or say --force")
    }

    /// Whether something about just this is in force, if only for a server that no service has any more.
    func isStanding(_ scope: Override.Scope) -> Bool {
        state.withLock { state in state.standing.contains { $0.override.scope == scope } }
    }

    // MARK: Telling people

    /// A line for each word that is new here; many at once are counted.
    func tell(_ said: [Override]) {
        let settings = state.withLock { $0.settings }
        for override in said where override.word == .ready {
            organs.arbiter.post(.release(settings.servers(in: override.scope)))
        }
        for override in said.prefix(Self.longestTale) {
            let who = "asked for by uid \(override.uid) at \(override.director)"
            let why = override.reason.isEmpty ? "" : ": \(override.reason)"
            record(override, "server \(override.scope) \(override.word.sentence), \(who)\(why)") {
                $0.to = "\(override.word)"
                $0.uid = override.uid
                $0.reason = override.reason.isEmpty ? nil : override.reason
            }
        }
        let others = said.count - Self.longestTale
        if others > 0 { journal.record(.override, "\(others) more drains and weights were taken from \(peer)") }
    }

    private static let longestTale = 20

    /// A drain has come to its end.
    func tellEnd(of override: Override, after duration: Duration) {
        let time = DurationText.print(.seconds(duration.components.seconds))
        record(override, "server \(override.scope) is drained: no active connection is left, after \(time)") {
            $0.to = "drained"
            $0.durationMS = duration.milliseconds
        }
    }

    private func record(_ override: Override, _ sentence: String, _ fill: (inout Event) -> Void) {
        journal.record(.override, sentence) { event in
            event.server = override.scope.server
            event.service = override.scope.service
            fill(&event)
        }
    }
}

extension Override.Word {
    /// Words behind a server.
    fileprivate var sentence: String {
        switch self {
        case .drain: "drains"
        case .ready: "drains no more"
        case .weight(let weight): "has weight \(weight)"
        case .original: "has the configuration's weight again"
        }
    }
}
