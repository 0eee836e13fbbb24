import Addresses
import Balancing
import Settings
import Simulation

/// Services and servers with everything that Tandem sets of them, as a kernel accepts it.
extension SplitMix64 {
    /// Few services with few servers, so that two tables often share some of both.
    mutating func table() -> Table {
        var table = Table()
        for _ in 0..<Int.random(in: 0...4, using: &self) {
            let identity = identity(UInt32.random(in: 0...9, using: &self))
            table.services[identity] = service(identity)
        }
        return table
    }

    /// The same for the same number.
    func identity(_ number: UInt32) -> ServiceIdentity {
        let v4 = IPAddress.v4(IPv4Address(number: 0xC000_0200 + number / 8))
        let v6 = IPAddress.v6(IPv6Address(high: 0x2001_0DB8_0000_0000, low: UInt64(number / 8) + 1))
        return switch number % 8 {
        case 0: .endpoint(.tcp, Endpoint(address: v4, port: 80))
        case 1: .endpoint(.udp, Endpoint(address: v4, port: 53))
        case 2: .mark(number, .v4)
        case 3: .endpoint(.tcp, Endpoint(address: v6, port: 80))
        case 4: .endpoint(.tcp, Endpoint(address: v4, port: 443))
        case 5: .endpoint(.sctp, Endpoint(address: v4, port: 2905))
        case 6: .endpoint(.udp, Endpoint(address: v6, port: 53))
        default: .mark(number, .v6)
        }
    }

    mutating func service(_ identity: ServiceIdentity) -> TableService {
        var service = TableService(options: options(identity))
        for _ in 0..<Int.random(in: 0...4, using: &self) {
            let endpoint = server(of: identity, host: UInt32.random(in: 1...5, using: &self))
            service.servers[endpoint] = options(of: endpoint, identity)
        }
        return service
    }

    /// The same service with other options, other weights, methods, tunnels and limits, and a server less.
    mutating func changed(_ service: TableService, _ identity: ServiceIdentity) -> TableService {
        var changed = service
        if Bool.random(using: &self) { changed.options = options(identity) }
        for endpoint in service.servers.keys.sorted() {
            switch Int.random(in: 0...3, using: &self) {
            case 0: changed.servers[endpoint] = nil
            case 1: changed.servers[endpoint] = options(of: endpoint, identity)
            default: break
            }
        }
        return changed
    }

    private mutating func options(_ identity: ServiceIdentity) -> ServiceOptions {
        let isPersistent = Bool.random(using: &self)
        let hasMask = isPersistent && Bool.random(using: &self)
        let isDatagram = if case .endpoint(let transport, _) = identity { transport == .udp } else { true }
        let isOnePacket = isDatagram && Bool.random(using: &self)
        return ServiceOptions(
            scheduler: Scheduler.allCases.filter { $0 != .twos }.randomElement(using: &self)?.rawValue ?? "rr",
            persistence: isPersistent ? UInt32.random(in: 1...600, using: &self) : nil,
            netmask: hasMask ? (identity.family == .v4 ? 0xFFFF_FF00 : 64) : nil,
            engine: isPersistent && isDatagram && Bool.random(using: &self) ? "sip" : nil,
            flags: UInt32.random(in: 0...7, using: &self) << 3 | (isOnePacket ? ServiceOptions.onePacket : 0))
    }

    /// One host of five is of the other family.
    private func server(of identity: ServiceIdentity, host: UInt32) -> Endpoint {
        let isV4 = (identity.family == .v4) != (host == 5)
        let address: IPAddress =
            isV4
            ? .v4(IPv4Address(number: 0x0A01_0000 + host))
            : .v6(IPv6Address(high: 0x2001_0DB8_0001_0000, low: UInt64(host)))
        return Endpoint(address: address, port: 80)
    }

    private mutating func options(of server: Endpoint, _ identity: ServiceIdentity) -> ServerOptions {
        let ways = server.address.family == identity.family ? Forwarding.allCases : [.tun]
        let forwarding = ways.randomElement(using: &self) ?? .tun
        let upper: UInt32 = Bool.random(using: &self) ? 100 : 0
        return ServerOptions(
            forwarding: forwarding, weight: UInt32.random(in: 0...2, using: &self), upperThreshold: upper,
            lowerThreshold: upper == 0 ? 0 : UInt32.random(in: 0...upper, using: &self),
            tunnel: forwarding == .tun ? tunnel() : Tunnel())
    }

    private mutating func tunnel() -> Tunnel {
        switch Int.random(in: 0...2, using: &self) {
        case 0: Tunnel()
        case 1: Tunnel(type: 1, port: 6080, flags: UInt16.random(in: 0...2, using: &self))
        default: Tunnel(type: 2, flags: UInt16.random(in: 0...1, using: &self))
        }
    }
}
