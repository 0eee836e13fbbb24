import Addresses
import Balancing
import Control
import Election
import Heartbeat
import Linux
import Settings

/// Drains and weights.
extension Desk {
    func override(_ order: ServerOrder, by uid: UInt32) async throws(ControlRefusal) -> ServerReport {
        let request = order.request
        let settings = settings
        let scope = try scope(of: request, settings)
        let override = Override(
            try word(order), scope, director: local, uid: uid, time: Clock.wallMilliseconds() / 1000,
            reason: try reason(request.reason).text)
        try overrides.say(override, force: request.force ?? false)
        try await waitForDisk()
        var report = ServerReport(
            order: override.word.name, server: scope.server, service: scope.service,
            servers: settings.servers(in: scope).map(\.description), warnings: warnings())
        if case .weight(let weight) = override.word { report.weight = weight }
        return report
    }

    private func word(_ order: ServerOrder) throws(ControlRefusal) -> Override.Word {
        switch order {
        case .drain: return .drain
        case .ready: return .ready
        case .weight(let request):
            if request.original == true, request.weight == nil { return .original }
            guard let weight = request.weight, request.original != true else {
                throw ControlRefusal(.malformed, "which weight? Give a number as weight, or true as original")
            }
            guard weight <= Override.highestWeight else {
                throw ControlRefusal(.malformed, "a weight is 0 to \(Override.highestWeight), not \(weight)")
            }
            return .weight(weight)
        }
    }

    /// What somebody means, who may have mistyped it.
    func scope(of request: ServerRequest, _ settings: Settings) throws(ControlRefusal) -> Override.Scope {
        if let name = request.service, !settings.services.contains(where: { $0.name == name }) {
            let names = settings.services.map(\.name)
            throw ControlRefusal(
                .unknown, "there is no service \(quoted(name))\(hint(name, names)); 'tandem services' lists them")
        }
        let place = request.service.map { "service \($0) has" } ?? "there is"
        let known = settings.services.filter { request.service == nil || $0.name == request.service }
            .flatMap(\.everyServer).map(\.endpoint)
        let names = known.map { "\($0.address)" } + known.map { "\($0)" }
        guard let scope = Override.Scope(server: request.server, service: request.service) else {
            throw ControlRefusal(
                .malformed,
                "\(quoted(request.server)) is no address with or without port (10.1.0.21, 10.1.0.21:80, "
                    + "[2001:db8::21]:80)\(hint(request.server, names))")
        }
        guard !settings.servers(in: scope).isEmpty || overrides.isStanding(scope) else {
            throw ControlRefusal(
                .unknown, "\(place) no server \(scope.server)\(hint(scope.server, names)); 'tandem servers' lists them")
        }
        return scope
    }

    private func hint(_ word: String, _ words: [String]) -> String {
        Words.nearest(to: word, among: words).map { "; did you mean \($0)?" } ?? ""
    }

    /// As much of it as a sentence has room for.
    private func quoted(_ text: String) -> String { String(text.prefix(64)) }

    /// What was answered is not forgotten.
    private func waitForDisk() async throws(ControlRefusal) {
        for _ in 0..<400 {
            if store.hasOverrides { return }
            try? await Task.sleep(for: .milliseconds(5))
        }
        let why = store.problems.first ?? "the director is too busy"
        throw ControlRefusal(.unavailable, "it is in force but not stored, and a restart could forget it: \(why)")
    }

    private func warnings() -> [String] {
        let isHeard = organs.heartBoard.current.peerState == .heard
        return isHeard ? [] : ["\(peer) is not heard: it learns of this when it is"]
    }
}

extension Override.Word {
    /// Without a number.
    var name: String {
        switch self {
        case .drain: "drain"
        case .ready: "ready"
        case .weight: "weight"
        case .original: "original"
        }
    }
}
