/// A netlink message being written: header, fixed part, attributes (linux/netlink.h).
///
/// The header's length always fits what has been written; sequence and port are 0 until the socket sends it.
package struct NetlinkMessage: Hashable, Sendable {
    package private(set) var bytes: [UInt8]

    static let headerLength = 16
    private static let attributeHeaderLength = 4

    /// - Parameters:
    ///   - flags: of `nlmsghdr`.
    ///   - fixed: what follows the header before any attribute: `ifaddrmsg`, `genlmsghdr` and the like.
    package init(type: UInt16, flags: UInt16, fixed: [UInt8]) {
        bytes = UInt32(0).hostBytes + type.hostBytes + flags.hostBytes
        bytes += Array(repeating: 0, count: 8)
        bytes += fixed
        pad()
        writeLength()
    }

    /// The number that the kernel's answer repeats.
    package var sequence: UInt32 {
        get { UInt32(hostBytes: bytes[8...]) ?? 0 }
        set { bytes.replaceSubrange(8..<12, with: newValue.hostBytes) }
    }

    package mutating func add(_ type: UInt16, _ value: [UInt8]) {
        precondition(value.count <= Int(UInt16.max) - Self.attributeHeaderLength, "an attribute is below 64 KiB")
        bytes += UInt16(Self.attributeHeaderLength + value.count).hostBytes
        bytes += type.hostBytes
        bytes += value
        pad()
        writeLength()
    }

    package mutating func add(_ type: UInt16, _ value: some FixedWidthInteger) {
        add(type, value.hostBytes)
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
        bytes.replaceSubrange(start..<start + 2, with: UInt16(length).hostBytes)
    }

    private mutating func pad() {
        while bytes.count % 4 != 0 { bytes.append(0) }
    }

    private mutating func writeLength() {
        bytes.replaceSubrange(0..<4, with: UInt32(bytes.count).hostBytes)
    }
}
