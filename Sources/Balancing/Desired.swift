package import Addresses
package import Agreement
package import Settings

/// What is known of the servers: up, down, or nothing yet.
package struct Verdicts: Hashable, Sendable {
    private var isUp: [ServerKey: Bool]

    package init(_ isUp: [ServerKey: Bool] = [:]) {
        self.isUp = isUp
    }

    /// nil: no result yet.
    package subscript(server: ServerKey) -> Bool? {
        get { isUp[server] }
        set { isUp[server] = newValue }
    }
}

extension Verdicts {
    /// Of servers that these settings do not check nothing is known.
    package mutating func forgetUnchecked(_ settings: Settings) {
        var checked: Set<ServerKey> = []
        for service in settings.services {
            for server in service.everyServer where service.isChecked(server) {
                checked.insert(ServerKey(service: service.name, server: server.endpoint))
            }
        }
        isUp = isUp.filter { checked.contains($0.key) }
    }

    /// Of a checked server without a result, believes what the kernel's table says: an earlier life of this director
    /// put it there, and its clients must not suffer from a restart.
    ///
    /// - Returns: whether that made a difference.
    @discardableResult
    package mutating func assume(
        _ held: Table, _ settings: Settings, overrides: Overrides = Overrides()
    ) -> Bool {
        let before = isUp.count
        for service in settings.services {
            let reach = Reach(service)
            for server in service.servers where service.isChecked(server) {
                let key = ServerKey(service: service.name, server: server.endpoint)
                guard self[key] == nil else { continue }
                // One that drains has weight 0 although it is up; one that is down would not be there at all.
                let mayDrain = overrides.weight(of: server, in: service) == 0 || service.check(of: server).isAdvised
                let isKept = service.onDown == .remove && mayDrain
                let isHeld = places(of: server, in: service, reach).contains { listen, target in
                    held.services[listen]?.servers[target].map { $0.weight > 0 || isKept } ?? false
                }
                if isHeld { self[key] = true }
            }
        }
        return isUp.count > before
    }

    /// Of what nobody has looked at yet, believes the best. Says how many servers that are.
    package mutating func hope(_ settings: Settings) -> Int {
        var count = 0
        for service in settings.services {
            for server in service.servers where service.isChecked(server) {
                let key = ServerKey(service: service.name, server: server.endpoint)
                guard self[key] == nil else { continue }
                self[key] = true
                count += 1
            }
        }
        return count
    }
}

/// The table that both directors should hold.
///
/// - A service with several listens makes as many services of the table, each with the servers that stand behind it
///   (`Reach`).
/// - A server without a result counts as down, since a guess would send clients into a hole (`assume` lets an earlier
///   life's table count), or as up if its check says `initial: up`; a server whose check is
///   `none` is not looked at and is up.
/// - A down server is absent, or has weight 0 where the service says `quiesce`.
/// - A server that an operator drains has weight 0 while it is up, and another weight where he gave it one.
/// - What a server's agent says goes behind what an operator said of its weight: `drain` is weight 0, a percentage is
///   of the configured weight. A server that it calls down or in maintenance counts as down.
/// - With no server of a service that takes connections, its fallback stands in with weight 1, unless that one is known
///   to be down; if it drains, with weight 0.
/// - A service that lacks its quorum has more servers in than are up, or its fallback alone while that takes
///   connections: servers that are up then have weight 0, so that what is connected may finish.
/// - A server that came back has a share of its configured weight; another one that an operator or its agent gave it,
///   it has at once.
package func desired(
    _ settings: Settings, verdicts: Verdicts, overrides: Overrides = Overrides(), advice: [ServerKey: Advice] = [:],
    shortages: [String: Shortage] = [:], shares: [ServerKey: WeightShare] = [:]
) -> Table {
    let known = Known(
        verdicts: verdicts, overrides: overrides, advice: advice, shortages: shortages, shares: shares)
    var table = Table()
    table.services.reserveCapacity(settings.services.count)
    for service in settings.services { table.set(service, known) }
    return table
}

extension Table {
    /// Makes anew what `desired` makes of these services: where nothing else is known of the others than before, the
    /// whole is what `desired` would make.
    ///
    /// - Parameter names: services of the settings; others are passed over.
    package mutating func renew(
        _ names: Set<String>, of settings: Settings, verdicts: Verdicts, overrides: Overrides = Overrides(),
        advice: [ServerKey: Advice] = [:], shortages: [String: Shortage] = [:], shares: [ServerKey: WeightShare] = [:]
    ) {
        let known = Known(
            verdicts: verdicts, overrides: overrides, advice: advice, shortages: shortages, shares: shares)
        for index in settings.services.indices where names.contains(settings.services[index].name) {
            set(settings.services[index], known)
        }
    }

    fileprivate mutating func set(_ service: ServiceSettings, _ known: Known) {
        let reach = Reach(service)
        for listen in service.listens {
            services[listen] = TableService(
                options: ServiceOptions(service, listen.family),
                servers: servers(of: service, on: listen, reach, known))
        }
    }
}

/// The services that these settings make, whatever their servers.
package func identities(_ settings: Settings) -> Set<ServiceIdentity> {
    Set(settings.services.flatMap(\.listens))
}

/// What there is to know of servers besides the configuration.
private struct Known {
    var verdicts: Verdicts
    var overrides: Overrides
    var advice: [ServerKey: Advice]
    var shortages: [String: Shortage]
    var shares: [ServerKey: WeightShare]

    /// Of a server that is in.
    func weight(
        of server: ServerSettings, _ key: ServerKey, in service: ServiceSettings, _ said: Advice?, mayRise: Bool
    ) -> UInt32 {
        let weight = overrides.weight(of: server, in: service, advised: said)
        guard mayRise, !shares.isEmpty, let share = shares[key], said?.isAboutWeight != true,
            overrides.weight(of: key) == nil
        else { return weight }
        return share.of(weight)
    }

    func isUp(_ server: ServerSettings, _ key: ServerKey, of service: ServiceSettings) -> Bool {
        guard service.isChecked(server) else { return true }
        return verdicts[key] ?? (service.check(of: server).initial == .up)
    }

    func shortage(of service: ServiceSettings) -> Shortage? { shortages.isEmpty ? nil : shortages[service.name] }
}

private func servers(
    of service: ServiceSettings, on listen: Listen, _ reach: Reach, _ known: Known
) -> [Endpoint: ServerOptions] {
    var servers = [Endpoint: ServerOptions](minimumCapacity: service.servers.count)
    var isOneTaking = false
    let shortage = known.shortage(of: service)
    for server in service.servers where reach.holds(server, behind: listen.family) {
        let key = ServerKey(service: service.name, server: server.endpoint)
        let said = known.advice.isEmpty ? nil : known.advice[key]
        let isSpared = shortage?.spares(key) == true
        let isIn = (isSpared || known.isUp(server, key, of: service)) && said?.isOut != true
        guard isIn || service.onDown == .quiesce else { continue }
        let weight = isIn ? known.weight(of: server, key, in: service, said, mayRise: !isSpared) : 0
        isOneTaking = isOneTaking || weight > 0
        let options = ServerOptions(server, weight: weight)
        let place = target(of: server, on: listen)
        if let other = servers.updateValue(options, forKey: place), other.weight >= weight { servers[place] = other }
    }
    guard !isOneTaking || shortage == .fallback,
        let (endpoint, options) = fallback(of: service, on: listen, reach, known)
    else { return servers }
    if options.weight > 0 {
        for place in servers.keys { servers[place]?.weight = 0 }
    }
    servers[endpoint] = options
    return servers
}

/// Where the table has a server of a service, if it is up: the services, and the server's endpoint in each.
package func places(of server: ServerSettings, in service: ServiceSettings) -> [(ServiceIdentity, Endpoint)] {
    places(of: server, in: service, Reach(service))
}

private func places(
    of server: ServerSettings, in service: ServiceSettings, _ reach: Reach
) -> [(ServiceIdentity, Endpoint)] {
    service.listens.filter { reach.holds(server, behind: $0.family) }.map { ($0, target(of: server, on: $0)) }
}

/// Direct routing and tunnels do not change a packet's port, so the kernel's server has the service's port; what the
/// configuration gives is where its check knocks. Behind all ports and marks port 0 keeps the packet's.
private func target(of server: ServerSettings, on listen: Listen) -> Endpoint {
    let given = server.endpoint
    let port: UInt16 =
        switch listen {
        case .endpoint(_, let own): server.forwarding == .nat && own.port > 0 && given.port > 0 ? given.port : own.port
        case .mark: server.forwarding == .nat ? given.port : 0
        }
    return Endpoint(address: given.address, port: port)
}

private func fallback(
    of service: ServiceSettings, on listen: Listen, _ reach: Reach, _ known: Known
) -> (Endpoint, ServerOptions)? {
    switch service.fallback {
    case nil: return nil
    case .local?:
        // Direct routing to the loopback address is delivered here; nat to it times out.
        let port: UInt16 = if case .endpoint(_, let own) = listen { own.port } else { 0 }
        return (
            Endpoint(address: .loopback(listen.family), port: port), ServerOptions(forwarding: .dr, weight: 1)
        )
    case .server(let server)?:
        let key = ServerKey(service: service.name, server: server.endpoint)
        let said = known.advice[key]
        let isDown = service.isChecked(server) && known.verdicts[key] == false
        guard reach.holds(server, behind: listen.family), !isDown, said?.isOut != true else { return nil }
        let weight: UInt32 = known.overrides.drain(of: key) == nil && said?.mode != .drain ? 1 : 0
        return (target(of: server, on: listen), ServerOptions(server, weight: weight))
    }
}

extension ServiceOptions {
    fileprivate init(_ service: ServiceSettings, _ family: AddressFamily) {
        let mask =
            switch family {
            case .v4: service.persistenceMask.v4.flatMap { $0 == .max ? nil : $0 }
            case .v6: service.persistenceMask.v6.flatMap { $0 == 128 ? nil : UInt32($0) }
            }
        self.init(
            scheduler: service.scheduler.rawValue, persistence: service.persistence, netmask: mask,
            engine: service.persistenceEngine?.rawValue,
            flags: service.flags.reduce(service.isOnePacket ? Self.onePacket : 0) { $0 | $1.bit })
    }
}

extension ServerOptions {
    fileprivate init(_ server: ServerSettings, weight: UInt32) {
        let tunnel = server.tunnel.map { tunnel in
            Tunnel(type: tunnel.kind.number, port: tunnel.port ?? 0, flags: tunnel.checksum.number)
        }
        self.init(
            forwarding: server.forwarding, weight: weight, upperThreshold: server.upper, lowerThreshold: server.lower,
            tunnel: tunnel ?? Tunnel())
    }
}

extension TunnelSettings.Kind {
    /// `IP_VS_CONN_F_TUNNEL_TYPE_...`
    fileprivate var number: UInt8 {
        switch self {
        case .ipip: 0
        case .gue: 1
        case .gre: 2
        }
    }
}

extension TunnelSettings.Checksum {
    /// `IP_VS_TUNNEL_ENCAP_FLAG_...`
    fileprivate var number: UInt16 {
        switch self {
        case .none: 0
        case .full: 1
        case .remote: 2
        }
    }
}

extension IPAddress {
    fileprivate static func loopback(_ family: AddressFamily) -> IPAddress {
        switch family {
        case .v4: .v4(IPv4Address(number: 0x7F00_0001))
        case .v6: .v6(IPv6Address(high: 0, low: 1))
        }
    }
}
