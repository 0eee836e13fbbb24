internal import CLinux

/// The classic BPF program that lets only the first packets of TCP connections through which this machine passes on: a
/// SYN that leaves, as it came or in a tunnel of IP in IP (RFC 2003, RFC 2473).
enum OpeningFilter {
    private static let tcp: UInt32 = 6
    private static let ipv4InIP: UInt32 = 4
    private static let ipv6InIP: UInt32 = 41
    private static let ethernet: UInt32 = 14
    private static let ipv4: UInt32 = 20
    private static let ipv6: UInt32 = 40
    /// Where the protocol stands in each header, and the flags in TCP's.
    private static let ipv4Protocol: UInt32 = 9
    private static let ipv6Protocol: UInt32 = 6
    private static let flags: UInt32 = 13

    static var instructions: [sock_filter] {
        [
            FilterStep.loadDirection,
            FilterStep.jump(ifEqual: UInt32(PACKET_OUTGOING), then: 0, otherwise: 23),
            FilterStep.load(FilterStep.half, at: 12),
            FilterStep.jump(ifEqual: UInt32(EtherType.ipv6), then: 10, otherwise: 0),
            FilterStep.jump(ifEqual: UInt32(EtherType.ipv4), then: 0, otherwise: 20),

            FilterStep.load(FilterStep.byte, at: ethernet + ipv4Protocol),
            FilterStep.jump(ifEqual: tcp, then: 5, otherwise: 0),
            FilterStep.jump(ifEqual: ipv4InIP, then: 0, otherwise: 17),
            FilterStep.load(FilterStep.byte, at: ethernet + ipv4 + ipv4Protocol),
            FilterStep.jump(ifEqual: tcp, then: 0, otherwise: 15),
            FilterStep.load(FilterStep.byte, at: ethernet + ipv4 + ipv4 + flags),
            FilterStep.jump(ifEqual: 0, then: 13, otherwise: 10),
            FilterStep.load(FilterStep.byte, at: ethernet + ipv4 + flags),
            FilterStep.jump(ifEqual: 0, then: 11, otherwise: 8),

            FilterStep.load(FilterStep.byte, at: ethernet + ipv6Protocol),
            FilterStep.jump(ifEqual: tcp, then: 5, otherwise: 0),
            FilterStep.jump(ifEqual: ipv6InIP, then: 0, otherwise: 8),
            FilterStep.load(FilterStep.byte, at: ethernet + ipv6 + ipv6Protocol),
            FilterStep.jump(ifEqual: tcp, then: 0, otherwise: 6),
            FilterStep.load(FilterStep.byte, at: ethernet + ipv6 + ipv6 + flags),
            FilterStep.jump(ifEqual: 0, then: 4, otherwise: 1),
            FilterStep.load(FilterStep.byte, at: ethernet + ipv6 + flags),

            // SYN without ACK.
            FilterStep.mask(0x12),
            FilterStep.jump(ifEqual: 0x02, then: 0, otherwise: 1),
            FilterStep.accept(512),
            FilterStep.drop,
        ]
    }
}
