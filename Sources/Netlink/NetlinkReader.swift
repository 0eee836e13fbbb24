internal import CLibNL
import Glibc

/// One message of those in a datagram.
struct NetlinkReply {
    var type: UInt16
    var flags: UInt16
    var sequence: UInt32
    /// What follows the header.
    var payload: ArraySlice<UInt8>

    /// What an acknowledgement or the end of a dump says (NLMSG_ERROR, NLMSG_DONE): nil if all went well.
    var errorNumber: Int32? {
        guard let code = Int32(hostBytes: payload) else { return Int32(type) == NLMSG_DONE ? nil : EBADMSG }
        return code == 0 ? nil : Int32(clamping: Int64(code).magnitude)
    }
}

/// Walks the messages of a datagram and stops, without an error, where a length does not fit.
struct NetlinkReplies: Sequence, IteratorProtocol {
    private var rest: ArraySlice<UInt8>

    /// All messages of a datagram; nil if one of them is cut short.
    static func whole(_ datagram: ArraySlice<UInt8>) -> [NetlinkReply]? {
        var walk = NetlinkReplies(datagram)
        var replies: [NetlinkReply] = []
        while let reply = walk.next() { replies.append(reply) }
        return walk.rest.isEmpty ? replies : nil
    }

    init(_ datagram: ArraySlice<UInt8>) {
        rest = datagram
    }

    mutating func next() -> NetlinkReply? {
        guard let length = UInt32(hostBytes: rest), let type = UInt16(hostBytes: rest.dropFirst(4)),
            let flags = UInt16(hostBytes: rest.dropFirst(6)), let sequence = UInt32(hostBytes: rest.dropFirst(8)),
            length >= UInt32(NetlinkMessage.headerLength), length <= UInt32(clamping: rest.count)
        else { return nil }
        let payload = rest.prefix(Int(length)).dropFirst(NetlinkMessage.headerLength)
        rest = rest.dropFirst((Int(length) + 3) & ~3)
        return NetlinkReply(type: type, flags: flags, sequence: sequence, payload: payload)
    }
}

/// Walks attributes and stops, without an error, where a length does not fit. The flag bits of a type are
/// taken off.
struct NetlinkAttributes: Sequence, IteratorProtocol {
    /// NLA_F_NESTED.
    static let nested: UInt16 = 0x8000
    /// Without NLA_F_NESTED and NLA_F_NET_BYTEORDER.
    private static let typeMask: UInt16 = 0x3FFF

    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
    }

    mutating func next() -> (type: UInt16, value: ArraySlice<UInt8>)? {
        guard let length = UInt16(hostBytes: rest), let type = UInt16(hostBytes: rest.dropFirst(2)),
            length >= 4, Int(length) <= rest.count
        else { return nil }
        let value = rest.prefix(Int(length)).dropFirst(4)
        rest = rest.dropFirst((Int(length) + 3) & ~3)
        return (type & Self.typeMask, value)
    }
}

extension ArraySlice<UInt8> {
    /// The text before the first zero byte, or all of it; what is not UTF-8 is replaced.
    var netlinkText: String {
        String(decoding: prefix { $0 != 0 }, as: UTF8.self)
    }
}
