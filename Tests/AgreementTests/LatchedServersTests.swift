import Addresses
import Settings
import Testing

@testable import Agreement

struct LatchedServersTests {
    private static let first = SharedVerdictsTests.first
    private static let second = SharedVerdictsTests.second

    /// Two servers of a service, which are asked for with these terms.
    private static func latched(_ subject: String = "hold of", group: String? = "web") -> LatchedServers<Int> {
        LatchedServers(SharedVerdictsTests.settings(group: group), subject) { $0.servers.map { ($0, 7) } }
    }

    @Test func `a server's mark names what is remembered, the server and its service`() {
        let place = Self.latched("return of")[Self.first]
        #expect(place?.mark == textDigest("return of 10.1.0.21:80 of web"))
        #expect(place?.terms == 7)
        #expect(place?.group == 0)
        #expect(Self.latched("hold of")[Self.first]?.mark != place?.mark)
    }

    @Test(arguments: [nil, "elsewhere"])
    func `a server whose service has no group of this pair has none`(group: String?) {
        #expect(Self.latched(group: group)[Self.first]?.group == nil)
    }

    @Test func `servers are found by their marks and strangers' marks are passed over`() throws {
        let latched = Self.latched()
        let mark = try #require(latched[Self.second]).mark
        #expect(latched.servers([1, mark, 2]) == [Self.second])
        #expect(Set(latched.all) == [Self.first, Self.second])
        #expect(Set(latched.servers(latched.marks)) == [Self.first, Self.second])
    }

    @Test func `of a service that is not chosen nothing is remembered`() {
        let latched = LatchedServers<Int>(SharedVerdictsTests.settings(), "hold of") { _ in [] }
        #expect(latched.isEmpty)
        #expect(latched[Self.first] == nil)
        #expect(latched.marks.isEmpty)
    }

    @Test func `what was decided is to be settled, once`() {
        var latched = Self.latched()
        latched.decide(on: Self.first)
        #expect(latched.concerned(.decisions) == [Self.first])
        #expect(latched.concerned(.latches([])).isEmpty)
    }

    @Test func `what the peer said is to be settled with it`() throws {
        var latched = Self.latched()
        let mark = try #require(latched[Self.second]).mark
        #expect(latched.concerned(.latches([mark, 1])) == [Self.second])
        latched.decide(on: Self.first)
        #expect(latched.concerned(.latches([mark])) == [Self.first, Self.second])
    }

    @Test func `when all is to be settled that is every server, and nothing is left of what was decided`() {
        var latched = Self.latched()
        latched.decide(on: Self.first)
        #expect(latched.concerned(.all) == [Self.first, Self.second])
        #expect(latched.concerned(.decisions).isEmpty)
    }
}
