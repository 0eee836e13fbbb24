/// The body of a heartbeat: a fixed part and a list of groups, each of a length that the sender states, so
/// that both may grow at their ends and an older reader skips what it does not know (Docs/Packet.md).
///
/// ```
///  0 1 version   1 1 kind (0)   2 2 length of the fixed part   4 1 groups   5 1 length of a group   6 2 flags
///  8 8 sentAt   16 8 echo   24 4 echoHeld   28 4 interval   32 4 lateness   36 4 connections
/// 40 8 configuration   48 8 desired table   56 8 kernel table   64 88 wish
/// 152 4 patience   156 4 lateness now   160 4 of the last second   164 4 of the last minute   168 4 young connections
/// 172 8 round   180 2 paths heard   182 8 verdicts
///  group:  0 8 id   8 8 term   16 1 role   17 1 fitness   18 2 flags  20 4 leaseLeft  24 6 mac
/// ```
extension Heartbeat {
    // Specification constants

    package static let version: UInt8 = 1
    static let kind: UInt8 = 0
    static let fixedLength = 190
    /// What the first version had.
    static let leastFixedLength = 64
    /// 32 groups and the fixed part must fit a datagram: 1,204 bytes together.
    static let groupLength = 30
    /// What the first version had.
    static let leastGroupLength = 24
    static let leavingFlag: UInt16 = 1
    static let askingFlag: UInt16 = 1
    static let lacksGatewaysFlag: UInt16 = 2
    static let hasGatewayFlag: UInt16 = 4

    /// Writes the body at `offset` and says how long it is.
    package func encode(into buffer: inout [UInt8], at start: Int) -> Int {
        precondition(groups.count <= Self.maximumGroups, "a heartbeat carries 32 groups at most, not \(groups.count)")
        var offset = start
        buffer.put(Self.version, at: &offset)
        buffer.put(Self.kind, at: &offset)
        buffer.put(UInt16(Self.fixedLength), at: &offset)
        buffer.put(UInt8(groups.count), at: &offset)
        buffer.put(UInt8(Self.groupLength), at: &offset)
        buffer.put(isLeaving ? Self.leavingFlag : 0, at: &offset)
        buffer.put(sentAt, at: &offset)
        buffer.put(echo, at: &offset)
        buffer.put(echoHeld, at: &offset)
        buffer.put(interval, at: &offset)
        buffer.put(lateness, at: &offset)
        buffer.put(connections, at: &offset)
        buffer.put(configurationDigest, at: &offset)
        buffer.put(desiredTableDigest, at: &offset)
        buffer.put(kernelTableDigest, at: &offset)
        putWish(into: &buffer, at: &offset)
        putTimes(into: &buffer, at: &offset)
        for index in groups.indices {
            groups[index].encode(into: &buffer, at: &offset)
        }
        return offset - start
    }

    /// Reads a body of any version whose beginning is this one's. What it says beyond this version's knowledge is
    /// skipped or read carefully: the sender lives, and has its roles and terms, whatever else it says.
    package mutating func decode(_ buffer: [UInt8], _ body: Range<Int>) throws(Refusal) {
        guard body.count >= Self.leastFixedLength, body.upperBound <= buffer.count else { throw .malformed }
        var offset = body.lowerBound
        let version = buffer.take(UInt8.self, at: &offset)
        let kind = buffer.take(UInt8.self, at: &offset)
        let fixedLength = Int(buffer.take(UInt16.self, at: &offset))
        let count = Int(buffer.take(UInt8.self, at: &offset))
        let stride = Int(buffer.take(UInt8.self, at: &offset))
        guard version >= Self.version, kind == Self.kind, fixedLength >= Self.leastFixedLength else { throw .malformed }
        guard count <= Self.maximumGroups, count == 0 || stride >= Self.leastGroupLength else { throw .malformed }
        guard fixedLength + count * stride <= body.count else { throw .malformed }
        isLeaving = buffer.take(UInt16.self, at: &offset) & Self.leavingFlag != 0
        sentAt = buffer.take(UInt64.self, at: &offset)
        echo = buffer.take(UInt64.self, at: &offset)
        echoHeld = buffer.take(UInt32.self, at: &offset)
        interval = buffer.take(UInt32.self, at: &offset)
        lateness = buffer.take(UInt32.self, at: &offset)
        connections = buffer.take(UInt32.self, at: &offset)
        configurationDigest = buffer.take(UInt64.self, at: &offset)
        desiredTableDigest = buffer.take(UInt64.self, at: &offset)
        kernelTableDigest = buffer.take(UInt64.self, at: &offset)
        let end = body.lowerBound + fixedLength
        wish = end - offset >= Wish.encodedLength ? Wish.decode(buffer, at: offset) : nil
        decodeTimes(buffer, from: offset + Wish.encodedLength, to: end)
        groups.removeAll(keepingCapacity: true)
        for index in 0..<count {
            let place = body.lowerBound + fixedLength + index * stride
            groups.append(try GroupBeat(buffer, place..<(place + stride)))
        }
    }
}

extension Heartbeat {
    private static let timesLength = 20

    private func putTimes(into buffer: inout [UInt8], at offset: inout Int) {
        buffer.put(patience, at: &offset)
        buffer.put(latenessNow, at: &offset)
        buffer.put(latenessOfSecond, at: &offset)
        buffer.put(latenessOfMinute, at: &offset)
        buffer.put(youngConnections, at: &offset)
        buffer.put(round, at: &offset)
        buffer.put(pathsHeard, at: &offset)
        buffer.put(verdictDigest, at: &offset)
    }

    /// All zero where the sender is too old to say.
    private mutating func decodeTimes(_ buffer: [UInt8], from start: Int, to end: Int) {
        let isThere = end - start >= Self.timesLength
        var offset = start
        patience = isThere ? buffer.take(UInt32.self, at: &offset) : 0
        latenessNow = isThere ? buffer.take(UInt32.self, at: &offset) : 0
        latenessOfSecond = isThere ? buffer.take(UInt32.self, at: &offset) : 0
        latenessOfMinute = isThere ? buffer.take(UInt32.self, at: &offset) : 0
        youngConnections = isThere ? buffer.take(UInt32.self, at: &offset) : 0
        round = end - start >= Self.timesLength + 8 ? buffer.take(UInt64.self, at: &offset) : 0
        pathsHeard = end - start >= Self.timesLength + 10 ? buffer.take(UInt16.self, at: &offset) : 0
        verdictDigest = end - start >= Self.timesLength + 18 ? buffer.take(UInt64.self, at: &offset) : 0
    }

    private func putWish(into buffer: inout [UInt8], at offset: inout Int) {
        guard let wish else {
            for index in 0..<Wish.encodedLength { buffer[offset + index] = 0 }
            offset += Wish.encodedLength
            return
        }
        wish.encode(into: &buffer, at: &offset)
    }
}

extension GroupBeat {
    func encode(into buffer: inout [UInt8], at offset: inout Int) {
        buffer.put(id, at: &offset)
        buffer.put(term, at: &offset)
        buffer.put(role.rawValue, at: &offset)
        buffer.put(fitness, at: &offset)
        var flags = isAsking ? Heartbeat.askingFlag : 0
        if lacksGateways { flags |= Heartbeat.lacksGatewaysFlag }
        if hasGateway { flags |= Heartbeat.hasGatewayFlag }
        buffer.put(flags, at: &offset)
        buffer.put(leaseLeft, at: &offset)
        buffer.put(UInt16(truncatingIfNeeded: mac >> 32), at: &offset)
        buffer.put(UInt32(truncatingIfNeeded: mac), at: &offset)
    }

    init(_ buffer: [UInt8], _ place: Range<Int>) throws(Refusal) {
        var offset = place.lowerBound
        let id = buffer.take(UInt64.self, at: &offset)
        let term = buffer.take(UInt64.self, at: &offset)
        let role = Role(wire: buffer.take(UInt8.self, at: &offset))
        let fitness = min(buffer.take(UInt8.self, at: &offset), 100)
        let flags = buffer.take(UInt16.self, at: &offset)
        guard term <= Self.highestTerm else { throw .malformed }
        self.init(id: id, term: term, role: role, fitness: fitness, leaseLeft: buffer.take(UInt32.self, at: &offset))
        isAsking = flags & Heartbeat.askingFlag != 0
        lacksGateways = flags & Heartbeat.lacksGatewaysFlag != 0
        hasGateway = flags & Heartbeat.hasGatewayFlag != 0
        guard place.count >= Heartbeat.groupLength else { return }
        mac = UInt64(buffer.take(UInt16.self, at: &offset)) << 32
        mac |= UInt64(buffer.take(UInt32.self, at: &offset))
    }
}
