import Addresses
import Balancing
import Control
import Netlink
import Settings
import SettingsFile
import Synchronization

/// Plans, and the kernel's table on request.
extension Desk {
    /// How long the balancer may take, which may be loading ip_vs.
    private static let patience = Duration.seconds(30)

    // MARK: Plan

    func plan(_ request: PlanRequest) async throws(ControlRefusal) -> PlanReport {
        let loaded = try load(request)
        guard let settings = loaded.settings else {
            let errors = loaded.errors.prefix(10).map(\.description)
            throw ControlRefusal(.malformed, "it cannot be used: " + errors.joined(separator: "; "))
        }
        let answer = Answer<Result<Preview, NetlinkError>>()
        organs.balancer.post(.plan(settings, answer))
        guard let answered = await answer.wait(for: Self.patience) else { throw .noBalancer }
        let preview: Preview
        switch answered {
        case .success(let found): preview = found
        case .failure(let error): throw ControlRefusal(.unavailable, "\(error)")
        }
        let current = state.withLock(\.settings)
        var notes: [String] = []
        if preview.unchecked > 0 { notes.append("servers not checked yet, counted as up: \(preview.unchecked)") }
        return PlanReport(
            steps: preview.steps.map { PlanStep($0, from: preview.held) }
                .masquerading(from: organs.balancerBoard.current.masqueraded, to: Masquerade(settings).listens),
            obstacles: Self.obstacles(Settings.difference(from: current, to: settings), from: current, to: settings)
                + preview.taken.map(Self.sentence(taken:)),
            notes: notes)
    }

    private func load(_ request: PlanRequest) throws(ControlRefusal) -> SettingsFile.Loaded {
        guard let files = request.files else { return SettingsFile.load(path: file) }
        guard let first = files.first else { throw ControlRefusal(.malformed, "there is no file in `files`") }
        let others = Dictionary(files.map { ($0.path, $0.text) }) { first, _ in first }
        return SettingsFile.load(text: first.text, name: first.path, others: others)
    }

    // MARK: Apply

    func apply(_ request: ApplyRequest) async throws(ControlRefusal) -> ApplyReport {
        let configuration: String
        do throws(ReloadRefusal) {
            configuration = try reload(force: request.force == true)
        } catch {
            throw ControlRefusal(
                .conflict, "the old configuration stays in force: " + error.problems.prefix(10).joined(separator: "; "))
        }
        if request.force == true { organs.balancer.post(.confirm) }
        let repair = try await look()
        return ApplyReport(configuration: configuration, repairs: repair.drift, failures: repair.problems)
    }

    private func look() async throws(ControlRefusal) -> Repair {
        let answer = Answer<Repair>()
        organs.balancer.post(.look(answer))
        guard let repair = await answer.wait(for: Self.patience) else { throw .noBalancer }
        return repair
    }

    // MARK: Foreign services

    func adopt(_ request: AdoptRequest) async throws(ControlRefusal) -> AdoptReport {
        _ = try await look()
        let taken = organs.balancerBoard.current.taken
        let chosen = try request.services.map { names throws(ControlRefusal) in
            try names.map { name throws(ControlRefusal) in try find(name, among: taken) }
        }
        guard let services = chosen ?? (taken.isEmpty ? nil : taken) else {
            throw ControlRefusal(
                .conflict, "every service of the configuration that the kernel holds is Tandem's: nothing to take over")
        }
        organs.balancer.post(.own(services))
        let repair = try await look()
        let names = services.map { "\($0)" }
        journal.record(.table, "took over from somebody else: \(names.prefix(20).joined(separator: ", "))")
        return AdoptReport(services: names, failures: repair.problems)
    }

    private func find(_ name: String, among taken: [ServiceIdentity]) throws(ControlRefusal) -> ServiceIdentity {
        if let service = taken.first(where: { "\($0)" == name }) { return service }
        let view = organs.balancerBoard.current
        if view.owned.contains(where: { "\($0)" == name }) {
            throw ControlRefusal(.conflict, "\(name) is Tandem's already")
        }
        guard view.foreign?.services.keys.contains(where: { "\($0)" == name }) == true else {
            throw ControlRefusal(.unknown, "the kernel has no service \(name): 'tandem table' lists them")
        }
        throw ControlRefusal(
            .conflict,
            "the configuration has no \(name), so Tandem would remove it: write it there first, and adopt it then")
    }

    static func sentence(taken service: ServiceIdentity) -> String {
        "\(service) is in the kernel already, is not Tandem's and is not what the configuration wants: take it over "
            + "with `tandem adopt '\(service)'`, or remove it with `ipvsadm -D`"
    }
}

extension ControlRefusal {
    fileprivate static let noBalancer = ControlRefusal(
        .unavailable, "the kernel's table is being worked on for longer than 30 s: see 'tandem status'")
}

extension [PlanStep] {
    /// With what changes about the source of packets.
    fileprivate func masquerading(from now: Set<ServiceIdentity>, to then: Set<ServiceIdentity>) -> [PlanStep] {
        var steps = self
        for service in now.symmetricDifference(then).inServiceOrder() {
            let name = "\(service)"
            if let index = steps.firstIndex(where: { $0.service == name && $0.server == nil }) {
                if then.contains(service) { steps[index].after? += ", masquerade" }
                continue
            }
            let words = ["no masquerade", "masquerade"]
            let isWanted = then.contains(service)
            steps.append(
                PlanStep(
                    .change, service: name, server: nil, before: words[isWanted ? 0 : 1],
                    after: words[isWanted ? 1 : 0]))
        }
        return steps
    }
}

extension PlanStep {
    fileprivate init(_ step: Step, from held: Table) {
        let (identity, service) = (step.service, held.services[step.service])
        let before = service.map { TableText.words(identity, $0.options) }
        func words(_ server: Endpoint) -> String? {
            service?.servers[server].map { TableText.words(identity, server, $0) }
        }
        switch step {
        case .addService(_, let options):
            self.init(
                .add, service: "\(identity)", server: nil, before: nil, after: TableText.words(identity, options))
        case .editService(_, let options):
            self.init(
                .change, service: "\(identity)", server: nil, before: before,
                after: TableText.words(identity, options))
        case .removeService: self.init(.remove, service: "\(identity)", server: nil, before: before, after: nil)
        case .addServer(let server, let options, _):
            self.init(
                .add, service: "\(identity)", server: "\(server)", before: nil,
                after: TableText.words(identity, server, options))
        case .editServer(let server, let options, _):
            self.init(
                .change, service: "\(identity)", server: "\(server)", before: words(server),
                after: TableText.words(identity, server, options))
        case .removeServer(let server, _):
            self.init(.remove, service: "\(identity)", server: "\(server)", before: words(server), after: nil)
        }
    }
}
