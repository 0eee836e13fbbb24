import Addresses
internal import CLinux

/// Classic BPF programs for packet sockets that see packets from their IP header on: what comes back to TCP segments
/// that left past this machine's own stack.
enum SegmentFilter {
    /// Bits of a sequence number that all our segments share: strangers would have to guess them.
    static let tagMask: UInt32 = 0xFFF0_0000

    /// How many ports, a power of two, stand in a block that begins with a multiple of it.
    static let portBlock: UInt16 = 1024

    // Specification constants (RFC 791 3.1, RFC 8200 3, RFC 9293 3.1, RFC 792, RFC 4443)

    private static let tcp: UInt32 = 6
    private static let icmp: UInt32 = 1
    private static let udp: UInt32 = 17
    private static let icmpv6: UInt32 = 58
    private static let fragment: UInt32 = 0x1FFF
    private static let ipv6: UInt32 = 40

    /// TCP to that port which acknowledges one of our sequence numbers.
    static func answers(_ family: AddressFamily, port: UInt16, tag: UInt32) -> [sock_filter] {
        let acknowledgement: UInt32 = 8
        return target(
            of: tcp, family,
            then: [
                FilterStep.jump(ifEqual: UInt32(port), then: 0, otherwise: 4),
                family == .v4
                    ? FilterStep.load(FilterStep.word, behindIndex: acknowledgement)
                    : FilterStep.load(FilterStep.word, at: ipv6 + acknowledgement),
                FilterStep.mask(tagMask),
                FilterStep.jump(ifEqual: tag & tagMask, then: 0, otherwise: 1),
                FilterStep.accept(128), FilterStep.drop,
            ])
    }

    /// UDP to a block of ports.
    static func datagrams(_ family: AddressFamily, block: UInt16) -> [sock_filter] {
        target(
            of: udp, family,
            then: [
                FilterStep.mask(UInt32(~(portBlock - 1))),
                FilterStep.jump(ifEqual: UInt32(block), then: 0, otherwise: 1),
                FilterStep.accept(UInt32(UInt16.max)), FilterStep.drop,
            ])
    }

    /// The port that packets of a protocol go to, for the rest to judge. Others, and fragments, jump to its last step,
    /// which drops them.
    private static func target(
        of number: UInt32, _ family: AddressFamily, then rest: [sock_filter]
    ) -> [sock_filter] {
        let (port, end): (UInt32, UInt8) = (2, UInt8(rest.count))
        guard family == .v4 else {
            return [
                FilterStep.load(FilterStep.byte, at: 6), FilterStep.jump(ifEqual: number, then: 0, otherwise: end),
                FilterStep.load(FilterStep.half, at: ipv6 + port),
            ] + rest
        }
        return [
            FilterStep.load(FilterStep.byte, at: 9), FilterStep.jump(ifEqual: number, then: 0, otherwise: end + 3),
            FilterStep.load(FilterStep.half, at: 6), FilterStep.jump(ifAnyOf: fragment, then: end + 1, otherwise: 0),
            FilterStep.loadHeaderLength(at: 0), FilterStep.load(FilterStep.half, behindIndex: port),
        ] + rest
    }

    /// ICMP that says that a packet did not arrive.
    static func complaints(_ family: AddressFamily) -> [sock_filter] {
        guard family == .v4 else {
            return [
                FilterStep.load(FilterStep.byte, at: 6), FilterStep.jump(ifEqual: icmpv6, then: 0, otherwise: 3),
                FilterStep.load(FilterStep.byte, at: ipv6), FilterStep.jump(ifAtLeast: 5, then: 1, otherwise: 0),
                FilterStep.accept(512), FilterStep.drop,
            ]
        }
        return [
            FilterStep.load(FilterStep.byte, at: 9), FilterStep.jump(ifEqual: icmp, then: 0, otherwise: 5),
            FilterStep.loadHeaderLength(at: 0), FilterStep.load(FilterStep.byte, behindIndex: 0),
            FilterStep.jump(ifEqual: 3, then: 1, otherwise: 0), FilterStep.jump(ifEqual: 11, then: 0, otherwise: 1),
            FilterStep.accept(512), FilterStep.drop,
        ]
    }
}
