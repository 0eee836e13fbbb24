import Addresses
import Settings

/// A server before it is known which port and way its service gives it.
struct Draft {
    var mark: Mark
    var address: IPAddress
    var port: UInt16?
    var forwarding: Forwarding?
    var weight: UInt32
    var upper: UInt32 = 0
    var lower: UInt32 = 0
    var tunnel: TunnelSettings?
    var check: CheckSettings?
}

/// What services share.
struct Shared {
    var scheduler = Scheduler.wlc
    var onDown = DownPolicy.remove
    var verdicts = VerdictPolicy.holder
    var quorum = QuorumDraft()
    var slowStart: Duration?
    var damping: DampingSettings?
    var check = CheckDraft() {
        didSet { usualCheck = check.settings }
    }
    /// That of a service which says nothing of it.
    private(set) var usualCheck = CheckDraft().settings
    /// By name; a pool with an entry that could not be read is unsound.
    var pools: [String: Pool] = [:]

    struct Pool {
        var mark: Mark
        var servers: [Draft]
        var isSound: Bool
    }
}

extension Reading {
    mutating func defaults(_ node: Node?) -> Shared {
        var shared = Shared()
        guard let node, let fields = fields(node, Schema.defaults) else { return shared }
        if let given = fields["scheduler"], let word = word(given, "scheduler", as: Scheduler.self) {
            shared.scheduler = word
        }
        if let given = fields["on_down"], let word = word(given, "on_down", as: DownPolicy.self) {
            shared.onDown = word
        }
        if let given = fields["verdicts"], let word = word(given, "verdicts", as: VerdictPolicy.self) {
            shared.verdicts = word
        }
        shared.quorum = quorumOfAll(fields)
        shared.slowStart = fields["slow_start"].flatMap { slowStart($0) }
        shared.damping = fields["flap_damping"].flatMap { damping($0) }?.settings
        if let given = fields["check"] { shared.check = check(given) ?? shared.check }
        return shared
    }

    mutating func services(_ nodes: [Node], _ shared: Shared) -> [ServiceSettings] {
        var used: Set<String> = []
        var services: [ServiceSettings] = []
        services.reserveCapacity(nodes.count)
        for node in nodes {
            let place = Place(.services, services.count)
            note(place, node.mark)
            guard case .mapping = node.content, let fields = fields(node, Schema.service) else {
                if case .mapping = node.content {} else { diagnosis.expected("a service, a mapping with a name", node) }
                spoil(Place(.services))
                continue
            }
            if case .scalar(let pool)? = fields["servers"]?.content { used.insert(pool) }
            services.append(service(fields, place, shared))
        }
        for (name, pool) in shared.pools where !used.contains(name) {
            diagnosis.warning(pool.mark, "pool \(name) is used by no service")
        }
        return services
    }

    private mutating func service(_ fields: Fields, _ place: Place, _ shared: Shared) -> ServiceSettings {
        func at(_ key: String) -> Place { Place(.services, place.index, key) }
        let named = required(fields, "name", of: "a service")
        let name = take(named, at("name")) { $0.name($1, "a name for the service") } ?? ""
        if name.isEmpty { spoil(at("name")) }
        var what: String { name.isEmpty ? "a service" : "service \(name)" }
        var service = ServiceSettings(name: name, listens: [], servers: [])
        service.group = take(fields["group"], at("group")) { $0.name($1, "the name of a group") }
        if let node = required(fields, "listen", of: what) {
            service.listens = take(node, at("listen")) { $0.listens($1, at("listen")) } ?? []
        } else {
            spoil(at("listen"))
        }
        service.scheduler =
            take(fields["scheduler"], at("scheduler")) { $0.word($1, "scheduler", as: Scheduler.self) }
            ?? shared.scheduler
        service.onDown =
            take(fields["on_down"], at("on_down")) { $0.word($1, "on_down", as: DownPolicy.self) } ?? shared.onDown
        service.verdicts =
            take(fields["verdicts"], at("verdicts")) { $0.word($1, "verdicts", as: VerdictPolicy.self) }
            ?? shared.verdicts
        service.quorum = quorum(of: fields, place, what, shared.quorum)
        let slowStart = take(fields["slow_start"], at("slow_start")) { $0.slowStart($1) } ?? shared.slowStart
        service.slowStart = slowStart == .zero ? nil : slowStart
        let damping = take(fields["flap_damping"], at("flap_damping")) { $0.damping($1) }
        service.damping = damping.map(\.settings) ?? shared.damping
        service.passive = take(fields["passive"], at("passive")) { $0.passive($1) }?.settings
        options(fields, place, &service)
        service.check = check(fields, shared, at("check"))
        answer(fields, what, shared, place, &service)
        return service
    }

    /// Who answers: `forward`, `servers` and `fallback`.
    private mutating func answer(
        _ fields: Fields, _ what: @autoclosure () -> String, _ shared: Shared, _ place: Place,
        _ service: inout ServiceSettings
    ) {
        func at(_ key: String) -> Place { Place(.services, place.index, key) }
        let forwarding = take(fields["forward"], at("forward")) { $0.word($1, "forward", as: Forwarding.self) }
        if fields["forward"] == nil {
            diagnosis.error(
                fields.mark,
                "\(what()) needs forward: nat, dr or tun; there is no default, because a guess loses every packet")
        }
        if forwarding == nil { spoil(at("forward")) }
        let tunnel = take(fields["tunnel"], at("tunnel")) { $0.tunnel($1) }
        let way = Way(forwarding: forwarding ?? .nat, port: Self.commonPort(service.listens), tunnel: tunnel)
        if let node = required(fields, "servers", of: what()) {
            service.servers = take(node, at("servers")) { $0.servers($1, shared, way, at("servers")) } ?? []
        } else {
            spoil(at("servers"))
        }
        service.fallback = take(fields["fallback"], at("fallback")) { $0.fallback($1, shared, way) }
        if let node = fields["check"], !service.servers.isEmpty, service.everyServer.allSatisfy(\.hasOwnCheck) {
            diagnosis.warning(
                node.mark, "\(what()) has a check, and each of its servers has one of its own; leave it out")
        }
        if let node = fields["tunnel"], !service.servers.isEmpty, !service.hasTunnel {
            diagnosis.error(
                node.mark, "\(what()) has a tunnel, and none of its servers is reached by tun; leave it out")
        }
    }

    /// The port that all listens share, but for marks; port 0 is none.
    private static func commonPort(_ listens: [Listen]) -> UInt16? {
        var common: UInt16?
        for case .endpoint(_, let endpoint) in listens {
            guard common == nil || common == endpoint.port else { return nil }
            common = endpoint.port
        }
        return common
    }
}

extension ServiceSettings {
    fileprivate var hasTunnel: Bool {
        if case .server(let server)? = fallback, server.forwarding == .tun { return true }
        return servers.contains { $0.forwarding == .tun }
    }
}
