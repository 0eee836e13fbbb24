internal import CLibNL

/// A netlink message being written: header, fixed part, attributes (linux/netlink.h).
///
/// The header's length always fits what has been written; sequence and port are 0 until the socket sends it.
package struct NetlinkMessage: Hashable, Sendable {
    package private(set) var bytes: [UInt8]

    static let headerLength = 16
    private static let attributeHeaderLength = 4
    /// Most messages fit, so that they are written without a move.
    private static let usualLength = 192

    /// - Parameters:
    ///   - flags: of `nlmsghdr`.
    ///   - fixed: what follows the header before any attribute: `ifaddrmsg`, `genlmsghdr` and the like.
    package init(type: UInt16, flags: UInt16, fixed: [UInt8]) {
        bytes = []
        bytes.reserveCapacity(Self.usualLength)
        bytes.append(hostOrder: UInt32(0))
        bytes.append(hostOrder: type)
        bytes.append(hostOrder: flags)
        bytes.append(hostOrder: UInt64(0))
        bytes += fixed
        pad()
        writeLength()
    }

    /// Writes the number that the kernel's answer repeats.
    static func write(sequence: UInt32, ofMessageAt start: Int, in datagram: inout [UInt8]) {
        datagram.write(hostOrder: sequence, at: start + 8)
    }

    /// Asks the kernel to say nothing if all goes well.
    static func renounceAnswer(toMessageAt start: Int, in datagram: inout [UInt8]) {
        let flags = UInt16(hostBytes: datagram[...], at: start + 6) ?? 0
        datagram.write(hostOrder: flags & ~UInt16(NLM_F_ACK), at: start + 6)
    }

    package mutating func add(_ type: UInt16, _ value: [UInt8]) {
        precondition(value.count <= Int(UInt16.max) - Self.attributeHeaderLength, "an attribute is below 64 KiB")
        bytes.append(hostOrder: UInt16(Self.attributeHeaderLength + value.count))
        bytes.append(hostOrder: type)
        bytes += value
        pad()
        writeLength()
    }

    package mutating func add(_ type: UInt16, _ value: some FixedWidthInteger & BitwiseCopyable) {
        bytes.append(hostOrder: UInt16(Self.attributeHeaderLength + value.bitWidth / 8))
        bytes.append(hostOrder: type)
        bytes.append(hostOrder: value)
        pad()
        writeLength()
    }

    /// Two numbers side by side: 16 bytes.
    mutating func add(_ type: UInt16, _ first: UInt64, _ second: UInt64) {
        bytes.append(hostOrder: UInt16(Self.attributeHeaderLength + 16))
        bytes.append(hostOrder: type)
        bytes.append(hostOrder: first)
        bytes.append(hostOrder: second)
        writeLength()
    }

    /// A text with its final zero byte.
    package mutating func add(_ type: UInt16, text: String) {
        add(type, Array(text.utf8) + [0])
    }

    /// Writes attributes inside an attribute.
    package mutating func nest(_ type: UInt16, _ body: (inout NetlinkMessage) -> Void) {
        let start = bytes.count
        add(type | NetlinkAttributes.nested, [])
        body(&self)
        let length = bytes.count - start
        precondition(length <= Int(UInt16.max), "a nested attribute is below 64 KiB")
        bytes.write(hostOrder: UInt16(length), at: start)
    }

    private mutating func pad() {
        while bytes.count % 4 != 0 { bytes.append(0) }
    }

    private mutating func writeLength() {
        bytes.write(hostOrder: UInt32(bytes.count), at: 0)
    }
}

extension NetlinkAttributes {
    /// An attribute as part of another one's value, filled up as the kernel does.
    static func bytes(_ type: UInt32, _ value: [UInt8]) -> [UInt8] {
        let filling = [UInt8](repeating: 0, count: (4 - value.count % 4) % 4)
        return UInt16(4 + value.count).hostBytes + UInt16(type).hostBytes + value + filling
    }
}
