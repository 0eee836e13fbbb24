internal import CLibNL
import Glibc

/// The table of nf_tables in which Tandem keeps `Masquerade`, in this network namespace. No other is ever written to.
///
/// For one thread. Needs CAP_NET_ADMIN.
package struct NetfilterSocket: ~Copyable {
    private var socket: NetlinkSocket

    /// What the kernel has under the name of our table.
    package enum Held: Hashable, Sendable {
        case nothing
        /// Ours, with what it holds.
        case ours(NetfilterTable)
        /// Somebody else's: it has not our mark.
        case foreign
    }

    package init() throws(NetlinkError) {
        do throws(NetlinkError) {
            socket = try NetlinkSocket(family: NETLINK_NETFILTER)
        } catch {
            throw Self.explained(error)
        }
    }

    /// A number that every change of nf_tables, by whomever, makes another one.
    package mutating func generation() throws(NetlinkError) -> UInt32 {
        let what = "ask nf_tables for its generation"
        do throws(NetlinkError) {
            for reply in try socket.answers(to: NetfilterCodec.request(NFT_MSG_GETGEN), what: what) {
                if let generation = NetfilterReader.generation(reply.payload) { return generation }
            }
        } catch {
            throw Self.explained(error)
        }
        throw NetlinkError(errno: EBADMSG, what: what)
    }

    package mutating func read() throws(NetlinkError) -> Held {
        guard let title = try title() else { return .nothing }
        guard title.userData == NetfilterCodec.userData else { return .foreign }
        var table = NetfilterTable(flags: title.flags)
        for reply in try list(NFT_MSG_GETCHAIN) {
            if let chain = NetfilterReader.chain(reply.payload) { table.chains.insert(chain) }
        }
        for reply in try list(NFT_MSG_GETSET, of: NFTA_SET_TABLE.rawValue) {
            guard let (name, set) = NetfilterReader.set(reply.payload) else { continue }
            table.sets[name] = set
        }
        for name in table.sets.keys {
            var question = NetfilterCodec.request(NFT_MSG_GETSETELEM, flags: NLM_F_DUMP)
            question.add(UInt16(NFTA_SET_ELEM_LIST_TABLE.rawValue), text: NetfilterTable.name)
            question.add(UInt16(NFTA_SET_ELEM_LIST_SET.rawValue), text: name)
            for reply in try socket.answers(to: question, what: Self.listing) {
                table.sets[name]?.keys.formUnion(NetfilterReader.keys(reply.payload))
            }
        }
        for reply in try list(NFT_MSG_GETRULE, of: NFTA_RULE_TABLE.rawValue) {
            if let rule = NetfilterReader.rule(reply.payload) { table.rules.append(rule) }
        }
        return .ours(table)
    }

    /// Puts a table into the place of ours, in one step: no packet meets half of it.
    package mutating func replace(with table: NetfilterTable) throws(NetlinkError) {
        try carryOut(NetfilterCodec.replacement(table), "write the table inet \(NetfilterTable.name) of nf_tables")
    }

    /// Done as well when it is gone.
    package mutating func remove() throws(NetlinkError) {
        do throws(NetlinkError) {
            try carryOut([NetfilterCodec.deletion], "remove the table inet \(NetfilterTable.name) of nf_tables")
        } catch {
            guard error.errno == ENOENT else { throw error }
        }
    }

    private static let listing = "read the table inet \(NetfilterTable.name) of nf_tables"

    private mutating func title() throws(NetlinkError) -> NetfilterReader.Title? {
        var question = NetfilterCodec.request(NFT_MSG_GETTABLE)
        question.add(UInt16(NFTA_TABLE_NAME.rawValue), text: NetfilterTable.name)
        do throws(NetlinkError) {
            return try socket.answers(to: question, what: Self.listing).lazy.compactMap {
                NetfilterReader.title($0.payload)
            }.first
        } catch {
            guard error.errno == ENOENT else { throw error }
            return nil
        }
    }

    /// - Parameter table: the attribute that says which table is meant, where the kernel has one.
    private mutating func list(
        _ type: nf_tables_msg_types, of table: UInt32? = nil
    ) throws(NetlinkError) -> [NetlinkReply] {
        var question = NetfilterCodec.request(type, flags: NLM_F_DUMP)
        if let table { question.add(UInt16(table), text: NetfilterTable.name) }
        return try socket.answers(to: question, what: Self.listing)
    }

    private mutating func carryOut(_ requests: [NetlinkMessage], _ what: String) throws(NetlinkError) {
        guard let errno = socket.transact(requests, subsystem: NetfilterCodec.subsystem) else { return }
        let remedy =
            errno == ENOENT
            ? "this kernel's nf_tables has not all of it; run `modprobe -a nft_chain_nat nft_ct nft_masq`, or leave "
                + "`masquerade` out of the configuration" : nil
        throw NetlinkError(errno: errno, what: what, remedy: remedy)
    }

    /// EINVAL: nfnetlink has no such subsystem (net/netfilter/nfnetlink.c, `nfnetlink_rcv_msg`); EPROTONOSUPPORT: there
    /// is no nfnetlink.
    private static func explained(_ error: NetlinkError) -> NetlinkError {
        guard [EINVAL, EOPNOTSUPP, EPROTONOSUPPORT].contains(error.errno) else { return error }
        return NetlinkError(
            errno: error.errno, what: error.what,
            remedy: "this kernel has no nf_tables; run `modprobe nf_tables`, or leave `masquerade` out of the "
                + "configuration")
    }
}
