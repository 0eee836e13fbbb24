import Addresses
import Balancing
import Settings
import Testing

@Suite struct MasqueradeTests {
    private static func endpoint(_ text: String) -> Endpoint {
        guard let endpoint = Endpoint(text) else { preconditionFailure("\(text) is no endpoint") }
        return endpoint
    }

    private static func service(
        _ name: String, _ listens: [Listen], _ servers: [(String, Forwarding)], isMasqueraded: Bool = true,
        fallback: Fallback? = nil
    ) -> ServiceSettings {
        ServiceSettings(
            name: name, listens: listens, isMasqueraded: isMasqueraded,
            servers: servers.map { ServerSettings(endpoint: endpoint($0.0), forwarding: $0.1) }, fallback: fallback)
    }

    private static func masquerade(_ services: ServiceSettings...) -> Masquerade {
        let directors = [DirectorSettings(name: "lb1", addresses: []), DirectorSettings(name: "lb2", addresses: [])]
        return Masquerade(
            Settings(
                pair: PairSettings(name: "edge", keys: "/k", directors: directors),
                groups: [GroupSettings(name: "web", addresses: [])], services: services))
    }

    private static let web = Listen.endpoint(.tcp, endpoint("192.0.2.10:80"))
    private static let web6 = Listen.endpoint(.tcp, endpoint("[2001:db8::10]:80"))
    private static let all = Listen.endpoint(.tcp, endpoint("192.0.2.10:0"))

    @Test func `nothing without a service that wants it`() {
        let masquerade = Self.masquerade(
            Self.service("a", [Self.web, .mark(7, .v4)], [("10.0.0.1:80", .nat)], isMasqueraded: false))
        #expect(masquerade.isEmpty && masquerade.servers.isEmpty && masquerade.others.isEmpty)
    }

    @Test func `servers reached by nat, a fallback's as well, and the families that have any`() {
        let fallback = ServerSettings(endpoint: Self.endpoint("10.0.0.9:80"), forwarding: .nat)
        let masquerade = Self.masquerade(
            Self.service(
                "a", [Self.web, Self.web6],
                [("10.0.0.1:8080", .nat), ("10.0.0.2:80", .dr), ("[2001:db8::1]:80", .tun)],
                fallback: .server(fallback)))
        #expect(masquerade.listens == [Self.web])
        #expect(masquerade.servers.map(\.description).sorted() == ["10.0.0.1", "10.0.0.9"])
        #expect(masquerade.others.isEmpty)
    }

    @Test func `what the kernel looks at first is left out`() {
        let other = Listen.endpoint(.udp, Self.endpoint("192.0.2.10:53"))
        let masquerade = Self.masquerade(
            Self.service("a", [Self.all], [("10.0.0.1:0", .nat)]),
            Self.service("b", [Self.web, .mark(7, .v4), other], [("10.0.0.1:80", .nat)], isMasqueraded: false))
        #expect(masquerade.listens == [Self.all])
        #expect(masquerade.others == [Self.web, .mark(7, .v4)])
    }
}
