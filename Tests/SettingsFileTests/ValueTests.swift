import Addresses
import Settings
import SettingsFile
import Testing

/// What good files mean.
@Suite struct ValueTests {
    private func settings(_ rest: String) throws -> Settings {
        let text = IncludeTests.pair + "groups: {web: {addresses: [192.0.2.10, \"2001:db8::10\"]}}\n" + rest
        let loaded = SettingsFile.load(text: text)
        #expect(loaded.problems.filter { $0.severity == .error }.map(\.description) == [])
        return try #require(loaded.settings)
    }

    private func service(_ keys: String, _ rest: String = "") throws -> ServiceSettings {
        let text =
            "services:\n  - {name: a, listen: \"tcp://192.0.2.10:80\", forward: nat, servers: [10.0.0.1], \(keys)}\n"
        return try #require(try settings(text + rest).services.first)
    }

    private func server(_ text: String, _ weight: UInt32 = 1, _ forwarding: Forwarding = .nat) throws -> ServerSettings
    {
        ServerSettings(endpoint: try #require(Endpoint(text)), forwarding: forwarding, weight: weight)
    }

    @Test func `a short file means the defaults`() throws {
        let settings = try settings("")
        #expect(
            settings.pair == PairSettings(name: "edge", keys: "/etc/tandem/keys.d", directors: settings.pair.directors))
        #expect(settings.log == LogSettings())
        #expect(settings.groups[0].preempt == .never && settings.groups[0].interface == nil)
        let service = try service("persistence: 5m")
        #expect(service.check == CheckSettings() && service.onDown == .remove && service.scheduler == .wlc)
        #expect(service.persistence == 300 && service.group == "web" && service.fallback == nil)
        #expect(service.servers == [try server("10.0.0.1:80")])
    }

    @Test func `trackers and commands say everything, or what is usual`() throws {
        let loaded = SettingsFile.load(
            text: IncludeTests.pair + """
                groups:
                  web:
                    addresses: [192.0.2.10]
                    notify: /bin/tell the boss
                    track:
                      - script: /bin/check  192.0.2.1
                      - {script: [/bin/check, "a b"], user: monitor, interval: 1s, weight: 7, rise: 3, fall: 4}
                      - {script: /bin/check, timeout: 300ms}
                      - process: haproxy
                      - {file: /run/unfit, interval: 200ms, weight: 100}
                      - servers: all
                      - {servers: dns, below: 30%}
                  mail:
                    addresses: [192.0.2.11]
                    notify: [/bin/one, {command: [/bin/two, "2 3"], user: root, timeout: 30s}]
                services:
                  - {name: dns, listen: "udp://192.0.2.10:53", forward: dr, servers: []}

                """)
        #expect(loaded.problems.filter { $0.severity == .error }.map(\.description) == [])
        let groups = try #require(loaded.settings).groups
        let usual = CommandSettings(words: ["/bin/check", "192.0.2.1"], user: "nobody", timeout: .seconds(2))
        var other = CommandSettings(words: ["/bin/check", "a b"], user: "monitor", timeout: .seconds(1))
        var expected = [
            TrackerSettings(.script(usual), weight: 50, interval: .seconds(5), rise: 2, fall: 2),
            TrackerSettings(.script(other), weight: 7, interval: .seconds(1), rise: 3, fall: 4),
        ]
        other = CommandSettings(words: ["/bin/check"], timeout: .milliseconds(300))
        expected += [
            TrackerSettings(.script(other)), TrackerSettings(.process("haproxy"), interval: .seconds(1)),
            TrackerSettings(.file("/run/unfit"), weight: 100, interval: .milliseconds(200)),
            TrackerSettings(.servers(service: nil, below: 50)), TrackerSettings(.servers(service: "dns", below: 30)),
        ]
        #expect(groups[0].trackers == expected)
        #expect(groups[0].notify == [CommandSettings(words: ["/bin/tell", "the", "boss"])])
        #expect(
            groups[1].notify == [
                CommandSettings(words: ["/bin/one"]),
                CommandSettings(words: ["/bin/two", "2 3"], user: "root", timeout: .seconds(30)),
            ])
    }

    @Test func `a pair says everything`() throws {
        let text = """
            pair:
              name: edge
              keys: /etc/key
              port: 5391
              timing: {interval: 10ms, misses: 3}
              on_partition: keep-active
              sync: {interface: eth1}
              sysctl: check
              directors:
                b: {addresses: ["2001:db8::2", 10.0.0.2], interfaces: {out: eth0}}
                a: {addresses: ["2001:db8::3", 10.0.0.3], interfaces: {out: eth9}}
            groups:
              g:
                addresses: [192.0.2.1/24, {address: "2001:db8::1/64", interface: eth5}]
                interface: out
                prefer: a
                preempt: after 1m
            log: {level: warning, format: json, to: stderr}
            """
        let loaded = SettingsFile.load(text: text)
        let settings = try #require(loaded.settings)
        let pair = settings.pair
        #expect(
            pair.keys == "/etc/key" && pair.port == 5391
                && pair.timing == Timing(interval: .milliseconds(10), misses: 3))
        #expect(pair.sync?.interface == "eth1" && pair.sysctl == .check)
        #expect(pair.directors.map(\.name) == ["b", "a"])
        #expect(pair.directors[1].addresses.map(\.description) == ["2001:db8::3", "10.0.0.3"])
        #expect(pair.directors[1].interface("out") == "eth9")
        let group = settings.groups[0]
        #expect(group.addresses.map(\.prefix.description) == ["192.0.2.1/24", "2001:db8::1/64"])
        #expect(group.addresses.map(\.interface) == [nil, "eth5"])
        #expect(group.prefer == "a" && group.preempt == .after(.seconds(60)))
        #expect(settings.log == LogSettings(level: .warning, format: .json, sink: .stderr))
    }

    @Test(arguments: [("default", Timing.default), ("fast", .fast), ("extreme", .extreme), ("vm", .virtualMachine)])
    func `timing has profiles`(word: String, timing: Timing) throws {
        let text =
            "pair:\n  name: edge\n  timing: \(word)\n"
            + "  directors: {lb1: {addresses: [192.0.2.2]}, lb2: {addresses: [192.0.2.3]}}\n"
        #expect(SettingsFile.load(text: text).settings?.pair.timing == timing)
    }

    @Test func `defaults fill what a service does not say, key by key`() throws {
        let defaults =
            "defaults: {scheduler: rr, on_down: quiesce, check: {http: /a, interval: 500ms, rise: 5, host: h}}\n"
        let check = try service("check: {status: [200, 300-399], rise: 1}", defaults).check
        let http = HTTPCheck(path: "/a", host: "h", status: [200...200, 300...399])
        #expect(check.kind == .http(http) && check.rise == 1 && check.fall == 3)
        #expect(check.interval == .milliseconds(500) && check.timeout == .milliseconds(500))
        let plain = try service("scheduler: sh", defaults)
        #expect(plain.scheduler == .sh && plain.onDown == .quiesce && plain.check.rise == 5)
        #expect(try service("check: none", defaults).check.kind == .none)
        #expect(try service("check: {tcp, port: 81}", defaults).check.port == 81)
    }

    @Test func `servers come with ports, weights and ways, from lists and pools`() throws {
        let text = """
            pools:
              p: [10.0.0.1, "10.0.0.2:81", {address: 10.0.0.3, port: 82, weight: 0}, {address: 10.0.0.4, forward: tun}]
            services:
              - {name: a, listen: tcp://192.0.2.10:80, forward: nat, servers: p, fallback: local}
              - {name: b, listen: "udp://[2001:db8::10]:53", forward: dr, servers: ["2001:db8::21"], fallback: "2001:db8::22"}
            """
        let services = try settings(text).services
        #expect(
            services[0].servers == [
                try server("10.0.0.1:80"), try server("10.0.0.2:81"), try server("10.0.0.3:82", 0),
                try server("10.0.0.4:80", 1, .tun),
            ])
        #expect(services[0].fallback == .local)
        #expect(services[1].servers == [try server("[2001:db8::21]:53", 1, .dr)])
        #expect(services[1].fallback == .server(try server("[2001:db8::22]:53", 1, .dr)))
        #expect(services[1].listens == [.endpoint(.udp, try #require(Endpoint("[2001:db8::10]:53")))])
    }

    @Test func `comments and the order of keys do not change the digest, values do`() throws {
        let one = try settings("log: {level: debug, format: text}\n")
        #expect(try settings("# a comment\nlog:\n  format: text\n  level: debug\n").digest == one.digest)
        #expect(try settings("log: {level: info, format: text}\n").digest != one.digest)
    }

    @Test func `a thousand services of five servers are read in no time`() throws {
        var text = "services:\n"
        for index in 0..<1000 {
            let servers = (1...5).map { "10.\(index / 250).\(index % 250).\($0)" }.joined(separator: ", ")
            text +=
                "  - {name: s\(index), listen: \"tcp://192.0.2.10:\(index + 1)\", forward: nat, servers: [\(servers)]}\n"
        }
        var found: Settings?
        let time = try ContinuousClock().measure { found = try settings(text) }
        print("1,000 services of 5 servers read in \(time)")
        #expect(found?.services.count == 1000)
    }
}
