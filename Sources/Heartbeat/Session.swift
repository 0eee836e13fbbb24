/// One set of keys between the two directors, one for each direction.
struct Session<S: Sealer>: Sendable {
    /// The number that this director gave it: stands in what arrives.
    let inbound: UInt64
    /// The number that the peer gave it: stands in what leaves.
    let outbound: UInt64
    let peerBoot: BootID
    /// The hello's nonce: a repeated hello finds the session it already began.
    let nonce: [UInt8]
    /// What this director answered with; empty where it was the one to say hello.
    let answer: [UInt8]
    let keyID: UInt32
    /// Counts up with each new session: the newest that delivered data is the one to send on.
    let order: UInt64
    private let sending: S.Key
    private let receiving: S.Key
    private var windows = [ReplayWindow](repeating: ReplayWindow(), count: Frame.maximumPaths)
    private var counter: UInt64 = 0

    /// Datagrams that left on it, over all paths.
    var sent: UInt64 { counter }

    /// Whether the peer has shown that it holds these keys now and not in some recording.
    var isProven: Bool
    /// The peer's link-layer addresses by path, until data on the path has proved them; 0 for none.
    var macs = [UInt64](repeating: 0, count: Frame.maximumPaths)
    /// Whether data has arrived on it.
    var hasDelivered = false

    /// What two directors agree on: the same for both, whoever said hello.
    struct Agreement {
        var secret: [UInt8]
        var pair: UInt64
        var caller: (name: UInt64, boot: BootID, nonce: [UInt8])
        var callee: (name: UInt64, boot: BootID, nonce: [UInt8])
    }

    init(
        agreement: Agreement, isCaller: Bool, inbound: UInt64, outbound: UInt64, keyID: UInt32, order: UInt64,
        sealer: S
    ) {
        let keys = Self.keys(agreement, sealer)
        sending = isCaller ? keys.fromCaller : keys.fromCallee
        receiving = isCaller ? keys.fromCallee : keys.fromCaller
        peerBoot = isCaller ? agreement.callee.boot : agreement.caller.boot
        nonce = agreement.caller.nonce
        answer = isCaller ? [] : agreement.callee.nonce
        self.inbound = inbound
        self.outbound = outbound
        self.keyID = keyID
        self.order = order
        isProven = isCaller
    }

    private static func keys(_ agreement: Agreement, _ sealer: S) -> (fromCaller: S.Key, fromCallee: S.Key) {
        var info = Array("tandem session 1".utf8)
        for number in [
            agreement.pair, agreement.caller.name, agreement.callee.name, agreement.caller.boot.high,
            agreement.caller.boot.low, agreement.callee.boot.high, agreement.callee.boot.low,
        ] {
            info += (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * $0)) }
        }
        let salt = agreement.caller.nonce + agreement.callee.nonce
        let bytes = sealer.derive(secret: agreement.secret, salt: salt, info: info, count: 64)
        return (sealer.makeKey(Array(bytes[..<32])), sealer.makeKey(Array(bytes[32...])))
    }

    /// Seals the body that stands behind the frame's header, and says how long the datagram is.
    mutating func seal(_ buffer: inout [UInt8], bodyLength: Int, path: Int) -> Int {
        counter += 1
        let sequence = UInt64(path) << Frame.pathShift | counter
        Frame.write(session: outbound, sequence: sequence, into: &buffer)
        let body = Frame.headerLength..<(Frame.headerLength + bodyLength)
        sending.seal(&buffer, body: body, sequence: sequence)
        return body.upperBound + Frame.sealLength
    }

    /// Opens a datagram in place and says where its body stands. The window moves only for what is genuine.
    mutating func open(_ buffer: inout [UInt8], count: Int) throws(Refusal) -> Range<Int> {
        let sequence = Frame.sequence(of: buffer)
        let path = Int(sequence >> Frame.pathShift)
        guard path < windows.count, sequence & Frame.counterMask != 0 else { throw .malformed }
        try windows[path].check(sequence & Frame.counterMask)
        let body = Frame.headerLength..<(count - Frame.sealLength)
        guard receiving.open(&buffer, body: body, sequence: sequence) else { throw .badSeal }
        windows[path].commit(sequence & Frame.counterMask)
        return body
    }
}
