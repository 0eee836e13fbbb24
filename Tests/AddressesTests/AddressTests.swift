import Addresses
import Testing

struct AddressTests {
    @Test(arguments: [
        ("2001:db8:0:0:0:0:0:1", "2001:db8::1"), ("0:0:0:0:0:0:0:0", "::"), ("::1", "::1"), ("1::", "1::"),
        ("2001:DB8::A", "2001:db8::a"), ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
        ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"), ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
        ("::ffff:192.0.2.1", "::ffff:c000:201"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
    ])
    func `prints IPv6 as RFC 5952 wants it`(text: String, canonical: String) throws {
        let address = try #require(IPv6Address(text))
        #expect(address.description == canonical)
        #expect(IPv6Address(canonical) == address)
    }

    @Test(arguments: [
        "", ":", ":::", "1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::", "::1%eth0", "[::1]",
        "1:2:3:4:5:6:7:8::", ":1:2:3:4:5:6:7", "1:2:3:4:5:6:7:", "::192.0.2", "192.0.2.1::", "::1.2.3.4:5", " ::1",
        "::+1", "::-1", "::١",
    ])
    func `refuses what is no IPv6 address`(text: String) {
        #expect(IPv6Address(text) == nil)
    }

    @Test(arguments: [
        "", "1", "1.2.3", "1.2.3.4.5", "256.0.0.1", "01.2.3.4", "1.2.3.4 ", "1..2.3", "+1.2.3.4", "1.2.3.-4", "1.2.3.٤",
        "0x1.2.3.4", "1.2.3.4\0",
    ])
    func `refuses what is no IPv4 address`(text: String) {
        #expect(IPv4Address(text) == nil)
    }

    @Test(arguments: ["0.0.0.0", "192.0.2.1", "255.255.255.255", "10.0.0.10"])
    func `IPv4 comes back as it went`(text: String) {
        #expect(IPv4Address(text)?.description == text)
        #expect(IPAddress(bytes: IPv4Address(text)?.bytes ?? [])?.description == text)
    }

    @Test func `any address comes back as it went`() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            var groups = (0..<8).map { _ in UInt16.random(in: 0...UInt16.max, using: &random) }
            for index in groups.indices where Bool.random(using: &random) { groups[index] = 0 }
            let address = IPv6Address(groups: groups)
            #expect(IPv6Address(address.description) == address)
            #expect(IPAddress(bytes: address.bytes) == .v6(address))
        }
    }

    @Test(arguments: ["192.0.2.1:80", "[2001:db8::1]:65535", "0.0.0.0:0"])
    func `an endpoint comes back as it went`(text: String) {
        #expect(Endpoint(text)?.description == text)
    }

    @Test(arguments: [
        "192.0.2.1", "192.0.2.1:", "192.0.2.1:65536", "2001:db8::1:80", "[192.0.2.1]:80", "[::1]80", ":80",
    ])
    func `refuses what is no endpoint`(text: String) {
        #expect(Endpoint(text) == nil)
    }

    @Test(arguments: ["192.0.2.0/33", "::/129", "192.0.2.0/", "192.0.2.0/-1", "/24", "192.0.2.0/99999999999999999999"])
    func `refuses what is no prefix`(text: String) {
        #expect(Prefix(text) == nil)
    }

    @Test(arguments: [
        ("192.0.2.10/24", "192.0.2.200", true), ("192.0.2.10/24", "192.0.3.1", false), ("0.0.0.0/0", "1.2.3.4", true),
        ("2001:db8::/33", "2001:db8:7fff::1", true), ("2001:db8::/33", "2001:db8:8000::1", false),
        ("0.0.0.0/0", "::1", false), ("192.0.2.1", "192.0.2.1", true),
    ])
    func `knows what lies in a prefix`(prefix: String, address: String, isInside: Bool) throws {
        #expect(try #require(Prefix(prefix)).contains(try #require(IPAddress(address))) == isInside)
    }

    @Test(arguments: [
        ("192.0.2.10/24", "192.0.2.0/24"), ("192.0.2.255/25", "192.0.2.128/25"), ("192.0.2.10", "192.0.2.10"),
        ("192.0.2.10/0", "0.0.0.0/0"), ("10.1.2.3/12", "10.0.0.0/12"), ("2001:db8::10/64", "2001:db8::/64"),
    ])
    func `the network of a prefix has no host bits`(text: String, network: String) throws {
        #expect(try #require(Prefix(text)).network == Prefix(network))
    }

    @Test func `an instant stops at the ends of the clock`() {
        #expect(Instant.never + .seconds(1) == .never)
        #expect(Instant(nanoseconds: 5) - .seconds(1) == Instant(nanoseconds: 0))
        #expect(Instant(nanoseconds: 0) - Instant(nanoseconds: 7) == .nanoseconds(-7))
    }
}
