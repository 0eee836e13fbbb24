internal import Addresses

/// What somebody else changed about one of our services.
package struct Drift: Hashable, Sendable {
    package var service: ServiceIdentity
    /// The first of them, as they follow the service's name: `server 10.1.0.21:80 was gone`.
    package var changes: [String]
    /// How many more there are.
    package var more = 0

    // Implementation constant
    private static let limit = 5

    /// Of the services of either table, in `ServiceOrder`.
    ///
    /// - Parameters:
    ///   - expected: what the kernel held when it was last written or read.
    ///   - found: what it holds now.
    package static func all(from expected: Table, to found: Table) -> [Drift] {
        let services =
            expected.services.filter { found.services[$0.key] != $0.value }.map(\.key)
            + found.services.keys.filter { expected.services[$0] == nil }
        return services.inServiceOrder().map { service in
            Drift(service, from: expected.services[service], to: found.services[service])
        }
    }

    private init(_ service: ServiceIdentity, from expected: TableService?, to found: TableService?) {
        self.service = service
        guard let found else {
            changes = ["it was gone"]
            return
        }
        guard let expected else {
            changes = ["it was there again"]
            return
        }
        let all = Self.changes(of: service, from: expected, to: found)
        changes = Array(all.prefix(Self.limit))
        more = all.count - changes.count
    }

    private static func changes(
        of service: ServiceIdentity, from expected: TableService, to found: TableService
    ) -> [String] {
        var changes: [String] = []
        if expected.options != found.options {
            let (now, before) = (TableText.words(service, found.options), TableText.words(service, expected.options))
            changes.append("it was `\(now)` instead of `\(before)`")
        }
        for server in Set(expected.servers.keys).union(found.servers.keys).sorted() {
            switch (expected.servers[server], found.servers[server]) {
            case (_?, nil): changes.append("server \(server) was gone")
            case (nil, _?): changes.append("server \(server) was added")
            case (let before?, let now?) where before != now:
                changes.append(
                    "server \(server) was `\(TableText.words(service, server, now))` instead of "
                        + "`\(TableText.words(service, server, before))`")
            default: break
            }
        }
        return changes
    }
}

extension Drift: CustomStringConvertible {
    package var description: String {
        "\(service): " + changes.joined(separator: ", ") + (more > 0 ? " and \(more) more changes" : "")
    }
}
