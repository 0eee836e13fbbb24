import Addresses
import Settings
import Testing

@Suite struct DifferenceTests {
    private func difference(_ change: (inout Settings) -> Void) -> SettingsDifference {
        var new = Sample.settings
        change(&new)
        return Settings.difference(from: Sample.settings, to: new)
    }

    @Test func `equal settings do not differ`() {
        #expect(difference { _ in }.isEmpty)
    }

    @Test func `services change live`() {
        let found = difference {
            $0.services[0].scheduler = .rr
            $0.services[1] = Sample.service("ftp", port: 21)
        }
        #expect(found.changedServices == ["web"])
        #expect(found.addedServices == ["ftp"])
        #expect(found.removedServices == ["mail"])
        #expect(found.services && !found.pair && !found.groups && !found.log)
        #expect(found.needsRestart == [])
    }

    @Test func `a server's own check changes its service, live`() {
        let found = difference { $0.services[1].servers[0].check = CheckSettings(kind: .none) }
        #expect(found.changedServices == ["mail"] && found.needsRestart == [])
    }

    @Test func `timeouts change live`() {
        let found = difference { $0.timeouts.tcp = 900 }
        #expect(found.timeouts && !found.services && found.needsRestart == [])
    }

    @Test func `the log changes live`() {
        let found = difference { $0.log.level = .debug }
        #expect(found.log && !found.services)
        #expect(found.needsRestart == [])
    }

    @Test func `metrics change live`() {
        let endpoint = Endpoint(address: .v4(IPv4Address(number: 1)), port: 1)
        let found = difference { $0.metrics = .at(["lb1": endpoint]) }
        #expect(found.metrics && !found.pair && found.needsRestart == [])
    }

    @Test func `names what cannot change live`() {
        let found = difference {
            $0.pair.name = "core"
            $0.pair.port = 5391
            $0.pair.timing = .fast
            $0.pair.keys = "/etc/tandem/key"
            $0.groups[0].addresses = []
            $0.groups.append(GroupSettings(name: "mail", addresses: []))
        }
        #expect(found.pair && found.groups)
        #expect(
            found.needsRestart == [
                "the pair's name changed from edge to core",
                "the path of the keys changed from /etc/tandem/keys.d to /etc/tandem/key",
                "the heartbeats' port changed from 5390 to 5391",
                "the timing changed from 200ms × 5 to 50ms × 4",
                "the addresses of group web changed", "group mail was added",
            ])
    }

    @Test func `names another witness`() {
        let endpoint = Endpoint(address: .v4(IPv4Address(number: 0xC000_0209)), port: 5391)
        let found = difference { $0.pair.witness = WitnessSettings(endpoint: endpoint, key: "/w.key") }
        #expect(found.needsRestart == ["the witness changed from none to 192.0.2.9:5391 with the key /w.key"])
    }

    @Test func `names a removed group and changed directors`() {
        let found = difference {
            $0.groups = []
            $0.pair.directors[1].interfaces = ["outside": "eth0"]
        }
        #expect(
            found.needsRestart == [
                "the directors changed from lb1 (192.0.2.2, 10.9.0.2) and lb2 (192.0.2.3, 10.9.0.3) to "
                    + "lb1 (192.0.2.2, 10.9.0.2) and lb2 (192.0.2.3, 10.9.0.3, outside is eth0)",
                "group web was removed",
            ])
    }

    static let agents = [
        AgentSettings(port: 1), AgentSettings(port: 2), AgentSettings(port: 1, address: Sample.address("10.0.0.1")),
        AgentSettings(port: 1, send: [1]), AgentSettings(port: 1, interval: .seconds(1)),
    ]
    static let checks: [CheckSettings.Kind] = [
        .script(ScriptCheck(words: ["/a"])), .script(ScriptCheck(words: ["/a", "b"])),
        .script(ScriptCheck(words: ["/a"], user: "b")), .script(ScriptCheck(words: ["/a"], arguments: .ldirectord)),
        .script(ScriptCheck(words: ["/a"], isDynamic: true)), .file(FileCheck(path: "/a")),
        .file(FileCheck(path: "/a", newerThan: .seconds(3))),
    ]

    @Test func `the digest follows the settings and nothing else`() {
        var other = Sample.settings
        #expect(other.digest == Sample.settings.digest)
        var digests: Set<UInt64> = [other.digest]
        let changes: [(inout Settings) -> Void] = [
            { $0.pair.name = "x" },
            {
                $0.pair.witness = WitnessSettings(
                    endpoint: Endpoint(address: .v4(IPv4Address(number: 1)), port: 1), key: "/w")
            }, { $0.pair.sync = SyncSettings(interface: "eth1") }, { $0.log.format = .json },
            { $0.metrics = .everywhere(Endpoint(address: .v4(IPv4Address(number: 1)), port: 1)) },
            { $0.metrics = .at(["lb1": Endpoint(address: .v4(IPv4Address(number: 1)), port: 1)]) },
            { $0.services[0].servers[0].weight = 2 }, { $0.services[0].fallback = .local },
            { $0.services[0].fallback = .server(Sample.server) }, { $0.services[0].check.rise = 9 },
            { $0.services[0].onDown = .quiesce }, { $0.groups[0].prefer = "lb1" },
            { $0.services[0].verdicts = .any }, { $0.services[0].check.fastInterval = .seconds(1) },
            { $0.services[0].check.downInterval = .seconds(1) }, { $0.services[0].check.initial = .up },
            { $0.services[0].check.address = Sample.address("10.0.0.1") }, { $0.services[0].check.mark = 1 },
            { $0.services[0].check.sources = ["lb1": SourceAddresses(v4: IPv4Address(number: 1))] },
            { $0.services[0].check.sources = ["lb2": SourceAddresses(v4: IPv4Address(number: 1))] },
            { $0.services[0].check.sources = ["lb1": SourceAddresses(v4: IPv4Address(number: 2))] },
            { $0.services[0].check.sources = ["lb1": SourceAddresses(v6: IPv6Address(high: 0, low: 1))] },
            { $0.services[0].check.jitter = 0 }, { $0.services[0].check.jitter = 6 },
            { $0.services[0].check.proxy = .v1 }, { $0.services[0].check.proxy = .v2 },
            { $0.services[0].check.usesDataPath = true },
            { $0.groups[0].preempt = .after(.seconds(30)) }, { $0.services.swapAt(0, 1) },
            { $0.groups[0].togetherWith = "mail" }, { $0.timeouts.tcp = 900 }, { $0.timeouts.tcpFin = 900 },
            { $0.timeouts.udp = 900 }, { $0.services[0].flags = [.shPort] }, { $0.services[0].flags = [.mhPort] },
            { $0.services[0].persistenceMask.v4 = 0xFFFF_FF00 }, { $0.services[0].persistenceMask.v6 = 64 },
            { $0.services[0].persistenceEngine = .sip }, { $0.services[0].isOnePacket = true },
            { $0.services[0].isMasqueraded = true }, { $0.services[0].quorum = QuorumSettings(.count(2)) },
            { $0.services[0].quorum = QuorumSettings(.percent(2)) }, { $0.services[0].slowStart = .seconds(2) },
            { $0.services[0].damping = DampingSettings() }, { $0.services[0].damping = DampingSettings(falls: 9) },
            { $0.services[0].damping = DampingSettings(window: .seconds(9)) },
            { $0.services[0].damping = DampingSettings(hold: .seconds(9)) },
            { $0.services[0].passive = PassiveSettings() },
            { $0.services[0].passive = PassiveSettings(period: .seconds(9)) },
            { $0.services[0].passive = PassiveSettings(connections: 9) },
            { $0.services[0].quorum = QuorumSettings(.count(2), hysteresis: 1) },
            { $0.services[0].quorum = QuorumSettings(.count(2), tooFew: .all) },
            { $0.services[0].servers[0].upper = 9 }, { $0.services[0].servers[0].lower = 9 },
            { $0.services[0].servers[0].tunnel = TunnelSettings(.gre) },
            { $0.services[0].servers[0].tunnel = TunnelSettings(.gue, port: 6080) },
            { $0.services[0].servers[0].tunnel = TunnelSettings(.gue, port: 6080, checksum: .full) },
            { $0.services[0].listens.append(.mark(7, .v4)) }, { $0.services[0].listens.append(.mark(7, .v6)) },
        ]
        let kinds: [(inout Settings) -> Void] = Self.checks.map { kind in { $0.services[0].check.kind = kind } }
        let agents: [(inout Settings) -> Void] = Self.agents.map { agent in { $0.services[0].check.agent = agent } }
        for change in changes + kinds + agents {
            other = Sample.settings
            change(&other)
            digests.insert(other.digest)
        }
        for kind in Sample.kinds {
            other = Sample.settings
            other.services[0].check.kind = kind
            digests.insert(other.digest)
        }
        #expect(digests.count == changes.count + Sample.kinds.count + kinds.count + agents.count + 1)
    }

    @Test func `the digest follows servers' own checks, and a fallback's`() {
        var own: [CheckSettings?] = (Self.checks + Sample.kinds).map { CheckSettings(kind: $0) }
        own += Self.agents.map { CheckSettings(agent: $0) } + [CheckSettings(), CheckSettings(rise: 9), nil]
        var digests: Set<UInt64> = []
        for check in own {
            for place in 0..<3 {
                var other = Sample.settings
                var stand = Sample.server
                if place < 2 { other.services[place].servers[0].check = check } else { stand.check = check }
                other.services[0].fallback = .server(stand)
                digests.insert(other.digest)
            }
        }
        // Without any, all three are the same.
        #expect(digests.count == 3 * own.count - 2)
    }
}
