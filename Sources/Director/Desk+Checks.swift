import Addresses
import Agreement
import Balancing
import Checks
import Control
import Dialogues
import Linux
import Settings

/// How servers are checked, and what came of it.
extension Desk {
    /// Servers whose check is run at once for somebody who asks.
    private static let mostTrials = 16
    /// How long the arbiter is waited for.
    private static let patience = Duration.seconds(2)

    /// What both directors' verdicts are, and what follows. Nothing is known from an arbiter that stands still; the
    /// trackers say so.
    var verdicts: Arbiter.Report {
        get async {
            let answer = Answer<Arbiter.Report>()
            organs.arbiter.post(.report(answer))
            let settings = settings
            return await answer.wait(for: Self.patience)
                ?? Arbiter.Report(SharedVerdicts(settings), Consequences(settings, now: Clock.now()))
        }
    }

    func checks(_ request: CheckRequest) async throws(ControlRefusal) -> ChecksReport {
        let servers = try servers(request)
        guard let histories = try? await organs.checker.histories(of: servers) else { throw Self.isEnding }
        let verdicts = await verdicts.shared
        let (now, wall) = (Clock.now(), Clock.wallMilliseconds())
        func date(_ instant: Instant) -> Int64 { wall - (now - instant).nanoseconds / 1_000_000 }
        return ChecksReport(
            director: local,
            checks: histories.map { history in
                let check = history.check
                return CheckStatus(
                    service: history.server.service, server: "\(history.server.server)", target: history.target.words,
                    check: check.words,
                    own: history.view.map { ViewStatus(director: local, $0, since: date($0.since) / 1000) },
                    peer: verdicts.peerView(of: history.server).map {
                        ViewStatus(
                            director: peer, isUp: $0.isUp, since: date($0.since) / 1000, reason: $0.reason)
                    },
                    streak: history.streak, decides: history.view?.verdict.isUp == true ? check.fall : check.rise,
                    nextMS: history.due > now && check.kind != .none ? (history.due - now).milliseconds : nil,
                    results: history.results.map { ResultStatus($0, time: date($0.start)) })
            })
    }

    func check(_ request: CheckRequest) async throws(ControlRefusal) -> TrialsReport {
        let servers = try servers(request)
        guard servers.count <= Self.mostTrials else {
            throw ControlRefusal(
                .conflict,
                "\(servers.count) services have this server, and \(Self.mostTrials) checks are run at once: "
                    + "name one with --service")
        }
        var trials: [TrialStatus] = []
        for server in servers {
            guard let trial = try? await organs.checker.tryOnce(server) else { continue }
            let time = Clock.wallMilliseconds() - trial.result.took.nanoseconds / 1_000_000
            trials.append(
                TrialStatus(
                    service: server.service, server: "\(server.server)", target: trial.target.words,
                    result: ResultStatus(trial.result, time: time), sayings: trial.lines.map { TrialStatus.Saying($0) })
            )
        }
        guard !trials.isEmpty else {
            throw ControlRefusal(.conflict, "server \(request.server) has no check that could be run (check: none)")
        }
        return TrialsReport(director: local, trials: trials)
    }

    private func servers(_ request: CheckRequest) throws(ControlRefusal) -> [ServerKey] {
        let settings = settings
        let order = ServerRequest(server: request.server, service: request.service)
        return settings.servers(in: try scope(of: order, settings))
    }

    private static var isEnding: ControlRefusal { ControlRefusal(.unavailable, "the director is ending") }
}

extension Endpoint {
    /// Without a port where the check asks at none.
    fileprivate var words: String { port == 0 ? "\(address)" : "\(self)" }
}

extension ViewStatus {
    init(director: String, _ view: View, since: Int64) {
        var reason: String?
        if case .down(let failure) = view.verdict { reason = failure.description }
        self.init(director: director, isUp: view.verdict.isUp, since: since, reason: reason)
    }
}

extension ResultStatus {
    fileprivate init(_ result: CheckResult, time: Int64) {
        let reason: String? =
            switch result.outcome {
            case .pass, .advised: nil
            case .warn(let warning): warning.description
            case .fail(let failure): failure.description
            }
        self.init(time: time, tookMS: result.took.milliseconds, isPass: result.outcome.isPass, reason: reason)
    }
}

extension TrialStatus.Saying {
    fileprivate init(_ line: Transcript.Line) {
        self.init(
            afterMS: line.after.milliseconds, by: line.speaker.rawValue, text: line.bytes.map(Self.text),
            bytes: line.count)
    }

    /// As it may stand on a terminal, whatever it is.
    private static func text(_ bytes: [UInt8]) -> String {
        bytes.reduce(into: "") { text, byte in
            switch byte {
            case UInt8(ascii: "\n"): text += "\\n"
            case UInt8(ascii: "\r"): text += "\\r"
            case UInt8(ascii: "\t"): text += "\\t"
            case UInt8(ascii: "\\"): text += "\\\\"
            case 0x20..<0x7F: text.unicodeScalars.append(Unicode.Scalar(byte))
            default: text += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }
    }
}
