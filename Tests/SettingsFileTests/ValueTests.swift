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
        #expect(service.check == CheckSettings() && service.scheduler == .wlc)
        #expect(service.onDown == .remove && service.verdicts == .holder)
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
            "defaults: {scheduler: rr, on_down: quiesce, verdicts: both, "
            + "check: {http: /a, interval: 500ms, rise: 5, host: h}}\n"
        let check = try service("check: {status: [200, 300-399], rise: 1}", defaults).check
        let http = HTTPCheck(path: "/a", host: "h", status: [200...200, 300...399])
        #expect(check.kind == .http(http) && check.rise == 1 && check.fall == 3)
        #expect(check.interval == .milliseconds(500) && check.timeout == .milliseconds(500))
        let plain = try service("scheduler: sh", defaults)
        #expect(plain.scheduler == .sh && plain.onDown == .quiesce && plain.verdicts == .both && plain.check.rise == 5)
        #expect(try service("check: none", defaults).check.kind == .none)
        #expect(try service("check: {tcp, port: 81}", defaults).check.port == 81)
    }

    @Test func `a check says what it wants of HTTP`() throws {
        let digest = String(repeating: "ab", count: 32)
        let keys =
            "{http: /a, method: HEAD, headers: {X-A: b, Accept: text/html, Cookie: {file: /etc/s}}, "
            + "body: ok, body_regex: '^o', "
            + "json: \"a == 1\", sha256: \(digest)}"
        let body = BodyCheck(
            text: Pattern(Array("ok".utf8)), regex: try Pattern(regex: "^o"), json: try JSONCondition("a == 1"),
            sha256: Array(repeating: 0xAB, count: 32))
        let headers = [
            HTTPCheck.Header("X-A", "b"), HTTPCheck.Header("Accept", "text/html"),
            HTTPCheck.Header("Cookie", SecretFile("/etc/s")),
        ]
        let expected = HTTPCheck(path: "/a", method: .head, headers: headers, body: body)
        #expect(try service("check: \(keys)").check.kind == .http(expected))
    }

    @Test func `a check asks a name server`() throws {
        let name = try #require(DNSName("Shop.Example."))
        let address = try #require(IPAddress("192.0.2.1"))
        let found = try service("check: {dns: shop.example, answer: 192.0.2.1}").check.kind
        #expect(found == .dns(DNSCheck(name: name, answer: .address(address))))
        let missing = try service("check: {dns: shop.example, type: MX, rcode: NXDOMAIN}").check.kind
        #expect(missing == .dns(DNSCheck(name: name, type: .mx, code: .nameError)))
        let text = try service("check: {answer: v=1}", "defaults: {check: {dns: shop.example, type: TXT}}\n").check.kind
        #expect(text == .dns(DNSCheck(name: name, type: .txt, answer: .text(Array("v=1".utf8)))))
    }

    @Test func `a check speaks a protocol`() throws {
        #expect(try service("check: redis").check.kind == .redis(RedisCheck()))
        let keys = "user: probe, auth: {file: /etc/s}, role: replica"
        let redis = RedisCheck(user: "probe", password: SecretFile("/etc/s"), role: .replica)
        #expect(try service("check: {redis, \(keys)}").check.kind == .redis(redis))
        #expect(try service("check: smtp").check.kind == .session(SessionCheck(.smtp)))
        #expect(try service("check: imap").check.kind == .session(SessionCheck(.imap)))
        #expect(try service("check: pop3").check.kind == .session(SessionCheck(.pop3)))
        #expect(try service("check: ftp").check.kind == .session(SessionCheck(.ftp)))
        #expect(try service("check: udp").check.kind == .udp(Exchange()))
        #expect(
            try service("check: {udp, send: a, expect: b}").check.kind
                == .udp(Exchange(send: [0x61], expect: Pattern([0x62]))))
        #expect(try service("check: grpc").check.kind == .grpc(GRPCCheck()))
        #expect(
            try service("check: {grpcs, service: shop.Cart, host: shop, sni: a.b}").check.kind
                == .grpc(GRPCCheck(service: "shop.Cart", host: "shop", tls: TLSCheck(name: "a.b"))))
        #expect(try service("check: {http: /, version: 2}").check.kind == .http(HTTPCheck(version: .two)))
        #expect(try service("check: ntp").check.kind == .ntp)
        #expect(try service("check: ping").check.kind == .ping)
        #expect(try service("check: mysql").check.kind == .mysql(MySQLCheck()))
        #expect(try service("check: {mysql, user: haproxy}").check.kind == .mysql(MySQLCheck(user: "haproxy")))
        #expect(
            try service("check: {postgresql, user: a, database: b}").check.kind
                == .postgresql(PostgreSQLCheck(user: "a", database: "b")))
        #expect(
            try service("check: {mysql, user: a, auth: {file: /s}, starttls: true, sni: b.c}").check.kind
                == .mysql(MySQLCheck(user: "a", password: SecretFile("/s"), tls: TLSCheck(name: "b.c"))))
        #expect(
            try service("check: {postgresql, user: a, auth: {file: /s}, starttls: true, verify: false}").check.kind
                == .postgresql(
                    PostgreSQLCheck(user: "a", password: SecretFile("/s"), tls: TLSCheck(authorities: .none))))
        #expect(
            try service("check: {ldap, user: cn=a, auth: {file: /s}, base: dc=b}").check.kind
                == .ldap(LDAPCheck(user: "cn=a", password: SecretFile("/s"), base: "dc=b")))
        #expect(
            try service("check: {radius, secret: {file: /s}}").check.kind
                == .radius(RADIUSCheck(secret: SecretFile("/s"))))
        let login = RADIUSCheck(secret: SecretFile("/s"), user: "a", password: SecretFile("/p"), reply: .any)
        #expect(
            try service("check: {radius, secret: {file: /s}, user: a, auth: {file: /p}, reply: any}").check.kind
                == .radius(login))
        #expect(try service("check: sip").check.kind == .sip(SIPCheck()))
        let sip = SIPCheck(transport: .tcp, host: "voice.example", status: [200...299, 603...603])
        #expect(
            try service("check: {sip, transport: tcp, host: voice.example, status: [200-299, 603]}").check.kind
                == .sip(sip))
        let tls = TLSCheck(name: "mail.example")
        #expect(
            try service("check: {smtp, helo: lb1.example, starttls: true, sni: mail.example}").check.kind
                == .session(SessionCheck(.smtp, helo: "lb1.example", tls: tls)))
    }

    @Test func `a check runs a script`() throws {
        let fast = ScriptCheck(words: ["/bin/check", "--fast"])
        #expect(try service("check: {script: /bin/check  --fast}").check.kind == .script(fast))
        let other = ScriptCheck(words: ["/bin/check", "a b"], user: "monitor", arguments: .ldirectord, isDynamic: true)
        let keys = "{script: [/bin/check, a b], user: monitor, arguments: ldirectord, dynamic: true}"
        #expect(try service("check: \(keys)").check.kind == .script(other))
        #expect(try service("check: {http: /}", "defaults: {check: \(keys)}\n").check.kind == .http(HTTPCheck()))
    }

    @Test func `a check has other intervals while a server changes and while it is down`() throws {
        let check = try service(
            "check: {fast_interval: 500ms}", "defaults: {check: {interval: 5s, down_interval: 30s}}\n"
        ).check
        #expect(check.interval == .seconds(5) && check.timeout == .milliseconds(500))
        #expect(check.fastInterval == .milliseconds(500) && check.downInterval == .seconds(30))
        let plain = try service("check: {interval: 5s}").check
        #expect(plain.fastInterval == nil && plain.downInterval == nil && plain.timeout == .seconds(1))
    }

    @Test func `a check goes to another address, with a mark`() throws {
        let check = try service("check: {http: /, address: \"2001:db8::7\"}", "defaults: {check: {mark: 7}}\n").check
        #expect(check.address == IPAddress("2001:db8::7") && check.mark == 7)
        #expect(try service("check: {mark: 0}", "defaults: {check: {mark: 7}}\n").check.mark == 0)
    }

    @Test func `a check is put off by a share of its interval`() throws {
        #expect(try service("check: tcp").check.jitter == 5)
        #expect(try service("check: {tcp, jitter: 0%}", "defaults: {check: {jitter: 50%}}\n").check.jitter == 0)
        #expect(try service("check: {file: /run/up}", "defaults: {check: {jitter: 50%}}\n").check.jitter == 50)
    }

    @Test func `a check goes out from an address of each director`() throws {
        let defaults = "defaults: {check: {source: {lb1: 10.9.0.2, lb2: [10.9.0.3, \"2001:db8::3\"]}}}\n"
        let (first, second) = (IPv4Address("10.9.0.2"), IPv4Address("10.9.0.3"))
        let sources = [
            "lb1": SourceAddresses(v4: first), "lb2": SourceAddresses(v4: second, v6: IPv6Address("2001:db8::3")),
        ]
        #expect(try service("check: {http: /}", defaults).check.sources == sources)
        #expect(
            try service("check: {ping, source: {lb2: 10.9.0.3}}", defaults).check.sources == [
                "lb2": SourceAddresses(v4: second)
            ])
        #expect(try service("check: {tcp, source: {}}", defaults).check.sources == [:])
        // What asks nobody over the network leaves them alone.
        #expect(try service("check: {file: /run/up}", defaults).check.kind == .file(FileCheck(path: "/run/up")))
        #expect(try service("check: {none, agent: 9000, source: {lb1: 10.9.0.2}}").check.sources.count == 1)
    }

    @Test func `a check says the header of the PROXY protocol`() throws {
        #expect(try service("check: {http: /, proxy: v2}").check.proxy == .v2)
        #expect(try service("check: {http: /, proxy: none}", "defaults: {check: {proxy: v1}}\n").check.proxy == .none)
    }

    @Test func `a check goes through the data path`() throws {
        let listen = "listen: tcp://192.0.2.10:80, forward: dr, servers: [10.0.0.1]"
        func check(_ own: String, _ defaults: String = "") throws -> CheckSettings {
            let text = defaults + "services: [{name: a, \(listen), check: \(own)}]\n"
            return try #require(try settings(text).services.first).check
        }
        #expect(try check("{http: /, data_path: true}").usesDataPath)
        #expect(try check("http", "defaults: {check: {data_path: true}}\n").usesDataPath)
        #expect(try !check("{tcp, data_path: false}", "defaults: {check: {data_path: true}}\n").usesDataPath)
        #expect(try !check("tcp").usesDataPath)
    }

    @Test func `a check looks at a file`() throws {
        #expect(try service("check: {file: /run/up}").check.kind == .file(FileCheck(path: "/run/up")))
        let fresh = FileCheck(path: "/run/up", newerThan: .seconds(30))
        #expect(try service("check: {file: /run/up, newer_than: 30s}").check.kind == .file(fresh))
    }

    @Test func `a check of the director's own machine needs no port`() throws {
        for check in ["{file: /run/up}", "{script: /bin/check}", "none"] {
            let text =
                "services: [{name: a, listen: fwmark://7, forward: dr, servers: [10.0.0.1], check: \(check)}]\n"
            #expect(try settings(text).services.first?.servers.first?.endpoint.port == 0)
        }
    }

    @Test func `a check has an agent beside it`() throws {
        #expect(try service("check: {tcp, agent: 9000}").check == CheckSettings(agent: AgentSettings(port: 9000)))
        let address = try #require(IPAddress("10.9.0.7"))
        let full = AgentSettings(
            port: 9000, address: address, send: Array("web\n".utf8), interval: .milliseconds(500))
        let keys = "{port: 9000, address: 10.9.0.7, send: 'web\\n', interval: 500ms}"
        let web = try service("check: {http: /}", "defaults: {check: {agent: \(keys)}}\n").check
        #expect(web.agent == full && web.kind == .http(HTTPCheck()))
    }

    @Test func `a check speaks TLS`() throws {
        let tls = TLSCheck(
            name: "a.example", authorities: .file("/ca.pem"), certificate: "/c.pem", key: "/k.pem",
            warnBefore: .seconds(7 * 86_400))
        let keys = "sni: a.example, verify: {ca: /ca.pem}, certificate: /c.pem, key: /k.pem, warn_before: 7d"
        #expect(try service("check: {tls, \(keys)}").check.kind == .tls(tls, Exchange()))
        let web = try service("check: {https: /a, \(keys), status: 204}").check.kind
        #expect(web == .http(HTTPCheck(path: "/a", status: [204...204], tls: tls)))
        #expect(try service("check: https").check.kind == .http(HTTPCheck(tls: TLSCheck())))
        let plain = try service("check: {http: /b}", "defaults: {check: {https: /a, verify: false}}\n").check.kind
        #expect(plain == .http(HTTPCheck(path: "/b")))
        let careless = try service("check: {rise: 1}", "defaults: {check: {https: /a, verify: false}}\n").check.kind
        #expect(careless == .http(HTTPCheck(path: "/a", tls: TLSCheck(authorities: .none))))
    }

    @Test func `a check says and expects text, bytes and regular expressions`() throws {
        let ping = Exchange(send: Array("PING\r\n".utf8), expect: Pattern(Array("+PONG".utf8)))
        for text in ["\"PING\\r\\n\"", "PING\\r\\n", "'PING\\r\\n'", "hex:50494e470d0a"] {
            let check = try service("check: {tcp: , send: \(text), expect: +PONG}").check
            #expect(check.kind == .exchange(ping), "\(text)")
        }
        let regex = try service("check: {expect_regex: '^220[ -]'}", "defaults: {check: {expect: a, rise: 7}}\n").check
        #expect(regex.kind == .exchange(Exchange(expect: try Pattern(regex: "^220[ -]"))) && regex.rise == 7)
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
