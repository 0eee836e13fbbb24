internal import Addresses

/// The steps that make one table of another.
///
/// Servers are added and raised before any is lowered to weight 0 or removed, so that a service which takes connections
/// in both tables does so after each step. A service that is in neither `desired` nor `owned` is somebody
/// else's and stays as it is. What is alike in both gets no step. The order is the same for the same tables.
///
/// - Parameter owned: services that are or were ours: those that `desired` does not have are removed.
package func plan(from held: Table, to desired: Table, owned: Set<ServiceIdentity>) -> [Step] {
    var changed: [(order: ServiceOrder, steps: [Step])] = []
    for (identity, service) in desired.services {
        let steps = serviceSteps(identity, from: held.services[identity], to: service)
        if !steps.isEmpty { changed.append((ServiceOrder(identity), steps)) }
    }
    for identity in held.services.keys where owned.contains(identity) && desired.services[identity] == nil {
        changed.append((ServiceOrder(identity), [.removeService(identity)]))
    }
    changed.sort { $0.order < $1.order }
    var ranks: [[Step]] = Array(repeating: [], count: 6)
    for service in changed {
        for step in service.steps { ranks[step.rank].append(step) }
    }
    return ranks.flatMap(\.self)
}

/// Of one service that is wanted; those of a rank are in the order of the servers.
private func serviceSteps(_ identity: ServiceIdentity, from held: TableService?, to desired: TableService) -> [Step] {
    guard let held else {
        return [.addService(identity, desired.options)]
            + TableText.sorted(desired).map { .addServer($0.key, $0.value, of: identity) }
    }
    guard held != desired else { return [] }
    var steps: [Step] = held.options == desired.options ? [] : [.editService(identity, desired.options)]
    for (server, options) in TableText.sorted(desired) where held.servers[server] != options {
        let isThere = held.servers[server] != nil
        steps.append(
            isThere ? .editServer(server, options, of: identity) : .addServer(server, options, of: identity))
    }
    for (server, _) in TableText.sorted(held) where desired.servers[server] == nil {
        steps.append(.removeServer(server, of: identity))
    }
    return steps
}

extension Step {
    /// What comes first: services, then what gives, then what takes; within them by service and server.
    fileprivate var rank: Int {
        switch self {
        case .addService, .editService: 0
        case .addServer: 1
        case .editServer: takesAway ? 3 : 2
        case .removeServer: 4
        case .removeService: 5
        }
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
