package import Settings

/// A word that is in force, and the servers that it makes other than the configuration has them.
package struct StandingOverride: Hashable, Sendable {
    package var override: Override
    /// In the order of the configuration, fallback servers among them. None: no service has such a server any more.
    package var servers: [ServerKey]
}

extension Overrides {
    /// The words that are in force, the newest first. One whose every server has a newer word is left out; one about a
    /// server that no service has is not.
    package func standing(in settings: Settings) -> [StandingOverride] {
        guard standing > 0 else { return [] }
        var servers: [Override: [ServerKey]] = [:]
        var known: Set<Override> = []
        for service in settings.services {
            for server in service.everyServer {
                let key = ServerKey(service: service.name, server: server.endpoint)
                for override in [drain(of: key), weight(of: key)].compactMap(\.self) {
                    servers[override, default: []].append(key)
                }
                known.formUnion(words(about: key))
            }
        }
        return list.reversed().filter(\.word.isOn).compactMap { override in
            let own = servers[override] ?? []
            return own.isEmpty && known.contains(override) ? nil : StandingOverride(override: override, servers: own)
        }
    }
}

extension Settings {
    /// The servers that somebody may mean.
    package func servers(in scope: Override.Scope) -> [ServerKey] {
        services.flatMap { service in
            guard scope.service == nil || scope.service == service.name else { return [ServerKey]() }
            return service.everyServer.map { ServerKey(service: service.name, server: $0.endpoint) }
                .filter(scope.covers)
        }
    }

    /// The services that have a server which takes connections and would have none left, by name.
    ///
    /// - Parameters:
    ///   - held: the table as it is desired now, which says who is up.
    ///   - old: what is in force now.
    ///   - new: what would be.
    package func emptied(_ held: Table, from old: Overrides, to new: Overrides, in scope: Override.Scope) -> [String] {
        var settings = self
        settings.services = services.filter { service in
            service.everyServer.contains { server in
                scope.covers(ServerKey(service: service.name, server: server.endpoint))
            }
        }
        var verdicts = Verdicts()
        verdicts.assume(held, settings, overrides: old)
        for index in settings.services.indices {
            settings.services[index].fallback = nil
            // Who is not in the table is down.
            settings.services[index].check.initial = .down
            for place in settings.services[index].servers.indices {
                settings.services[index].servers[place].check?.initial = .down
            }
        }
        let before = desired(settings, verdicts: verdicts, overrides: old)
        let after = desired(settings, verdicts: verdicts, overrides: new)
        return settings.services.filter { service in
            service.listens.contains { listen in
                before.services[listen]?.takesConnections == true && after.services[listen]?.takesConnections == false
            }
        }.map(\.name)
    }
}
