import Settings
import Testing

@Suite struct ChapterTests {
    private func differences(_ change: (inout Settings) -> Void) -> [Deviation] {
        var other = Sample.settings
        change(&other)
        let (here, there) = (Sample.settings.chapters, other.chapters)
        let suspects = Set(here.suspects(against: there.map(\.print)))
        return here.named(suspects).deviations(from: there.named(suspects))
    }

    @Test func `names what differs by its path in the file, with both values`() {
        let found = differences { settings in
            settings.services[0].scheduler = .wrr
            settings.services[0].servers[0].weight = 5
            settings.pair.sync = SyncSettings(interface: "eth1")
            settings.groups[0].prefer = "lb1"
        }
        let lines = found.map { "\($0.path): \($0.here ?? "absent") here, \($0.there ?? "absent") there" }
        #expect(
            lines == [
                "pair.sync.interface: absent here, eth1 there", "groups.web.prefer: absent here, lb1 there",
                "services.web.scheduler: wlc here, wrr there",
                "services.web.servers.10.0.0.1:80: nat, weight 1 here, nat, weight 5 there",
            ])
    }

    @Test func `names what differs of a server's own check, and of a fallback's`() {
        var stand = Sample.server
        stand.check = CheckSettings(port: 81)
        let fallback = Fallback.server(stand)
        let found = differences { settings in
            settings.services[0].servers[0].check = CheckSettings(kind: .http(HTTPCheck(path: "/up")))
            settings.services[1].fallback = fallback
        }
        let lines = found.filter { $0.here == nil }.map { "\($0.path): \($0.there ?? "")" }
        #expect(lines.contains("services.web.servers.10.0.0.1:80.check.http: /up"))
        #expect(lines.contains("services.web.servers.10.0.0.1:80.check.interval: 2s"))
        #expect(lines.contains("services.mail.fallback.check: tcp"))
        #expect(lines.contains("services.mail.fallback.check.port: 81"))
        #expect(found.allSatisfy { $0.here == nil })
    }

    @Test func `names what only one has`() {
        let found = differences { $0.services.remove(at: 1) }
        #expect(!found.isEmpty && found.allSatisfy { $0.path.hasPrefix("services.mail.") && $0.there == nil })
        let added = differences { $0.services.append(Sample.service("news", port: 119)) }
        #expect(!added.isEmpty && added.allSatisfy { $0.path.hasPrefix("services.news.") && $0.here == nil })
    }

    @Test func `the same says nothing`() {
        #expect(differences { _ in }.isEmpty)
    }

    @Test func `a thousand services differ where they differ`() {
        let services = (0..<1000).map { Sample.service("s\($0)", port: UInt16($0 + 1)) }
        var (one, other) = (Sample.settings, Sample.settings)
        one.services = services
        other.services = services
        other.services[700].check.rise = 9
        let suspects = one.chapters.suspects(against: other.chapters.map(\.print))
        #expect(suspects == [textDigest("services.s700")])
        let found = one.chapters.named(Set(suspects)).deviations(from: other.chapters.named(Set(suspects)))
        #expect(found.map(\.path) == ["services.s700.check.rise"])
    }

    @Test func `whatever stands in a text, no two settings look the same`() {
        var texts: Set<String> = []
        let keys = ["", "a", "a\npair.port: 1", "\"a\"", "a b", "a\\nb", "/etc/tandem/keys.d"]
        for key in keys {
            var settings = Sample.settings
            settings.pair.keys = key
            texts.insert(settings.canonicalText)
        }
        #expect(texts.count == keys.count)
    }
}
