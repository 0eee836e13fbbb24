internal import CLinux

/// The classic BPF program that lets only ARP packets and neighbour advertisements of others through (bpf(4),
/// linux/filter.h).
enum ClaimFilter {
    /// Jumps count instructions from the next one; the last two are "take it" and "drop it".
    static var instructions: [sock_filter] {
        [
            // Our own frames come by too.
            load(byte, at: UInt32(bitPattern: SKF_AD_OFF + SKF_AD_PKTTYPE)),
            jump(ifEqual: UInt32(PACKET_OUTGOING), then: 8, otherwise: 0),
            load(half, at: 12),
            jump(ifEqual: UInt32(EtherType.arp), then: 5, otherwise: 0),
            jump(ifEqual: UInt32(EtherType.ipv6), then: 0, otherwise: 5),
            load(byte, at: 14 + 6),
            jump(ifEqual: UInt32(ICMPv6.number), then: 0, otherwise: 3),
            load(byte, at: 14 + 40),
            jump(ifEqual: UInt32(ICMPv6.advertisement), then: 0, otherwise: 1),
            sock_filter(code: UInt16(BPF_RET | BPF_K), jt: 0, jf: 0, k: 512),
            sock_filter(code: UInt16(BPF_RET | BPF_K), jt: 0, jf: 0, k: 0),
        ]
    }

    private static var byte: Int32 { BPF_B }
    private static var half: Int32 { BPF_H }

    private static func load(_ size: Int32, at offset: UInt32) -> sock_filter {
        sock_filter(code: UInt16(BPF_LD | BPF_ABS | size), jt: 0, jf: 0, k: offset)
    }

    private static func jump(ifEqual value: UInt32, then: UInt8, otherwise: UInt8) -> sock_filter {
        sock_filter(code: UInt16(BPF_JMP | BPF_JEQ | BPF_K), jt: then, jf: otherwise, k: value)
    }
}
