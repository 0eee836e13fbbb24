internal import Addresses
package import Settings

/// Finds the service and the group of a connection.
package struct ServiceIndex: Sendable {
    /// What the configuration says of a connection.
    package struct Place: Hashable, Sendable {
        /// The group's place in the configuration; absent: no group's address is listened on.
        package var group: Int?
        package var forwarding: Forwarding
        /// 0: none.
        package var mark: UInt32
        /// Of the service, in seconds; absent: not persistent.
        package var persistence: UInt32?
    }

    private struct Listed: Sendable {
        var place: Place
        /// Of servers that are not reached as the first one is.
        var exceptions: [IPAddress: Forwarding]
        var servers: Set<IPAddress>
    }

    /// FTP's templates have no port, like those of a service of all ports (net/netfilter/ipvs/ip_vs_core.c,
    /// `ip_vs_sched_persist`).
    private static let ftp: UInt16 = 21

    private var listed: [ServiceIdentity: Listed] = [:]
    private var marks: [ServiceIdentity] = []

    package init(_ settings: Settings) {
        var groups: [String: Int] = [:]
        for (index, group) in settings.groups.enumerated() { groups[group.name] = index }
        for service in settings.services {
            let forwarding = service.servers.first?.forwarding ?? .dr
            var exceptions: [IPAddress: Forwarding] = [:]
            for server in service.servers + service.substitute where server.forwarding != forwarding {
                exceptions[server.endpoint.address] = server.forwarding
            }
            for listen in service.listens {
                var place = Place(
                    group: service.group.flatMap { groups[$0] }, forwarding: forwarding, mark: 0,
                    persistence: service.persistence)
                if case .mark(let mark, _) = listen {
                    place.mark = mark
                    marks.append(listen)
                }
                listed[listen] = Listed(
                    place: place, exceptions: exceptions, servers: Set(service.servers.map(\.endpoint.address)))
            }
        }
    }

    /// nil for a connection of somebody else's service, and for a template of a service that is not persistent (any
    /// more).
    package subscript(connection: Connection) -> Place? {
        guard let listed = listed(connection) else { return nil }
        if connection.isTemplate, listed.place.persistence == nil { return nil }
        var place = listed.place
        if !listed.exceptions.isEmpty, let other = listed.exceptions[connection.server.address] {
            place.forwarding = other
        }
        return place
    }

    private func listed(_ connection: Connection) -> Listed? {
        guard let transport = TransportProtocol(protocolNumber: connection.protocolNumber) else {
            return mark(of: connection).flatMap { listed[.mark($0, connection.service.address.family)] }
        }
        if let found = listed[.endpoint(transport, connection.service)] { return found }
        for port in connection.isTemplate ? [0, Self.ftp] : [0] {
            let service = Endpoint(address: connection.service.address, port: port)
            if let found = listed[.endpoint(transport, service)] { return found }
        }
        return marks.lazy.filter { $0.family == connection.service.address.family }.compactMap { listed[$0] }
            .first { $0.servers.contains(connection.server.address) }
    }

    /// A template of a mark has it where others have the address.
    private func mark(of connection: Connection) -> UInt32? {
        guard connection.isTemplate else { return nil }
        return switch connection.service.address {
        case .v4(let address): address.number
        case .v6(let address): UInt32(truncatingIfNeeded: address.high >> 32)
        }
    }
}

extension ServiceSettings {
    /// The server that stands in when none is up.
    fileprivate var substitute: [ServerSettings] {
        if case .server(let server)? = fallback { [server] } else { [] }
    }
}

extension TransportProtocol {
    fileprivate init?(protocolNumber: UInt8) {
        switch protocolNumber {
        case 6: self = .tcp
        case 17: self = .udp
        case 132: self = .sctp
        default: return nil
        }
    }
}
