/// How a session begins. Either director may say hello; the other answers with a welcome; what both nonces and
/// the pair's key give by HKDF are the keys of the session.
///
/// Both kinds stand behind a frame whose session is 0 and whose sequence is 0:
///
/// ```
/// 20  4  key id          24 32  salt, random for each datagram
/// 56  …  sealed under HKDF(secret, salt, "tandem hello 1"), sequence 0:
///  0 1 version   1 1 kind (1 hello, 2 welcome)   2 2 length   4 4 zero
///  8 8 pair     16 8 sender    24 8 receiver     (fingerprints of the names)
/// 32 16 boot id of the sender  48 8 session: where the sender wants to be written to
/// 56 32 nonce of the sender    88 32 nonce of the receiver (welcome; zero in a hello)
/// 120 6 MAC address of the sender on the path, 126 1 the path, 127 1 zero
/// ```
package struct Hello: Hashable, Sendable {
    package enum Kind: UInt8, Hashable, Sendable {
        case hello = 1
        case welcome = 2
    }

    // Specification constants

    static let version: UInt8 = 1
    static let nonceLength = 32
    static let saltLength = 32
    static let bodyStart = Frame.headerLength + 4 + saltLength
    static let bodyLength = 128
    /// A whole hello.
    package static let length = bodyStart + bodyLength + Frame.sealLength

    package var kind: Kind
    package var pair: UInt64
    package var sender: UInt64
    package var receiver: UInt64
    package var boot: BootID
    package var session: UInt64
    package var nonce: [UInt8]
    package var echo: [UInt8]
    /// The sender's link-layer address on `path`; 0 where there is none.
    package var mac: UInt64
    package var path: UInt8
}

/// Tells one life of a daemon from the next; random, nothing is stored.
package struct BootID: Hashable, Sendable {
    package var high: UInt64
    package var low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    package init(random: inout some RandomNumberGenerator) {
        self.init(high: random.next(), low: random.next())
    }
}

extension Hello {
    /// Writes the whole datagram, sealed with `key`, and says how long it is.
    func seal(
        with key: SharedKey, using sealer: some Sealer, into buffer: inout [UInt8],
        random: inout some RandomNumberGenerator
    ) -> Int {
        Frame.write(session: 0, sequence: 0, into: &buffer)
        let salt = randomBytes(Self.saltLength, &random)
        var offset = Frame.headerLength
        buffer.put(key.id, at: &offset)
        buffer.put(salt, at: &offset)
        encode(into: &buffer, at: &offset)
        let body = Self.bodyStart..<(Self.bodyStart + Self.bodyLength)
        Self.key(key, salt, sealer).seal(&buffer, body: body, sequence: 0)
        return Self.length
    }

    /// Reads a whole datagram that one of `keys` sealed.
    static func open(
        _ buffer: inout [UInt8], count: Int, keys: [SharedKey], using sealer: some Sealer
    ) throws(Refusal) -> (hello: Hello, key: SharedKey) {
        guard count >= length else { throw .tooShort }
        let id = keyID(of: buffer)
        var offset = Frame.headerLength + 4
        guard let shared = keys.first(where: { $0.id == id }) else { throw .unknownKey }
        let salt = buffer.take(count: saltLength, at: &offset)
        let body = bodyStart..<(count - Frame.sealLength)
        guard key(shared, salt, sealer).open(&buffer, body: body, sequence: 0) else { throw .badSeal }
        return (try Hello(buffer, at: bodyStart), shared)
    }

    /// The id of the key that a datagram of a hello's length says it is sealed with.
    static func keyID(of buffer: [UInt8]) -> UInt32 {
        var offset = Frame.headerLength
        return buffer.take(UInt32.self, at: &offset)
    }

    private static func key<S: Sealer>(_ key: SharedKey, _ salt: [UInt8], _ sealer: S) -> S.Key {
        sealer.makeKey(
            sealer.derive(secret: key.secret, salt: salt, info: Array("tandem hello 1".utf8), count: 32))
    }

    private func encode(into buffer: inout [UInt8], at offset: inout Int) {
        buffer.put(Self.version, at: &offset)
        buffer.put(kind.rawValue, at: &offset)
        buffer.put(UInt16(Self.bodyLength), at: &offset)
        buffer.put(UInt32(0), at: &offset)
        buffer.put(pair, at: &offset)
        buffer.put(sender, at: &offset)
        buffer.put(receiver, at: &offset)
        buffer.put(boot.high, at: &offset)
        buffer.put(boot.low, at: &offset)
        buffer.put(session, at: &offset)
        buffer.put(nonce, at: &offset)
        buffer.put(echo, at: &offset)
        buffer.put(mac << 16 | UInt64(path) << 8, at: &offset)
    }

    private init(_ buffer: [UInt8], at start: Int) throws(Refusal) {
        var offset = start
        let version = buffer.take(UInt8.self, at: &offset)
        let kind = Kind(rawValue: buffer.take(UInt8.self, at: &offset))
        let length = Int(buffer.take(UInt16.self, at: &offset))
        guard version >= Self.version, let kind, length >= Self.bodyLength else { throw .malformed }
        offset += 4
        var hello = Hello(
            kind: kind,
            pair: buffer.take(UInt64.self, at: &offset),
            sender: buffer.take(UInt64.self, at: &offset),
            receiver: buffer.take(UInt64.self, at: &offset),
            boot: BootID(
                high: buffer.take(UInt64.self, at: &offset), low: buffer.take(UInt64.self, at: &offset)),
            session: buffer.take(UInt64.self, at: &offset),
            nonce: buffer.take(count: Self.nonceLength, at: &offset),
            echo: buffer.take(count: Self.nonceLength, at: &offset),
            mac: 0, path: 0)
        let station = buffer.take(UInt64.self, at: &offset)
        hello.mac = station >> 16
        hello.path = UInt8(truncatingIfNeeded: station >> 8)
        guard hello.session != 0 else { throw .malformed }
        self = hello
    }
}

func randomBytes(_ count: Int, _ random: inout some RandomNumberGenerator) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    while bytes.count < count {
        let word: UInt64 = random.next()
        for shift in stride(from: 0, to: 64, by: 8) where bytes.count < count {
            bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
        }
    }
    return bytes
}
