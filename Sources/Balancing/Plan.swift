internal import Addresses

/// The steps that make one table of another.
///
/// Servers are added and raised before any is lowered to weight 0 or removed, so that a service which takes connections
/// in both tables does so after each step. A service that is in neither `desired` nor `owned` is somebody
/// else's and stays as it is. What is alike in both gets no step. The order is the same for the same tables.
///
/// - Parameter owned: services that are or were ours: those that `desired` does not have are removed.
package func plan(from held: Table, to desired: Table, owned: Set<ServiceIdentity>) -> [Step] {
    var steps: [Step] = []
    for (identity, service) in desired.services {
        steps += serviceSteps(identity, from: held.services[identity], to: service)
    }
    for identity in held.services.keys where owned.contains(identity) && desired.services[identity] == nil {
        steps.append(.removeService(identity))
    }
    return steps.map { (order: StepOrder($0), step: $0) }.sorted { $0.order < $1.order }.map(\.step)
}

private func serviceSteps(_ identity: ServiceIdentity, from held: TableService?, to desired: TableService) -> [Step] {
    var steps: [Step] = []
    if held == nil {
        steps.append(.addService(identity, desired.options))
    } else if held?.options != desired.options {
        steps.append(.editService(identity, desired.options))
    }
    for (server, options) in desired.servers {
        guard let current = held?.servers[server] else {
            steps.append(.addServer(server, options, of: identity))
            continue
        }
        if current != options { steps.append(.editServer(server, options, of: identity)) }
    }
    for server in (held?.servers ?? [:]).keys where desired.servers[server] == nil {
        steps.append(.removeServer(server, of: identity))
    }
    return steps
}

/// What comes first: services, then what gives, then what takes; within them by service and server.
private struct StepOrder: Comparable {
    private let rank: Int
    private let service: ServiceOrder
    private let server: Endpoint?

    init(_ step: Step) {
        service = ServiceOrder(step.service)
        switch step {
        case .addService, .editService: (rank, server) = (0, nil)
        case .addServer(let endpoint, _, _): (rank, server) = (1, endpoint)
        case .editServer(let endpoint, _, _): (rank, server) = (step.takesAway ? 3 : 2, endpoint)
        case .removeServer(let endpoint, _): (rank, server) = (4, endpoint)
        case .removeService: (rank, server) = (5, nil)
        }
    }

    static func < (left: Self, right: Self) -> Bool {
        if left.rank != right.rank { return left.rank < right.rank }
        if left.service != right.service { return left.service < right.service }
        guard let one = left.server, let other = right.server else { return false }
        return one < other
    }
}

/// The steps that must not be tried because others of the plan failed: those that would be refused for want of the
/// failed ones, and those that would leave a service without a server that takes connections which the
/// failed ones were to keep from that.
///
/// - Parameters:
///   - held: the table that the plan began from.
///   - failed: steps of the plan.
package func dependents(of failed: Set<Step>, in steps: [Step], from held: Table) -> Set<Step> {
    guard !failed.isEmpty else { return [] }
    let troubled = Set(failed.map(\.service))
    var table = Table(services: held.services.filter { troubled.contains($0.key) })
    var skipped: Set<Step> = []
    for step in steps where troubled.contains(step.service) && !failed.contains(step) {
        let before = table.services[step.service]
        do {
            try table.apply(step)
        } catch {
            skipped.insert(step)
            continue
        }
        guard let after = table.services[step.service], step.takesAway else { continue }
        if before?.takesConnections == true, !after.takesConnections {
            table.services[step.service] = before
            skipped.insert(step)
        }
    }
    return skipped
}
