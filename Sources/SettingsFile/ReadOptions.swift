import Addresses
import Settings

/// What the kernel is told of a service besides what it listens on.
extension Reading {
    mutating func options(_ fields: Fields, _ place: Place, _ service: inout ServiceSettings) {
        func at(_ key: String) -> Place { Place(.services, place.index, key) }
        let listens = service.listens
        service.flags = take(fields["flags"], at("flags")) { $0.flags($1) } ?? []
        service.persistence = take(fields["persistence"], at("persistence")) { reading, node in
            reading.seconds(node, 1...2_678_400, "persistence")
        }
        service.persistenceMask =
            take(fields["persistence_netmask"], at("persistence_netmask")) { $0.netmask($1, listens) }
            ?? PersistenceMask()
        service.persistenceEngine = take(fields["persistence_engine"], at("persistence_engine")) {
            $0.word($1, "persistence_engine", as: PersistenceEngine.self)
        }
        service.isOnePacket = take(fields["one_packet"], at("one_packet")) { $0.truth($1, "one_packet") } ?? false
        service.isMasqueraded = take(fields["masquerade"], at("masquerade")) { $0.truth($1, "masquerade") } ?? false
    }

    private mutating func flags(_ node: Node) -> Set<SchedulerFlag>? {
        let nodes: [Node]
        if case .scalar = node.content, !node.isEmpty {
            nodes = [node]
        } else if let found = list(node, "a list of flags") {
            nodes = found
        } else {
            return nil
        }
        var flags: Set<SchedulerFlag> = []
        var isSound = true
        for node in nodes {
            if let flag = word(node, "flag", as: SchedulerFlag.self) { flags.insert(flag) } else { isSound = false }
        }
        return isSound ? flags : nil
    }

    mutating func seconds(_ node: Node, _ range: ClosedRange<Int64>, _ what: String) -> UInt32? {
        let limits = Duration.seconds(range.lowerBound) ... .seconds(range.upperBound)
        guard let time = duration(node, limits, what) else { return nil }
        guard time.components.attoseconds == 0 else {
            diagnosis.error(node.mark, "\(what) is whole seconds")
            return nil
        }
        return UInt32(clamping: time.components.seconds)
    }

    mutating func truth(_ node: Node, _ what: String) -> Bool? {
        guard let text = text(node, "true or false for \(what)") else { return nil }
        switch text {
        case "true": return true
        case "false": return false
        default:
            let meant = ["yes": "true", "on": "true", "no": "false", "off": "false"][text.lowercased()]
            diagnosis.error(
                node.mark, "\(node.kind) is no \(what); it is true or false",
                suggestion: meant ?? Words.nearest(to: text, among: ["true", "false"]))
            return nil
        }
    }

    /// One mask, of the family that is listened on, or a mapping of both families.
    private mutating func netmask(_ node: Node, _ listens: [Listen]) -> PersistenceMask? {
        if case .mapping = node.content { return netmasks(node) }
        let families = Set(listens.map(\.family))
        guard let text = text(node, "255.255.255.0, a length or {ipv4: 24, ipv6: 64} for persistence_netmask") else {
            return nil
        }
        if families.count > 1, IPv4Address(text) == nil {
            diagnosis.error(
                node.mark, "the service listens in both families, and \(node.kind) could be of either",
                suggestion: "{ipv4: 24, ipv6: 64}")
            return nil
        }
        if families == [.v6], IPv4Address(text) == nil {
            return lengthV6(node).map { PersistenceMask(v6: $0) }
        }
        return maskV4(node).map { PersistenceMask(v4: $0) }
    }

    private mutating func netmasks(_ node: Node) -> PersistenceMask? {
        guard let fields = fields(node, Schema.netmask) else { return nil }
        var mask = PersistenceMask()
        if let given = fields["ipv4"] {
            guard let number = maskV4(given) else { return nil }
            mask.v4 = number
        }
        if let given = fields["ipv6"] {
            guard let length = lengthV6(given) else { return nil }
            mask.v6 = length
        }
        return mask
    }

    private mutating func maskV4(_ node: Node) -> UInt32? {
        guard let text = text(node, "a mask like 255.255.255.0 or 24") else { return nil }
        if let mask = IPv4Address(text) { return mask.number }
        guard let length = Self.length(text), length <= 32 else {
            diagnosis.error(node.mark, "\(node.kind) is no mask of IPv4; it is like 255.255.255.0, or 0 to 32")
            return nil
        }
        return length == 0 ? 0 : UInt32.max << UInt32(32 - length)
    }

    private mutating func lengthV6(_ node: Node) -> Int? {
        guard let text = text(node, "a length like 64") else { return nil }
        guard let length = Self.length(text), (1...128).contains(length) else {
            diagnosis.error(
                node.mark, "\(node.kind) is no mask of IPv6; it is 1 to 128 bits, and the kernel refuses others")
            return nil
        }
        return length
    }

    /// `24` or `/24`.
    private static func length(_ text: String) -> Int? {
        let digits = text.hasPrefix("/") ? text.dropFirst() : text[...]
        guard (1...3).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(digits)
    }
}

extension Reading {
    mutating func tunnel(_ node: Node) -> TunnelSettings? {
        guard case .mapping = node.content else {
            return word(node, "tunnel", as: TunnelSettings.Kind.self).map { TunnelSettings($0) }
        }
        guard let fields = fields(node, Schema.tunnel) else { return nil }
        var tunnel = TunnelSettings()
        if let given = fields["type"] {
            guard let kind = word(given, "type", as: TunnelSettings.Kind.self) else { return nil }
            tunnel.kind = kind
        }
        if let given = fields["port"] {
            guard let port = number(given, 1...65535, "port") else { return nil }
            tunnel.port = UInt16(port)
        }
        if let given = fields["checksum"] {
            guard let checksum = word(given, "checksum", as: TunnelSettings.Checksum.self) else { return nil }
            tunnel.checksum = checksum
        }
        return tunnel
    }

    mutating func timeouts(_ node: Node?) -> TimeoutSettings {
        var timeouts = TimeoutSettings()
        guard let node, let fields = fields(node, Schema.timeouts) else { return timeouts }
        let range: ClosedRange<Int64> = 1...2_073_600
        timeouts.tcp = fields["tcp"].flatMap { seconds($0, range, "tcp") }
        timeouts.tcpFin = fields["tcp_fin"].flatMap { seconds($0, range, "tcp_fin") }
        timeouts.udp = fields["udp"].flatMap { seconds($0, range, "udp") }
        return timeouts
    }
}
