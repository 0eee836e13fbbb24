import Addresses
import Testing

@Suite struct AddressRangeTests {
    private func range(_ first: String, _ last: String) throws -> AddressRange? {
        AddressRange(first: try #require(IPAddress(first)), last: try #require(IPAddress(last)))
    }

    @Test(arguments: [
        ("192.0.2.254", "192.0.3.1", 4), ("192.0.2.1", "192.0.2.1", 1), ("0.0.0.0", "255.255.255.255", 1 << 32),
        ("2001:db8::fffe", "2001:db8::1:1", 4), ("2001:db8::", "2001:db8:0:1::", 2_147_483_647),
        ("2001:db8::", "2001:db8::ffff:ffff:ffff:ffff", 2_147_483_647),
    ])
    func `counts its addresses`(first: String, last: String, count: Int) throws {
        #expect(try range(first, last)?.count == count)
    }

    @Test func `writes its addresses out, as many as are wanted`() throws {
        let texts = try range("192.0.2.254", "192.0.3.1")?.prefix(10).map(\.description)
        #expect(texts == ["192.0.2.254", "192.0.2.255", "192.0.3.0", "192.0.3.1"])
        let six = try range("2001:db8::ffff:ffff:ffff:ffff", "2001:db8:0:2::")?.prefix(3).map(\.description)
        #expect(six == ["2001:db8::ffff:ffff:ffff:ffff", "2001:db8:0:1::", "2001:db8:0:1::1"])
        #expect(try range("255.255.255.255", "255.255.255.255")?.prefix(9).count == 1)
    }

    @Test(arguments: [("192.0.2.2", "192.0.2.1"), ("192.0.2.1", "2001:db8::1"), ("2001:db8::2", "2001:db8::1")])
    func `is nothing from a later to an earlier address, or across families`(first: String, last: String) throws {
        #expect(try range(first, last) == nil)
    }
}
