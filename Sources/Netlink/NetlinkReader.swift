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
        let start = rest.startIndex
        guard let length = UInt32(hostBytes: rest), let type = UInt16(hostBytes: rest, at: start + 4),
            let flags = UInt16(hostBytes: rest, at: start + 6), let sequence = UInt32(hostBytes: rest, at: start + 8),
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
    static let typeMask: UInt16 = 0x3FFF

    private let bytes: ArraySlice<UInt8>
    private var index: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        index = bytes.startIndex
    }

    mutating func next() -> (type: UInt16, value: ArraySlice<UInt8>)? {
        guard let length = UInt16(hostBytes: bytes, at: index), let type = UInt16(hostBytes: bytes, at: index + 2),
            length >= 4, Int(length) <= bytes.endIndex - index
        else { return nil }
        let value = bytes[(index + 4)..<(index + Int(length))]
        index += (Int(length) + 3) & ~3
        return (type & Self.typeMask, value)
    }
}

extension ArraySlice<UInt8> {
    /// The text before the first zero byte, or all of it; what is not UTF-8 is replaced.
    var netlinkText: String {
        String(decoding: prefix { $0 != 0 }, as: UTF8.self)
    }
}
