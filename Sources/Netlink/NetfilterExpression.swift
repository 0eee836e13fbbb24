import Addresses
import Balancing
internal import CLibNL
import Settings

extension NetfilterTable.Expression {
    private static func number(_ value: UInt32) -> [UInt8] { value.networkBytes }

    /// Of 4 bytes each, every fourth of which goes by the number of the old ones of 16 (linux/netfilter/nf_tables.h).
    private static func register(_ word: UInt32) -> [UInt8] {
        number(word % 4 == 0 ? NFT_REG_1.rawValue + word / 4 : NFT_REG32_00.rawValue + word)
    }

    static let mark = meta(NFT_META_MARK)

    private static func meta(_ key: nft_meta_keys) -> Self {
        Self(
            name: "meta",
            fields: [
                UInt16(NFTA_META_KEY.rawValue): number(key.rawValue), UInt16(NFTA_META_DREG.rawValue): register(0),
            ])
    }

    private static func equals(_ value: UInt8) -> Self {
        Self(
            name: "cmp",
            fields: [
                UInt16(NFTA_CMP_SREG.rawValue): register(0), UInt16(NFTA_CMP_OP.rawValue): number(NFT_CMP_EQ.rawValue),
                UInt16(NFTA_CMP_DATA.rawValue): NetlinkAttributes.bytes(NFTA_DATA_VALUE.rawValue, [value]),
            ])
    }

    /// NFPROTO_IPV4 2, NFPROTO_IPV6 10.
    static func family(_ family: AddressFamily) -> [Self] {
        [meta(NFT_META_NFPROTO), equals(family == .v4 ? 2 : 10)]
    }

    static func transport(_ transport: TransportProtocol) -> [Self] {
        [meta(NFT_META_L4PROTO), equals(UInt8(transport.number))]
    }

    /// The packet's own, behind whatever translated it.
    static func destination(_ family: AddressFamily) -> Self {
        Self(
            name: "payload",
            fields: [
                UInt16(NFTA_PAYLOAD_DREG.rawValue): register(0),
                UInt16(NFTA_PAYLOAD_BASE.rawValue): number(NFT_PAYLOAD_NETWORK_HEADER.rawValue),
                UInt16(NFTA_PAYLOAD_OFFSET.rawValue): number(family == .v4 ? 16 : 24),
                UInt16(NFTA_PAYLOAD_LEN.rawValue): number(family.byteCount),
            ])
    }

    /// The address that the client asked for.
    static func original(_ family: AddressFamily) -> Self {
        original(family == .v4 ? NFT_CT_DST_IP : NFT_CT_DST_IP6, at: 0)
    }

    static func originalPort(at word: UInt32) -> Self { original(NFT_CT_PROTO_DST, at: word) }

    private static func original(_ key: nft_ct_keys, at word: UInt32) -> Self {
        Self(
            name: "ct",
            fields: [
                UInt16(NFTA_CT_KEY.rawValue): number(key.rawValue), UInt16(NFTA_CT_DREG.rawValue): register(word),
                UInt16(NFTA_CT_DIRECTION.rawValue): [0],
            ])
    }

    static func find(_ set: String) -> Self {
        Self(
            name: "lookup",
            fields: [
                UInt16(NFTA_LOOKUP_SET.rawValue): Array(set.utf8) + [0],
                UInt16(NFTA_LOOKUP_SREG.rawValue): register(0), UInt16(NFTA_LOOKUP_FLAGS.rawValue): number(0),
            ])
    }

    /// The source becomes an address of the interface that the packet leaves by.
    static let masquerade = Self(name: "masq", fields: [:])

    /// NFT_RETURN, -5: no further rule looks at the packet.
    static let leave = Self(
        name: "immediate",
        fields: [
            UInt16(NFTA_IMMEDIATE_DREG.rawValue): number(NFT_REG_VERDICT.rawValue),
            UInt16(NFTA_IMMEDIATE_DATA.rawValue): NetlinkAttributes.bytes(
                NFTA_DATA_VERDICT.rawValue,
                NetlinkAttributes.bytes(NFTA_VERDICT_CODE.rawValue, number(UInt32(bitPattern: -5)))),
        ])
}

extension AddressFamily {
    /// Of an address.
    var byteCount: UInt32 { self == .v4 ? 4 : 16 }
}
