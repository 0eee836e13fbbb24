import Addresses
import Settings

enum Sample {
    static func address(_ text: String) -> IPAddress { IPAddress(text) ?? .v4(IPv4Address(number: 0)) }
    static func endpoint(_ text: String) -> Endpoint {
        Endpoint(text) ?? Endpoint(address: address("0.0.0.0"), port: 0)
    }

    static let server = ServerSettings(endpoint: endpoint("10.0.0.1:80"), forwarding: .nat)

    static func service(_ name: String, port: UInt16 = 80) -> ServiceSettings {
        let listen = Endpoint(address: address("192.0.2.10"), port: port)
        return ServiceSettings(name: name, group: "web", listens: [.endpoint(.tcp, listen)], servers: [server])
    }

    static let settings = Settings(
        pair: PairSettings(
            name: "edge", keys: "/etc/tandem/keys.d",
            directors: [
                DirectorSettings(name: "lb1", addresses: [address("192.0.2.2"), address("10.9.0.2")]),
                DirectorSettings(name: "lb2", addresses: [address("192.0.2.3"), address("10.9.0.3")]),
            ]),
        groups: [GroupSettings(name: "web", addresses: [VirtualAddress(prefix: Prefix(host: address("192.0.2.10")))])],
        services: [service("web"), service("mail", port: 25)])
}
