import Linux
import Testing

struct CapabilityTests {
    @Test(
        arguments: [
            ("Name:\ttandemd\nCapPrm:\t0000000000000000\nCapEff:\t000001ffffffffff\n", true),
            ("Name:\ttandemd\nCapPrm:\t000001ffffffffff\nCapEff:\t000001ffffffefff\n", false),
            ("CapEff:\t0000000000001000\n", true),
            ("CapEff:\t0000000000000000\n", false),
        ])
    func `reads the effective capabilities out of a process's status`(status: String, isThere: Bool) {
        #expect(Capability.administerNetwork.contained(in: status) == isThere)
    }

    @Test(arguments: ["", "CapEff:\n", "CapEff:\tnonsense\n"])
    func `takes a kernel that does not say to have given it`(status: String) {
        #expect(Capability.administerNetwork.contained(in: status))
    }
}
