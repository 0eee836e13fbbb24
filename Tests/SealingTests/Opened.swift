import Heartbeat
import Sealing

/// Opens what was on the wire with nothing but the shared key and Docs/Packet.md: a second reading of the page,
/// beside the one in Sources.
struct Opened {
    private var caller: Datagram = []
    private var fromCaller: ChaChaKey?
    private var fromCallee: ChaChaKey?
    private let secret: [UInt8]

    init(secret: [UInt8]) { self.secret = secret }

    static func helloKey(secret: [UInt8], of datagram: Datagram) -> ChaChaKey {
        let sealer = OpenSSLSealer()
        let salt = Array(datagram[24..<56])
        return sealer.makeKey(
            sealer.derive(secret: secret, salt: salt, info: Array("tandem hello 1".utf8), count: 32))
    }

    /// The datagram with its body in plain; nil where the seal does not fit. A hello and its welcome come first.
    mutating func open(_ datagram: Datagram, fromCaller isFromCaller: Bool) -> Datagram? {
        var datagram = datagram
        let end = datagram.count - Frame.sealLength
        guard datagram[4..<12].contains(where: { $0 != 0 }) else {
            let key = Self.helloKey(secret: secret, of: datagram)
            guard key.open(&datagram, body: 56..<end, sequence: 0) else { return nil }
            agree(on: datagram)
            return datagram
        }
        let sequence = datagram[12..<20].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard let key = isFromCaller ? fromCaller : fromCallee else { return nil }
        return key.open(&datagram, body: 20..<end, sequence: sequence) ? datagram : nil
    }

    /// Seals a datagram that is in plain from its first byte to the end of its body: one number, one datagram.
    func seal(_ plain: Datagram, fromCaller isFromCaller: Bool) -> Datagram? {
        guard let key = isFromCaller ? fromCaller : fromCallee else { return nil }
        let sequence = plain[12..<20].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        var datagram = plain + [UInt8](repeating: 0, count: Frame.sealLength)
        key.seal(&datagram, body: 20..<plain.count, sequence: sequence)
        return datagram
    }

    /// The keys of the session that a hello and its welcome begin.
    private mutating func agree(on hello: Datagram) {
        let (sender, boot, nonce) = (72..<80, 88..<104, 112..<144)
        guard hello[57] == 2 else {
            caller = hello
            return
        }
        var info = Array("tandem session 1".utf8)
        for part in [caller[64..<72], caller[sender], hello[sender], caller[boot], hello[boot]] { info += part }
        let sealer = OpenSSLSealer()
        let keys = sealer.derive(
            secret: secret, salt: Array(caller[nonce] + hello[nonce]), info: info, count: 64)
        fromCaller = sealer.makeKey(Array(keys[..<32]))
        fromCallee = sealer.makeKey(Array(keys[32...]))
    }
}
