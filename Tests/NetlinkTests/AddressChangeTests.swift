import Addresses
import Netlink
import Testing

/// Golden messages of little-endian machines.
@Suite(.enabled(if: UInt16(1).littleEndian == 1, "golden bytes are little-endian"))
struct AddressChangeTests {
    @Test func `adding an IPv4 address creates or replaces it with a lease`() {
        let change = AddressChange.add(LeasedAddress(prefix: prefix("192.0.2.10/24"), interface: 3, lease: 5))
        #expect(
            hex(change.message.bytes)
                == [
                    "3c000000", "14000505",  // 60 bytes, RTM_NEWADDR, REQUEST|ACK, REPLACE|CREATE
                    "00000000", "00000000",  // sequence and port: the socket's
                    "02180000", "03000000",  // AF_INET, /24, no flags, scope universe, interface 3
                    "08000200", "c000020a",  // IFA_LOCAL
                    "08000100", "c000020a",  // IFA_ADDRESS
                    "14000600", "05000000", "05000000", "00000000", "00000000",  // IFA_CACHEINFO: preferred 5, valid 5
                ])
    }

    @Test func `renewing replaces but does not ask to create`() {
        let change = AddressChange.renew(LeasedAddress(prefix: prefix("192.0.2.10/24"), interface: 3, lease: 5))
        #expect(hex(change.message.bytes)[1] == "14000501")
    }

    @Test func `an IPv6 address is deprecated at once and not checked for duplicates`() {
        let change = AddressChange.add(LeasedAddress(prefix: prefix("2001:db8::10"), interface: 3, lease: 5))
        #expect(
            hex(change.message.bytes) == [
                "5c000000", "14000505", "00000000", "00000000",
                "0a800000", "03000000",  // AF_INET6, /128
                "14000200", "20010db8", "00000000", "00000000", "00000010",  // IFA_LOCAL
                "14000100", "20010db8", "00000000", "00000000", "00000010",  // IFA_ADDRESS
                "08000800", "02020000",  // IFA_FLAGS: NODAD, NOPREFIXROUTE
                "14000600", "00000000", "05000000", "00000000", "00000000",  // preferred 0, valid 5
            ])
    }

    @Test func `a shorter IPv6 prefix keeps its route`() {
        let change = AddressChange.add(LeasedAddress(prefix: prefix("2001:db8::10/64"), interface: 3, lease: 5))
        #expect(hex(change.message.bytes)[17] == "02000000")
    }

    @Test func `the loopback interface has its addresses for the host alone`() {
        let change = AddressChange.add(LeasedAddress(prefix: prefix("192.0.2.10"), interface: 1, lease: 2))
        #expect(hex(change.message.bytes)[4] == "022000fe")
    }

    @Test func `removing names the address with its length`() {
        #expect(
            hex(AddressChange.remove(prefix("192.0.2.10/24"), interface: 3).message.bytes) == [
                "28000000", "15000500", "00000000", "00000000", "02180000", "03000000",
                "08000200", "c000020a", "08000100", "c000020a",
            ])
    }

    @Test(
        arguments: [
            (
                1,
                "cannot add 192.0.2.10/32 to interface 3: not permitted; run as root or give the process CAP_NET_ADMIN"
            ),
            (
                19,
                "cannot add 192.0.2.10/32 to interface 3: there is no such interface here; "
                    + "create it or correct its name in the configuration"
            ),
        ] as [(Int32, String)])
    func `an error says what was tried and what to do`(errno: Int32, text: String) {
        let change = AddressChange.add(LeasedAddress(prefix: prefix("192.0.2.10"), interface: 3, lease: 5))
        #expect(NetlinkError(errno: errno, what: change.description).description == text)
    }
}
