import Addresses
import Settings
import Testing

@Suite struct IdentityTests {
    private func identify(_ node: String?, _ addresses: [String]) -> String {
        do throws(IdentityError) {
            let own = Set(addresses.map(Sample.address))
            return "\(try Sample.settings.identify(node: node, ownAddresses: own))"
        } catch {
            return error.description
        }
    }

    @Test(
        arguments: [
            (nil, ["127.0.0.1", "192.0.2.2"], "0"), (nil, ["10.9.0.3"], "1"), ("lb2", [], "1"),
            ("lb1", ["10.9.0.3"], "0"),
            (
                nil, ["127.0.0.1"],
                "this machine has none of the addresses of lb1 (192.0.2.2, 10.9.0.2) and lb2 (192.0.2.3, 10.9.0.3); give one of "
                    + "them to it, mend pair.directors, or say --node NAME"
            ),
            (
                nil, ["192.0.2.2", "10.9.0.3"],
                "this machine has addresses of both directors, lb1 (192.0.2.2, 10.9.0.2) and lb2 (192.0.2.3, 10.9.0.3); say "
                    + "which it is with --node NAME"
            ),
            ("lb3", ["192.0.2.2"], "there is no director lb3; the pair has lb1 and lb2 (did you mean \"lb1\"?)"),
        ] as [(String?, [String], String)]) func `knows which director a machine is`(
            node: String?, own: [String], answer: String
        )
    {
        #expect(identify(node, own) == answer)
    }
}
