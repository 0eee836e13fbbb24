import Addresses
import Balancing
import Control
import Linux
import Netlink
import Settings

/// Where a flow goes.
extension Desk {
    /// How long connections are searched.
    private static let patience = Duration.seconds(2)

    func explain(_ request: ExplainRequest) async throws(ControlRefusal) -> ExplainReport {
        let flow = try Self.flow(request)
        let settings = settings
        var view = try await reading.snapshot().read.view
        view.lastWeights = settings.weights
        view.switches = Self.switches()
        var search = FlowSearch(flow, in: view)
        let isWhole = Self.look(&search)
        let explanation = Explanation(flow, in: view, found: search)
        var report = ExplainReport(explanation, settings.namesByListen)
        if let services = organs.withdrawals.current.services[flow.target.address] {
            report.sentences.insert(
                "\(flow.target.address) is withdrawn from both directors for want of servers of "
                    + "\(services.joined(separator: ", ")): what is sent there comes to neither of them",
                at: 0)
        }
        if !isWhole {
            report.sentences.insert(
                "the kernel has more connections than can be searched in 2 s: this flow's may be among the others",
                at: 0)
        }
        return report
    }

    private static func flow(_ request: ExplainRequest) throws(ControlRefusal) -> Flow {
        do throws(FlowProblem) {
            return try Flow(words: request.flow.split(separator: " ").prefix(4).map(String.init), mark: request.mark)
        } catch {
            throw ControlRefusal(.malformed, error.description)
        }
    }

    /// False: not to the end.
    private static func look(_ search: inout FlowSearch) -> Bool {
        let end = Clock.now() + patience
        var reader = LineReader(path: Teller.list)
        var (lines, isWhole) = (0, true)
        do throws(SystemError) {
            try reader.forEachLine { line in
                lines += 1
                if lines % 256 == 0, Clock.now() > end {
                    isWhole = false
                    return false
                }
                return Connection(line: line).map { search.look(at: $0) } ?? true
            }
        } catch {
            return false
        }
        return isWhole
    }

    private static func switches() -> KernelSwitches {
        func number(_ name: String) -> Int? { (try? Sysctl.read(name)).flatMap { Int($0) } }
        var switches = KernelSwitches()
        if let port = number("net/ipv4/ip_unprivileged_port_start").flatMap(UInt16.init(exactly:)) {
            switches.firstFreePort = port
        }
        switches.expiresWithoutServer = number("net/ipv4/vs/expire_nodest_conn") == 1
        switches.expiresQuiescent = number("net/ipv4/vs/expire_quiescent_template") == 1
        switches.reuse = number("net/ipv4/vs/conn_reuse_mode") ?? 1
        return switches
    }
}

extension Settings {
    /// What the configuration gives is what a server had before it was taken back to 0.
    fileprivate var weights: [ServiceIdentity: [Endpoint: UInt32]] {
        var weights: [ServiceIdentity: [Endpoint: UInt32]] = [:]
        for service in services {
            for server in service.servers {
                for (listen, endpoint) in places(of: server, in: service) {
                    weights[listen, default: [:]][endpoint] = server.weight
                }
            }
        }
        return weights
    }
}

extension ExplainReport {
    fileprivate init(_ explanation: Explanation, _ names: [Listen: String]) {
        let match = explanation.match
        self.init(
            flow: "\(explanation.flow)", listen: match.map { "\($0.service)" },
            service: match.flatMap { names[$0.service] },
            found: match?.way.rawValue, scheduler: explanation.options?.scheduler,
            present: explanation.connection.map { "\($0.server)" }, kept: explanation.kept.map { "\($0)" },
            choice: explanation.fresh?.word, server: explanation.fresh?.server.map { "\($0)" },
            candidates: (explanation.scheduling?.candidates ?? []).map(CandidateReport.init),
            sentences: explanation.sentences)
    }
}

extension CandidateReport {
    fileprivate init(_ candidate: Candidate) {
        let server = candidate.server
        self.init(
            endpoint: "\(server.endpoint)", weight: server.options.weight, active: server.connections.active,
            inactive: server.connections.inactive, share: candidate.share)
    }
}
