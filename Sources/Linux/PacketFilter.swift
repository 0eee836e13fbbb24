package import Addresses
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
        var program = [
            FilterStep.load(FilterStep.word, at: header), FilterStep.jump(ifEqual: magic, then: 1, otherwise: 0),
            FilterStep.jump(over: UInt32(5 * sessions.count)),
        ]
        for (index, session) in sessions.enumerated() {
            let rest = UInt32(5 * (sessions.count - index - 1))
            program += [
                FilterStep.load(FilterStep.word, at: header + 4),
                FilterStep.jump(ifEqual: UInt32(truncatingIfNeeded: session >> 32), then: 0, otherwise: 3),
                FilterStep.load(FilterStep.word, at: header + 8),
                FilterStep.jump(ifEqual: UInt32(truncatingIfNeeded: session), then: 0, otherwise: 1),
                FilterStep.jump(over: rest + 1),
            ]
        }
        return PacketFilter(program + [FilterStep.drop, FilterStep.accept(.max)])
    }

    /// Drops the word of rtnetlink that an address was added or renewed (RTM_NEWADDR, linux/rtnetlink.h). A message has
    /// its type, in the order of the machine, at offset 4.
    package static var noNewAddresses: PacketFilter {
        let lowByte: UInt32 = UInt16(1).littleEndian == 1 ? 4 : 5
        return PacketFilter([
            FilterStep.load(FilterStep.byte, at: lowByte), FilterStep.jump(ifEqual: 20, then: 0, otherwise: 1),
            FilterStep.drop, FilterStep.accept(.max),
        ])
    }

    /// Accepts frames of the addresses' family that say where one of them is (`AddressFilter`).
    ///
    /// - Parameter isAnswer: whether they must be sent to this machine alone.
    package static func claims(of addresses: [IPAddress], isAnswer: Bool = false) -> PacketFilter {
        PacketFilter(AddressFilter(of: addresses, from: isAnswer ? .answers : .others).instructions)
    }

    /// Accepts datagrams whose 32-bit word at payload offset 0 is `magic` and the next one `prefix`.
    package static func heartbeats(magic: UInt32, prefix: UInt32) -> PacketFilter {
        let header: UInt32 = 8
        return PacketFilter([
            FilterStep.load(FilterStep.word, at: header), FilterStep.jump(ifEqual: magic, then: 0, otherwise: 3),
            FilterStep.load(FilterStep.word, at: header + 4), FilterStep.jump(ifEqual: prefix, then: 0, otherwise: 1),
            FilterStep.accept(.max), FilterStep.drop,
        ])
    }

    /// For `DatagramSocket.divide`: what is of no session goes to socket 0, the others to socket 1. Such a program sees
    /// no UDP header (net/core/sock_reuseport.c, `run_bpf_filter`), and what is too short goes to socket 0.
    package static var hellosFirst: PacketFilter {
        PacketFilter([
            FilterStep.load(FilterStep.word, at: 4), FilterStep.jump(ifEqual: 0, then: 0, otherwise: 2),
            FilterStep.load(FilterStep.word, at: 8), FilterStep.jump(ifEqual: 0, then: 1, otherwise: 0),
            FilterStep.accept(1), FilterStep.drop,
        ])
    }

    package func attach(to descriptor: Int32) -> Bool { attach(to: descriptor, as: SO_ATTACH_FILTER) }

    func attach(to descriptor: Int32, as option: Int32) -> Bool {
        var program = program
        return unsafe program.withUnsafeMutableBufferPointer { steps in
            var whole = unsafe sock_fprog(len: UInt16(steps.count), filter: steps.baseAddress)
            let size = socklen_t(unsafe MemoryLayout<sock_fprog>.size)
            return unsafe setsockopt(descriptor, SOL_SOCKET, option, &whole, size) == 0
        }
    }
}
