internal import CLinux

/// The classic BPF program that lets only ARP packets and neighbour advertisements of others through.
enum ClaimFilter {
    static var instructions: [sock_filter] {
        [
            // Our own frames come by too.
            FilterStep.loadDirection,
            FilterStep.jump(ifEqual: UInt32(PACKET_OUTGOING), then: 8, otherwise: 0),
            FilterStep.load(FilterStep.half, at: 12),
            FilterStep.jump(ifEqual: UInt32(EtherType.arp), then: 5, otherwise: 0),
            FilterStep.jump(ifEqual: UInt32(EtherType.ipv6), then: 0, otherwise: 5),
            FilterStep.load(FilterStep.byte, at: 14 + 6),
            FilterStep.jump(ifEqual: UInt32(ICMPv6.number), then: 0, otherwise: 3),
            FilterStep.load(FilterStep.byte, at: 14 + 40),
            FilterStep.jump(ifEqual: UInt32(ICMPv6.advertisement), then: 0, otherwise: 1),
            FilterStep.accept(512),
            FilterStep.drop,
        ]
    }
}
