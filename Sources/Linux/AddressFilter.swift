import Addresses
internal import CLinux

/// The classic BPF program that lets only frames through which say where one of many addresses is: ARP packets with
/// that sender, or neighbour advertisements with that target.
///
/// It is exact for IPv4. Of an IPv6 address it compares 32 bits, mixed of all, so that whoever hears looks again. The
/// kernel takes 4,096 steps, and 20 KiB of them (net.core.optmem_max, before 6.9): more addresses need more sockets.
struct AddressFilter {
    enum Source {
        case others
        /// Sent to this machine alone: a flood to everybody does not pass.
        case answers
    }

    static let most = 1024
    // Implementation constant: so many addresses are looked at one after the other.
    private static let leaf = 16

    let instructions: [sock_filter]
    /// The only type of frame that is to come by.
    let type: UInt16

    init(of addresses: [IPAddress], from source: Source) {
        precondition(addresses.count <= Self.most, "a filter has 1,024 addresses at most, not \(addresses.count)")
        let isV6 = addresses.first?.family == .v6
        type = isV6 ? EtherType.ipv6 : EtherType.arp
        let keys = Set(addresses.map(Self.key)).sorted()
        let direction = source == .answers ? UInt32(PACKET_HOST) : UInt32(PACKET_OUTGOING)
        let isWanted: UInt8 = source == .answers ? 1 : 0
        instructions =
            [
                FilterStep.loadDirection,
                FilterStep.jump(ifEqual: direction, then: isWanted, otherwise: 1 - isWanted), FilterStep.drop,
            ]
            + (isV6 ? Self.loadAdvertised : [FilterStep.load(FilterStep.word, at: 14 + 14)])
            // Numbers below 2^31 make shorter steps (net/core/filter.c, `bpf_convert_filter`).
            + [FilterStep.subtract(keys.first ?? 0)]
            + Self.search(keys.map { $0 &- (keys.first ?? 0) }[...])
    }

    /// What the filter compares of an address.
    static func key(_ address: IPAddress) -> UInt32 {
        switch address {
        case .v4(let address): address.number
        case .v6(let address):
            UInt32(truncatingIfNeeded: address.high >> 32 ^ address.high ^ address.low >> 32 ^ address.low)
        }
    }

    /// The target of a neighbour advertisement, its four words mixed.
    private static var loadAdvertised: [sock_filter] {
        let target: UInt32 = 14 + 40 + 8
        return [
            FilterStep.load(FilterStep.byte, at: 14 + 6),
            FilterStep.jump(ifEqual: UInt32(ICMPv6.number), then: 1, otherwise: 0), FilterStep.drop,
            FilterStep.load(FilterStep.byte, at: 14 + 40),
            FilterStep.jump(ifEqual: UInt32(ICMPv6.advertisement), then: 1, otherwise: 0), FilterStep.drop,
            FilterStep.load(FilterStep.word, at: target), FilterStep.keep,
            FilterStep.load(FilterStep.word, at: target + 4), FilterStep.mix, FilterStep.keep,
            FilterStep.load(FilterStep.word, at: target + 8), FilterStep.mix, FilterStep.keep,
            FilterStep.load(FilterStep.word, at: target + 12), FilterStep.mix,
        ]
    }

    /// Halves the sorted keys until few are left. Each part ends by itself, so jumps are short or unconditional.
    private static func search(_ keys: ArraySlice<UInt32>) -> [sock_filter] {
        guard keys.count > leaf else {
            return keys.enumerated().map {
                FilterStep.jump(ifEqual: $1, then: UInt8(keys.count - $0), otherwise: 0)
            } + [FilterStep.drop, FilterStep.accept(512)]
        }
        let middle = keys.startIndex + keys.count / 2
        let lower = search(keys[..<middle])
        return [
            FilterStep.jump(ifAtLeast: keys[middle], then: 0, otherwise: 1),
            FilterStep.jump(over: UInt32(lower.count)),
        ] + lower + search(keys[middle...])
    }
}
