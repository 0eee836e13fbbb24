internal import CLibNL

/// Reads what nf_tables says of tables. What is cut short or makes no sense is nil, or left out.
package enum NetfilterReader {
    /// What tells whose a table is.
    package struct Title {
        package var flags: UInt32
        package var userData: [UInt8]
    }

    package static func generation(_ payload: ArraySlice<UInt8>) -> UInt32? {
        number(NFTA_GEN_ID.rawValue, of: payload)
    }

    /// nil: another table.
    package static func title(_ payload: ArraySlice<UInt8>) -> Title? {
        guard text(NFTA_TABLE_NAME.rawValue, of: payload) == NetfilterTable.name else { return nil }
        return Title(
            flags: number(NFTA_TABLE_FLAGS.rawValue, of: payload) ?? 0,
            userData: value(NFTA_TABLE_USERDATA.rawValue, of: payload).map(Array.init) ?? [])
    }

    /// nil: of another table. One that sees no packets has no hook.
    package static func chain(_ payload: ArraySlice<UInt8>) -> NetfilterTable.Chain? {
        guard text(NFTA_CHAIN_TABLE.rawValue, of: payload) == NetfilterTable.name else { return nil }
        let hook = value(NFTA_CHAIN_HOOK.rawValue, of: payload) ?? []
        return NetfilterTable.Chain(
            name: text(NFTA_CHAIN_NAME.rawValue, of: payload) ?? "",
            type: text(NFTA_CHAIN_TYPE.rawValue, of: payload) ?? "",
            hook: nested(NFTA_HOOK_HOOKNUM.rawValue, in: hook).flatMap { UInt32(networkBytes: $0) } ?? .max,
            priority: nested(NFTA_HOOK_PRIORITY.rawValue, in: hook).flatMap { UInt32(networkBytes: $0) } ?? .max,
            policy: number(NFTA_CHAIN_POLICY.rawValue, of: payload) ?? .max)
    }

    /// Without its keys, which are listed apart. nil: of another table.
    package static func set(_ payload: ArraySlice<UInt8>) -> (String, NetfilterTable.KeySet)? {
        guard text(NFTA_SET_TABLE.rawValue, of: payload) == NetfilterTable.name,
            let name = text(NFTA_SET_NAME.rawValue, of: payload)
        else { return nil }
        let set = NetfilterTable.KeySet(
            keyType: number(NFTA_SET_KEY_TYPE.rawValue, of: payload) ?? 0,
            keyLength: number(NFTA_SET_KEY_LEN.rawValue, of: payload) ?? 0,
            flags: number(NFTA_SET_FLAGS.rawValue, of: payload) ?? 0, keys: [])
        return (name, set)
    }

    /// The keys of one message. One that the kernel shows no key of is empty.
    package static func keys(_ payload: ArraySlice<UInt8>) -> [[UInt8]] {
        NetlinkAttributes(value(NFTA_SET_ELEM_LIST_ELEMENTS.rawValue, of: payload) ?? []).map { element in
            let key = nested(NFTA_SET_ELEM_KEY.rawValue, in: element.value) ?? []
            return nested(NFTA_DATA_VALUE.rawValue, in: key).map(Array.init) ?? []
        }
    }

    /// nil: of another table.
    package static func rule(_ payload: ArraySlice<UInt8>) -> [NetfilterTable.Expression]? {
        guard text(NFTA_RULE_TABLE.rawValue, of: payload) == NetfilterTable.name else { return nil }
        return NetlinkAttributes(value(NFTA_RULE_EXPRESSIONS.rawValue, of: payload) ?? []).map { element in
            let data = nested(NFTA_EXPR_DATA.rawValue, in: element.value) ?? []
            return NetfilterTable.Expression(
                name: nested(NFTA_EXPR_NAME.rawValue, in: element.value)?.netlinkText ?? "",
                fields: Dictionary(NetlinkAttributes(data).map { ($0.type, Array($0.value)) }) { first, _ in first })
        }
    }

    private static func value(_ type: UInt32, of payload: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        nested(type, in: payload.dropFirst(4))
    }

    private static func nested(_ type: UInt32, in bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        NetlinkAttributes(bytes).first { $0.type == UInt16(type) }?.value
    }

    private static func number(_ type: UInt32, of payload: ArraySlice<UInt8>) -> UInt32? {
        value(type, of: payload).flatMap { UInt32(networkBytes: $0) }
    }

    private static func text(_ type: UInt32, of payload: ArraySlice<UInt8>) -> String? {
        value(type, of: payload)?.netlinkText
    }
}
