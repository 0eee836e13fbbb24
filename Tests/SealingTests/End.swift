import Heartbeat
import Sealing
import Simulation

/// What was on the wire, whole.
typealias Datagram = [UInt8]

/// One director's end of a pair: its sessions, and nothing else of it.
struct End {
    var peering: Peering<OpenSSLSealer>
    private var random: SplitMix64

    static func key(_ number: UInt8) -> SharedKey {
        SharedKey(id: UInt32(number), secret: [UInt8](repeating: number, count: 32))
    }

    init(_ local: String, peer: String, pair: String = "lab", boot: UInt64 = 1, keys: [SharedKey] = [key(1)]) {
        let boot = BootID(high: fingerprint(local), low: boot)
        peering = Peering(
            identity: .init(pair: pair, local: local, peer: peer, boot: boot), sealer: OpenSSLSealer(), keys: keys)
        random = SplitMix64(seed: boot.high ^ boot.low)
    }

    /// A director's end towards the witness of its pair.
    init(asking pair: String, as director: String, keys: [SharedKey] = [key(1)]) {
        let boot = BootID(high: fingerprint(director), low: 1)
        peering = Peering(
            identity: .init(pair: pair, director: director, boot: boot), sealer: OpenSSLSealer(), keys: keys)
        random = SplitMix64(seed: boot.high)
    }

    static func pair() -> (left: End, right: End) { (End("left", peer: "right"), End("right", peer: "left")) }

    /// A pair in which `left` said hello, and both have heard data.
    static func talkingPair() throws -> (left: End, right: End) {
        var (left, right) = pair()
        try left.call(&right)
        try left.exchange(with: &right)
        return (left, right)
    }

    mutating func hello(path: Int = 0, mac: UInt64 = 0) -> Datagram {
        var buffer = Frame.makeBuffer()
        let length = peering.sayHello(mac: mac, path: path, into: &buffer, random: &random)
        return Array(buffer[..<length])
    }

    /// Takes a datagram at the door, and says what it led to and what is to be sent back.
    @discardableResult
    mutating func answer(
        _ datagram: Datagram, path: Int = 0, mac: UInt64 = 0
    ) throws(Refusal) -> (outcome: Peering<OpenSSLSealer>.Answer, welcome: Datagram) {
        var buffer = Frame.makeBuffer()
        buffer.replaceSubrange(..<datagram.count, with: datagram)
        let outcome = try peering.receiveAtDoor(
            &buffer, count: datagram.count, mac: mac, path: path, random: &random)
        guard case .welcome(let length) = outcome else { return (outcome, []) }
        return (outcome, Array(buffer[..<length]))
    }

    /// Data for the session in use; empty where there is none.
    mutating func data(path: Int = 0) -> Datagram { sealed(Self.body(Heartbeat()), path: path) }

    /// A correctly sealed datagram with any body for the session in use.
    mutating func sealed(_ body: [UInt8], path: Int = 0) -> Datagram {
        sealed(body) { $0.seal(&$1, bodyLength: body.count, path: path) }
    }

    /// A heartbeat for the session that is about to replace the one in use; empty where there is none.
    mutating func proof(path: Int = 0) -> Datagram {
        let body = Self.body(Heartbeat())
        return sealed(body) { $0.sealForSuccessor(&$1, bodyLength: body.count, path: path) }
    }

    private mutating func sealed(
        _ body: [UInt8], _ seal: (inout Peering<OpenSSLSealer>, inout [UInt8]) -> Int?
    ) -> Datagram {
        var buffer = Frame.makeBuffer()
        buffer.replaceSubrange(Frame.headerLength..<(Frame.headerLength + body.count), with: body)
        return seal(&peering, &buffer).map { Array(buffer[..<$0]) } ?? []
    }

    static func body(_ heartbeat: Heartbeat) -> [UInt8] {
        var buffer = Frame.makeBuffer()
        return Array(buffer[..<heartbeat.encode(into: &buffer, at: 0)])
    }

    @discardableResult
    mutating func open(_ datagram: Datagram, path: Int = 0) throws(Refusal) -> Peering<OpenSSLSealer>.Opened {
        var buffer = Frame.makeBuffer()
        buffer.replaceSubrange(..<datagram.count, with: datagram)
        return try peering.open(&buffer, count: datagram.count, path: path)
    }

    /// A whole handshake that this end begins.
    mutating func call(_ other: inout End) throws(Refusal) {
        let welcome = try other.answer(hello()).welcome
        try answer(welcome)
    }

    /// Data there and back.
    mutating func exchange(with other: inout End) throws(Refusal) {
        try other.open(data())
        try open(other.data())
    }
}
