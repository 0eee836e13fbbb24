package import Addresses

/// The hash functions of the kernel's schedulers, as a 64-bit kernel computes them.
package enum KernelHash {
    /// `hash_32` (include/linux/hash.h): the upper `bits` (1 to 32) of a product.
    package static func multiplicative(_ value: UInt32, bits: UInt32) -> UInt32 {
        (value &* 0x61C8_8647) >> (32 - bits)
    }

    /// `hsiphash_1u32` (lib/siphash.c): SipHash-1-3 of four bytes, folded to 32 bits, under the key's two halves.
    package static func sip(_ value: UInt32, key: (UInt64, UInt64)) -> UInt32 {
        var state = SipState(key: key)
        let block = UInt64(4) << 56 | UInt64(value)
        state.d ^= block
        state.round()
        state.a ^= block
        state.c ^= 0xFF
        for _ in 0..<3 { state.round() }
        return UInt32(truncatingIfNeeded: (state.a ^ state.b) ^ (state.c ^ state.d))
    }

    /// An address as one number: IPv4's own, IPv6's four quarters combined by exclusive or.
    ///
    /// - Parameter family: of the service. An IPv6 server of an IPv4 service (only tunnels are) counts as its first
    ///   quarter, because the kernel looks at its first four bytes.
    package static func fold(_ address: IPAddress, family: AddressFamily) -> UInt32 {
        switch address {
        case .v4(let address): return address.number
        case .v6(let address):
            guard family == .v6 else { return UInt32(address.high >> 32) }
            let both = address.high ^ address.low
            return UInt32(truncatingIfNeeded: both >> 32 ^ both)
        }
    }

    private struct SipState {
        var a: UInt64
        var b: UInt64
        var c: UInt64
        var d: UInt64

        init(key: (UInt64, UInt64)) {
            a = 0x736F_6D65_7073_6575 ^ key.0
            b = 0x646F_7261_6E64_6F6D ^ key.1
            c = 0x6C79_6765_6E65_7261 ^ key.0
            d = 0x7465_6462_7974_6573 ^ key.1
        }

        /// SIPROUND.
        mutating func round() {
            a &+= b
            b = b << 13 | b >> 51
            b ^= a
            a = a << 32 | a >> 32
            c &+= d
            d = d << 16 | d >> 48
            d ^= c
            a &+= d
            d = d << 21 | d >> 43
            d ^= a
            c &+= b
            b = b << 17 | b >> 47
            b ^= c
            c = c << 32 | c >> 32
        }
    }
}
