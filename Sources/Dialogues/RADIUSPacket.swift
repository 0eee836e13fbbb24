/// A RADIUS packet (RFC 2865 3) as its bytes, which are checked in place.
struct RADIUSPacket {
    /// Types of attributes (RFC 2865 5; RFC 2869 5.14).
    enum Attribute: UInt8 {
        case userName = 1
        case userPassword = 2
        case nasIdentifier = 32
        case messageAuthenticator = 80
    }

    /// In bytes: code, identifier, length, authenticator.
    static let headLength = 20
    static let authenticator = 4..<20

    private(set) var bytes: [UInt8]

    var code: UInt8 { bytes[0] }
    var identifier: UInt8 { bytes[1] }

    /// - Parameter authenticator: 16 bytes.
    init(code: UInt8, identifier: UInt8, authenticator: [UInt8]) {
        bytes = [code, identifier, 0, UInt8(Self.headLength)] + authenticator
    }

    /// Reads what a datagram holds; what follows the packet is padding.
    ///
    /// - Returns: nil for fewer bytes than it says that it has.
    init?(_ datagram: [UInt8]) {
        guard datagram.count >= Self.headLength else { return nil }
        let length = Int(datagram[2]) << 8 | Int(datagram[3])
        guard (Self.headLength...min(4096, datagram.count)).contains(length) else { return nil }
        bytes = Array(datagram[..<length])
    }

    /// - Parameter value: up to 253 bytes.
    mutating func append(_ attribute: Attribute, _ value: [UInt8]) {
        bytes += [attribute.rawValue, UInt8(value.count + 2)] + value
        (bytes[2], bytes[3]) = (UInt8(bytes.count >> 8), UInt8(bytes.count & 0xFF))
    }

    /// Where each attribute has its value; nil: they do not fill the packet.
    var attributes: [(type: UInt8, value: Range<Int>)]? {
        var attributes: [(UInt8, Range<Int>)] = []
        var place = Self.headLength
        while place < bytes.count {
            guard place + 2 <= bytes.count, case let length = Int(bytes[place + 1]), length >= 2,
                place + length <= bytes.count
            else { return nil }
            attributes.append((bytes[place], (place + 2)..<(place + length)))
            place += length
        }
        return attributes
    }

    /// - Parameter value: as many bytes as there are.
    mutating func set(_ place: Range<Int>, to value: [UInt8]) { bytes.replaceSubrange(place, with: value) }
}
