internal import CLinux

/// Steps of classic BPF programs (bpf(4), linux/filter.h). Jumps count steps from the next one.
enum FilterStep {
    static var byte: Int32 { BPF_B }
    static var half: Int32 { BPF_H }
    static var word: Int32 { BPF_W }
    static let drop = sock_filter(code: UInt16(BPF_RET | BPF_K), jt: 0, jf: 0, k: 0)

    /// Takes the packet, up to so many bytes of it.
    static func accept(_ bytes: UInt32) -> sock_filter {
        sock_filter(code: UInt16(BPF_RET | BPF_K), jt: 0, jf: 0, k: bytes)
    }

    static func load(_ size: Int32, at offset: UInt32) -> sock_filter {
        sock_filter(code: UInt16(BPF_LD | BPF_ABS | size), jt: 0, jf: 0, k: offset)
    }

    /// The index register: the length of the IPv4 header that begins there.
    static func loadHeaderLength(at offset: UInt32) -> sock_filter {
        sock_filter(code: UInt16(BPF_LDX | BPF_MSH | BPF_B), jt: 0, jf: 0, k: offset)
    }

    /// So far behind where the index register points.
    static func load(_ size: Int32, behindIndex offset: UInt32) -> sock_filter {
        sock_filter(code: UInt16(BPF_LD | BPF_IND | size), jt: 0, jf: 0, k: offset)
    }

    /// Whether the frame is one of this machine's own.
    static var loadDirection: sock_filter { load(byte, at: UInt32(bitPattern: SKF_AD_OFF + SKF_AD_PKTTYPE)) }

    /// Conditional jumps reach 255 steps, this one all of them.
    static func jump(over steps: UInt32) -> sock_filter {
        sock_filter(code: UInt16(BPF_JMP | BPF_JA), jt: 0, jf: 0, k: steps)
    }

    static func jump(ifEqual value: UInt32, then: UInt8, otherwise: UInt8) -> sock_filter {
        sock_filter(code: UInt16(BPF_JMP | BPF_JEQ | BPF_K), jt: then, jf: otherwise, k: value)
    }

    static func jump(ifAtLeast value: UInt32, then: UInt8, otherwise: UInt8) -> sock_filter {
        sock_filter(code: UInt16(BPF_JMP | BPF_JGE | BPF_K), jt: then, jf: otherwise, k: value)
    }

    static func subtract(_ value: UInt32) -> sock_filter {
        sock_filter(code: UInt16(BPF_ALU | BPF_SUB | BPF_K), jt: 0, jf: 0, k: value)
    }

    /// Copies the accumulator to the index register.
    static let keep = sock_filter(code: UInt16(BPF_MISC | BPF_TAX), jt: 0, jf: 0, k: 0)
    /// Exclusive or with the index register.
    static let mix = sock_filter(code: UInt16(BPF_ALU | BPF_XOR | BPF_X), jt: 0, jf: 0, k: 0)

    static func jump(ifAnyOf bits: UInt32, then: UInt8, otherwise: UInt8) -> sock_filter {
        sock_filter(code: UInt16(BPF_JMP | BPF_JSET | BPF_K), jt: then, jf: otherwise, k: bits)
    }

    static func mask(_ bits: UInt32) -> sock_filter {
        sock_filter(code: UInt16(BPF_ALU | BPF_AND | BPF_K), jt: 0, jf: 0, k: bits)
    }
}
