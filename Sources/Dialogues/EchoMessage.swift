package import Addresses

/// An ICMP message that has to do with an echo request: the request, its reply, or an error about it (RFC 792; RFC
/// 4443 3 and 4).
package struct EchoMessage: Hashable, Sendable {
    package enum Content: Hashable, Sendable {
        case request
        case reply
        /// Sent because of a request to this address.
        case error(type: UInt8, code: UInt8, destination: IPAddress)
    }

    package var content: Content
    package var identifier: UInt16
    package var sequence: UInt16
    /// Of an error: as much of the request's as is quoted, and perhaps more behind it (RFC 4884 5).
    package var payload: [UInt8]

    package init(_ content: Content, identifier: UInt16, sequence: UInt16, payload: [UInt8]) {
        self.content = content
        self.identifier = identifier
        self.sequence = sequence
        self.payload = payload
    }

    /// Reads an ICMP message without the IP header before it. The checksum of ICMPv6 covers addresses that are not
    /// here (RFC 4443 2.3): the kernel has looked at it.
    ///
    /// - Returns: nil for anything else, and for damaged ones.
    package init?(_ message: [UInt8], _ family: AddressFamily) {
        guard message.count >= 8, family == .v6 || InternetChecksum.of(message) == 0 else { return nil }
        let numbers = Numbers(family)
        switch message[0] {
        case numbers.request, numbers.reply:
            guard message[1] == 0 else { return nil }
            self.init(message[0] == numbers.request ? .request : .reply, message[...])
        case let type where numbers.errors.contains(type):
            guard let quoted = Quoted(message[8...], family), quoted.message.count >= 8,
                quoted.message.first == numbers.request
            else { return nil }
            self.init(
                .error(type: type, code: message[1], destination: quoted.destination), quoted.message)
        default: return nil
        }
    }

    /// The caller has checked the length: 8 bytes at least.
    private init(_ content: Content, _ message: ArraySlice<UInt8>) {
        let head = Array(message.prefix(8))
        self.init(
            content, identifier: UInt16(head[4]) << 8 | UInt16(head[5]),
            sequence: UInt16(head[6]) << 8 | UInt16(head[7]), payload: Array(message.dropFirst(8)))
    }

    /// A request's or a reply's bytes. The kernel sums up ICMPv6 itself (RFC 3542 3.1).
    package func bytes(_ family: AddressFamily) -> [UInt8] {
        let numbers = Numbers(family)
        var bytes: [UInt8] = [content == .reply ? numbers.reply : numbers.request, 0, 0, 0]
        bytes += [identifier, sequence].flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        bytes += payload
        guard family == .v4 else { return bytes }
        bytes.replaceSubrange(2..<4, with: InternetChecksum.of(bytes).wire)
        return bytes
    }

    /// The types of a family's messages.
    private struct Numbers {
        let request: UInt8
        let reply: UInt8
        /// Those after which no reply will come.
        let errors: Set<UInt8>

        init(_ family: AddressFamily) {
            (request, reply, errors) = family == .v4 ? (8, 0, [3, 11, 12]) : (128, 129, [1, 2, 3, 4])
        }
    }

    /// The packet that an error quotes. Requests go out whole and without options or extension headers.
    private struct Quoted {
        let destination: IPAddress
        let message: ArraySlice<UInt8>

        init?(_ packet: ArraySlice<UInt8>, _ family: AddressFamily) {
            let bytes = Array(packet.prefix(40))
            let isWhole: Bool
            let place: (destination: Range<Int>, message: Int)
            switch family {
            case .v4:
                guard bytes.count >= 20 else { return nil }
                isWhole = bytes[0] == 0x45 && bytes[9] == 1 && (bytes[6] & 0x1F, bytes[7]) == (0, 0)
                place = (16..<20, 20)
            case .v6:
                guard bytes.count == 40 else { return nil }
                isWhole = bytes[0] >> 4 == 6 && bytes[6] == 58
                place = (24..<40, 40)
            }
            guard isWhole, let destination = IPAddress(bytes: bytes[place.destination]) else { return nil }
            self.destination = destination
            message = packet.dropFirst(place.message)
        }
    }
}
