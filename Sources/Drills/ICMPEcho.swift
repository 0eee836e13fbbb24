package import Addresses
import Glibc

/// Echo requests and their answers (RFC 792, RFC 4443 4) on a raw socket that never blocks.
struct ICMPEcho: ~Copyable {
    private let descriptor: Int32
    private let name: SocketName
    private let family: AddressFamily
    private let identifier: UInt16
    private var buffer = [UInt8](repeating: 0, count: 2048)

    /// What the kernel may hold back while this process sleeps: some thousand answers.
    private static let queueLength: Int32 = 4 << 20

    init(to address: IPAddress, identifier: UInt16) throws(DrillError) {
        let version: (domain: Int32, transport: Int32) =
            address.family == .v4
            ? (AF_INET, Int32(IPPROTO_ICMP)) : (AF_INET6, Int32(IPPROTO_ICMPV6))
        let type = Int32(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(version.domain, type, version.transport)
        guard descriptor >= 0 else { throw DrillError("open a raw socket for ICMP", errno: errno) }
        var length = Self.queueLength
        setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &length, socklen_t(MemoryLayout<Int32>.size))
        self.descriptor = descriptor
        self.identifier = identifier
        name = SocketName(Endpoint(address: address, port: 0))
        family = address.family
    }

    deinit {
        close(descriptor)
    }

    /// Whether the kernel took the request. An answer may come only if it did.
    func send(_ number: UInt32) -> Bool {
        let request = EchoMessage(isAnswer: false, identifier: identifier, number: number).bytes(family)
        let count = name.withPointer { name, length in
            request.withUnsafeBytes { sendto(descriptor, $0.baseAddress, $0.count, 0, name, length) }
        }
        return count == request.count
    }

    /// The number of the next request that was answered; nil if no answer waits.
    mutating func nextAnswer() -> UInt32? {
        while true {
            let count = buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
            guard count >= 0 else { return nil }
            guard let message = EchoMessage(packet: buffer[..<count], family), message.isAnswer else { continue }
            if message.identifier == identifier { return message.number }
        }
    }
}

/// An echo request or its answer, with a number of 32 bits as its data.
package struct EchoMessage: Equatable {
    package var isAnswer: Bool
    package var identifier: UInt16
    package var number: UInt32

    package init(isAnswer: Bool, identifier: UInt16, number: UInt32) {
        self.isAnswer = isAnswer
        self.identifier = identifier
        self.number = number
    }

    /// A packet as a raw socket brings it: with its IPv4 header, without its IPv6 header.
    package init?(packet: ArraySlice<UInt8>, _ family: AddressFamily) {
        var body = packet
        if family == .v4 {
            guard let first = packet.first else { return nil }
            body = packet.dropFirst(Int(first & 0x0F) * 4)
        }
        let bytes = Array(body.prefix(12))
        guard bytes.count == 12, bytes[1] == 0 else { return nil }
        let types = Self.types(family)
        guard bytes[0] == types.request || bytes[0] == types.answer else { return nil }
        isAnswer = bytes[0] == types.answer
        identifier = UInt16(bytes[4]) << 8 | UInt16(bytes[5])
        number = bytes[8...].reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// The kernel fills the checksum of ICMPv6, not that of ICMP.
    package func bytes(_ family: AddressFamily) -> [UInt8] {
        let types = Self.types(family)
        var bytes: [UInt8] = [
            isAnswer ? types.answer : types.request, 0, 0, 0,
            UInt8(identifier >> 8), UInt8(identifier & 0xFF), UInt8(number >> 8 & 0xFF), UInt8(number & 0xFF),
        ]
        bytes += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> UInt32($0)) }
        if family == .v4 {
            let sum = Self.checksum(bytes)
            bytes[2] = UInt8(sum >> 8)
            bytes[3] = UInt8(sum & 0xFF)
        }
        return bytes
    }

    private static func types(_ family: AddressFamily) -> (request: UInt8, answer: UInt8) {
        family == .v4 ? (8, 0) : (128, 129)
    }

    /// RFC 1071.
    private static func checksum(_ bytes: [UInt8]) -> UInt16 {
        var sum = stride(from: 0, to: bytes.count, by: 2).reduce(UInt32(0)) {
            $0 + UInt32(bytes[$1]) << 8 + UInt32($1 + 1 < bytes.count ? bytes[$1 + 1] : 0)
        }
        while sum > 0xFFFF { sum = sum >> 16 + sum & 0xFFFF }
        return ~UInt16(truncatingIfNeeded: sum)
    }
}
