extension Table {
    /// The same table as if the servers that rise had risen: where this one has the weight of a step, it gets the whole
    /// one. Both directors take the same steps, though not in the same moment, and their tables are compared.
    ///
    /// - Parameters:
    ///   - wanted: the table with the weights of the step.
    ///   - whole: the table with the whole weights.
    package func risen(from wanted: Table, to whole: Table) -> Table {
        var table = self
        for (service, goal) in whole.services {
            guard let steps = wanted.services[service]?.servers, steps != goal.servers else { continue }
            for (server, options) in goal.servers {
                guard let step = steps[server], step.weight != options.weight,
                    table.services[service]?.servers[server]?.weight == step.weight
                else { continue }
                table.services[service]?.servers[server]?.weight = options.weight
            }
        }
        return table
    }
}
