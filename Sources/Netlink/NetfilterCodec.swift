internal import CLibNL

/// Writes what nf_tables is told of `NetfilterTable` (net/netfilter/nf_tables_api.c). Numbers are in network order.
package enum NetfilterCodec {
    /// Both families in one table: NFPROTO_INET.
    static let family: UInt8 = 1
    static let subsystem = UInt16(NFNL_SUBSYS_NFTABLES)

    /// So many keys of one set go into a message: each takes at most 40 bytes, and an attribute is below 64 KiB.
    private static let keysPerMessage = 1000

    /// What the kernel calls user data: here one comment, `nft`'s kind 0.
    static let userData: [UInt8] = {
        let text = Array(NetfilterTable.comment.utf8) + [0]
        return [0, UInt8(text.count)] + text
    }()

    /// The same of a set: the order of its keys' bytes, 0, is the machine's, 1. nft shows them so, and the kernel does
    /// not care.
    private static let hostOrder = [0, 4] + UInt32(1).hostBytes

    static func request(_ type: nf_tables_msg_types, flags: Int32 = 0) -> NetlinkMessage {
        NetlinkMessage(
            type: subsystem << 8 | UInt16(type.rawValue), flags: UInt16(NLM_F_REQUEST | NLM_F_ACK | flags),
            fixed: [family, UInt8(NFNETLINK_V0), 0, 0])
    }

    /// The messages that put a table into the place of whatever is there.
    package static func replacement(_ table: NetfilterTable) -> [NetlinkMessage] {
        [newTable, deletion, newTable] + table.chains.map(newChain) + newSets(table.sets) + table.rules.map(newRule)
    }

    static var deletion: NetlinkMessage {
        var message = request(NFT_MSG_DELTABLE)
        message.add(UInt16(NFTA_TABLE_NAME.rawValue), text: NetfilterTable.name)
        return message
    }

    /// Nothing happens if it is there.
    private static var newTable: NetlinkMessage {
        var message = request(NFT_MSG_NEWTABLE, flags: NLM_F_CREATE)
        message.add(UInt16(NFTA_TABLE_NAME.rawValue), text: NetfilterTable.name)
        message.add(UInt16(NFTA_TABLE_USERDATA.rawValue), userData)
        return message
    }

    private static func newChain(_ chain: NetfilterTable.Chain) -> NetlinkMessage {
        var message = request(NFT_MSG_NEWCHAIN, flags: NLM_F_CREATE)
        message.add(UInt16(NFTA_CHAIN_TABLE.rawValue), text: NetfilterTable.name)
        message.add(UInt16(NFTA_CHAIN_NAME.rawValue), text: chain.name)
        message.nest(UInt16(NFTA_CHAIN_HOOK.rawValue)) { hook in
            hook.add(UInt16(NFTA_HOOK_HOOKNUM.rawValue), chain.hook.networkBytes)
            hook.add(UInt16(NFTA_HOOK_PRIORITY.rawValue), chain.priority.networkBytes)
        }
        message.add(UInt16(NFTA_CHAIN_POLICY.rawValue), chain.policy.networkBytes)
        message.add(UInt16(NFTA_CHAIN_TYPE.rawValue), text: chain.type)
        return message
    }

    private static func newSets(_ sets: [String: NetfilterTable.KeySet]) -> [NetlinkMessage] {
        var messages: [NetlinkMessage] = []
        for (number, (name, set)) in sets.sorted(by: { $0.key < $1.key }).enumerated() {
            var message = request(NFT_MSG_NEWSET, flags: NLM_F_CREATE)
            message.add(UInt16(NFTA_SET_TABLE.rawValue), text: NetfilterTable.name)
            message.add(UInt16(NFTA_SET_NAME.rawValue), text: name)
            message.add(UInt16(NFTA_SET_FLAGS.rawValue), set.flags.networkBytes)
            message.add(UInt16(NFTA_SET_KEY_TYPE.rawValue), set.keyType.networkBytes)
            message.add(UInt16(NFTA_SET_KEY_LEN.rawValue), set.keyLength.networkBytes)
            message.add(UInt16(NFTA_SET_ID.rawValue), UInt32(number + 1).networkBytes)
            if set.keyType == NetfilterTable.Kind.markType {
                message.add(UInt16(NFTA_SET_USERDATA.rawValue), hostOrder)
            }
            messages.append(message)
            let keys = set.keys.sorted { $0.lexicographicallyPrecedes($1) }
            for start in stride(from: 0, to: keys.count, by: keysPerMessage) {
                messages.append(newKeys(keys[start..<min(start + keysPerMessage, keys.count)], of: name))
            }
        }
        return messages
    }

    private static func newKeys(_ keys: ArraySlice<[UInt8]>, of set: String) -> NetlinkMessage {
        var message = request(NFT_MSG_NEWSETELEM, flags: NLM_F_CREATE)
        message.add(UInt16(NFTA_SET_ELEM_LIST_TABLE.rawValue), text: NetfilterTable.name)
        message.add(UInt16(NFTA_SET_ELEM_LIST_SET.rawValue), text: set)
        message.nest(UInt16(NFTA_SET_ELEM_LIST_ELEMENTS.rawValue)) { list in
            for key in keys {
                list.nest(UInt16(NFTA_LIST_ELEM.rawValue)) { element in
                    element.nest(UInt16(NFTA_SET_ELEM_KEY.rawValue)) { $0.add(UInt16(NFTA_DATA_VALUE.rawValue), key) }
                }
            }
        }
        return message
    }

    private static func newRule(_ rule: [NetfilterTable.Expression]) -> NetlinkMessage {
        var message = request(NFT_MSG_NEWRULE, flags: NLM_F_CREATE | NLM_F_APPEND)
        message.add(UInt16(NFTA_RULE_TABLE.rawValue), text: NetfilterTable.name)
        message.add(UInt16(NFTA_RULE_CHAIN.rawValue), text: NetfilterTable.chain.name)
        message.nest(UInt16(NFTA_RULE_EXPRESSIONS.rawValue)) { list in
            for expression in rule {
                list.nest(UInt16(NFTA_LIST_ELEM.rawValue)) { element in
                    element.add(UInt16(NFTA_EXPR_NAME.rawValue), text: expression.name)
                    element.nest(UInt16(NFTA_EXPR_DATA.rawValue)) { data in
                        for (type, value) in expression.fields.sorted(by: { $0.key < $1.key }) { data.add(type, value) }
                    }
                }
            }
        }
        return message
    }
}
