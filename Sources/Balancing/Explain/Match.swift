package import Addresses
internal import Settings

/// The service that the kernel finds for a flow, and by what.
package struct Match: Hashable, Sendable {
    package enum Way: String, Hashable, Sendable, CaseIterable {
        /// Netfilter's mark: looked up first.
        case mark
        /// Protocol, address and port.
        case port
        /// It may be the data of an FTP session: the service of port 21 has it.
        case ftp
        /// The service of every port of the address: looked up last.
        case everyPort
    }

    package var service: ServiceIdentity
    package var way: Way

    package init(service: ServiceIdentity, way: Way) {
        self.service = service
        self.way = way
    }
}

extension KernelView {
    private static let ftp: UInt16 = 21
    private static let ftpData: UInt16 = 20

    /// As the kernel looks (net/netfilter/ipvs/ip_vs_ctl.c, `ip_vs_service_find`); nil: it finds none.
    package func match(_ flow: Flow) -> Match? {
        let family = flow.target.address.family
        if flow.mark != 0, table.services[.mark(flow.mark, family)] != nil {
            return Match(service: .mark(flow.mark, family), way: .mark)
        }
        if let found = service(of: flow, port: flow.target.port) { return Match(service: found, way: .port) }
        if flow.transport == .tcp, flow.target.port == Self.ftpData || flow.target.port >= switches.firstFreePort,
            let found = service(of: flow, port: Self.ftp)
        {
            return Match(service: found, way: .ftp)
        }
        return service(of: flow, port: 0).map { Match(service: $0, way: .everyPort) }
    }

    private func service(of flow: Flow, port: UInt16) -> ServiceIdentity? {
        let identity = ServiceIdentity.endpoint(
            flow.transport, Endpoint(address: flow.target.address, port: port))
        return table.services[identity] == nil ? nil : identity
    }
}

/// What the kernel keeps a client by where its service is persistent: the ends of a template
/// (net/netfilter/ipvs/ip_vs_core.c, `ip_vs_sched_persist`).
package struct TemplateKey: Hashable, Sendable {
    /// 0: of a mark.
    package var protocolNumber: UInt8
    /// With the service's mask.
    package var client: IPAddress
    package var service: Endpoint
}

extension KernelView {
    /// nil: the service is not persistent.
    package func template(of flow: Flow, _ match: Match) -> TemplateKey? {
        guard let options = table.services[match.service]?.options, options.persistence != nil else { return nil }
        let client = Self.masked(flow.client.address, options.netmask)
        switch match.service {
        case .mark(let mark, let family):
            let address: IPAddress =
                switch family {
                case .v4: .v4(IPv4Address(number: mark))
                case .v6: .v6(IPv6Address(high: UInt64(mark) << 32, low: 0))
                }
            return TemplateKey(protocolNumber: 0, client: client, service: Endpoint(address: address, port: 0))
        case .endpoint(let transport, let endpoint):
            let isOfPort = endpoint.port == flow.target.port && endpoint.port != Self.ftp
            return TemplateKey(
                protocolNumber: UInt8(transport.number), client: client,
                service: Endpoint(address: flow.target.address, port: isOfPort ? endpoint.port : 0))
        }
    }

    private static func masked(_ address: IPAddress, _ mask: UInt32?) -> IPAddress {
        guard let mask else { return address }
        switch address {
        case .v4(let own): return .v4(IPv4Address(number: own.number & mask))
        case .v6: return Prefix(address: address, length: min(Int(mask), 128))?.network.address ?? address
        }
    }
}

/// Looks for a flow's connection, and for the template of its client, among the kernel's connections.
package struct FlowSearch: Sendable {
    private let flow: Flow
    private let key: TemplateKey?
    package private(set) var connection: Connection?
    package private(set) var template: Connection?

    package init(_ flow: Flow, in view: KernelView) {
        self.flow = flow
        key = view.match(flow).flatMap { view.template(of: flow, $0) }
    }

    /// - Returns: whether to go on looking.
    package mutating func look(at other: Connection) -> Bool {
        if case .template(let number, _) = other.kind {
            if let key, number == key.protocolNumber, other.client.address == key.client, other.service == key.service {
                template = other
            }
        } else if Int(other.protocolNumber) == flow.transport.number, other.client == flow.client,
            other.service == flow.target
        {
            connection = other
        }
        return connection == nil || key != nil && template == nil
    }
}
