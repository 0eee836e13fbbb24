import Addresses
import Settings
import Testing

/// Groups that have to have the same holder.
struct CompanyTests {
    @Test(
        arguments: [
            ([nil, nil], [nil, nil]), (["b", nil], [0, 0]), ([nil, "a"], [0, 0]), (["b", "a"], [0, 0]),
            ([nil, "c", nil], [nil, 1, 1]), (["b", "c", nil, nil], [0, 0, 0, nil]), (["c", "c", nil], [0, 0, 0]),
            ([nil, nil, "a", "b"], [0, 1, 0, 1]),
        ] as [([String?], [Int?])])
    func `groups are together with whom they name, and with whom those name`(named: [String?], sets: [Int?]) {
        #expect(settings(named).company == sets)
    }

    @Test func `groups that stay together want the same director, at the same time`() {
        var settings = settings(["b", nil])
        #expect(settings.violations().isEmpty, "\(settings.violations())")
        settings.groups[0].prefer = "lb1"
        settings.groups[0].preempt = .after(.seconds(30))
        #expect(
            settings.violations().map(\.message) == [
                "groups a and b stay together and prefer different directors; give both the same prefer",
                "groups a and b stay together and preempt differently; give both the same preempt",
            ])
        settings.groups[1].prefer = "lb1"
        settings.groups[1].preempt = .after(.seconds(30))
        #expect(settings.violations().isEmpty)
    }

    private func settings(_ named: [String?]) -> Settings {
        var settings = Sample.settings
        settings.services = []
        settings.groups = zip(["a", "b", "c", "d"], named).enumerated().map { index, group in
            GroupSettings(
                name: group.0,
                addresses: [VirtualAddress(prefix: Prefix(host: Sample.address("192.0.2.\(10 + index)")))],
                togetherWith: group.1)
        }
        return settings
    }
}
