import CLinux
import Glibc

/// A classic BPF program (linux/filter.h): the kernel runs it for each packet and drops what it does not accept,
/// before a queue can fill.
package struct PacketFilter: Sendable {
    private(set) var program: [sock_filter]

    init(_ program: [sock_filter]) {
        precondition((1...4096).contains(program.count), "a filter has 1 to 4,096 steps, not \(program.count)")
        self.program = program
    }

    /// Accepts datagrams whose 32-bit word at payload offset 0 is `magic` and whose 64-bit number at offset 4 is
    /// one of `sessions`. On a UDP socket the program sees the 8 bytes of the UDP header first.
    package static func heartbeats(magic: UInt32, sessions: [UInt64]) -> PacketFilter {
        let header: UInt32 = 8
        // Conditional jumps reach 255 steps, the others all of them.
        var program = [load(header), when(magic, skip: 1), jump(UInt32(5 * sessions.count))]
        for (index, session) in sessions.enumerated() {
            let rest = UInt32(5 * (sessions.count - index - 1))
            program += [
                load(header + 4), unless(UInt32(truncatingIfNeeded: session >> 32), skip: 3),
                load(header + 8), unless(UInt32(truncatingIfNeeded: session), skip: 1),
                jump(rest + 1),
            ]
        }
        return PacketFilter(program + [drop, accept])
    }

    /// Drops the word of rtnetlink that an address was added or renewed (RTM_NEWADDR, linux/rtnetlink.h). A message has
    /// its type, in the order of the machine, at offset 4.
    package static var noNewAddresses: PacketFilter {
        let lowByte: UInt32 = UInt16(1).littleEndian == 1 ? 4 : 5
        return PacketFilter([loadByte(lowByte), unless(20, skip: 1), drop, accept])
    }

    package func attach(to descriptor: Int32) -> Bool {
        var program = program
        return unsafe program.withUnsafeMutableBufferPointer { steps in
            var whole = unsafe sock_fprog(len: UInt16(steps.count), filter: steps.baseAddress)
            let size = socklen_t(unsafe MemoryLayout<sock_fprog>.size)
            return unsafe setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &whole, size) == 0
        }
    }

    private static func load(_ offset: UInt32) -> sock_filter {
        sock_filter(code: UInt16(BPF_LD | BPF_W | BPF_ABS), jt: 0, jf: 0, k: offset)
    }

    private static func loadByte(_ offset: UInt32) -> sock_filter {
        sock_filter(code: UInt16(BPF_LD | BPF_B | BPF_ABS), jt: 0, jf: 0, k: offset)
    }

    private static func unless(_ value: UInt32, skip: UInt8) -> sock_filter {
        sock_filter(code: UInt16(BPF_JMP | BPF_JEQ | BPF_K), jt: 0, jf: skip, k: value)
    }

    private static func when(_ value: UInt32, skip: UInt8) -> sock_filter {
        sock_filter(code: UInt16(BPF_JMP | BPF_JEQ | BPF_K), jt: skip, jf: 0, k: value)
    }

    private static func jump(_ steps: UInt32) -> sock_filter {
        sock_filter(code: UInt16(BPF_JMP | BPF_JA), jt: 0, jf: 0, k: steps)
    }

    private static let drop = sock_filter(code: UInt16(BPF_RET | BPF_K), jt: 0, jf: 0, k: 0)
    private static let accept = sock_filter(code: UInt16(BPF_RET | BPF_K), jt: 0, jf: 0, k: .max)
}
