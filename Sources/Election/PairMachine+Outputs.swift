package import Addresses
package import Heartbeat

extension PairMachine {
    /// Writes the heartbeat for one path and says how long it is; nil while there is no session, and while this
    /// director gives up after a stall and has nothing to say until it has.
    package mutating func writeHeartbeat(path: Int, now: Instant, into buffer: inout [UInt8]) -> Int? {
        guard peering.isReady, !isSilent else { return nil }
        outgoing.sentAt = now.nanoseconds
        outgoing.echo = heard.sentAt
        outgoing.echoHeld = UInt32(clamping: (lastNews.map { now - $0 } ?? .zero).nanoseconds / 1000)
        outgoing.lateness = microseconds(lateness.ofTenSeconds)
        outgoing.latenessNow = microseconds(lateness.last)
        outgoing.latenessOfSecond = microseconds(lateness.ofSecond)
        outgoing.latenessOfMinute = microseconds(lateness.ofMinute)
        outgoing.isLeaving = hasStopped && restart == nil
        if path == 0 { outgoing.round += 1 }
        outgoing.pathsHeard = pathsHeard(now: now)
        outgoing.patience = restart?.patience(settings) ?? 0
        outgoing.wish = wishes.carried(now: now)
        outgoing.groups.removeAll(keepingCapacity: true)
        // Here and wherever a heartbeat passes, indices are walked: iterators and closures over elements ask for memory
        // where the compiler does not specialise them, which it does not do across modules.
        for index in groups.indices {
            outgoing.groups.append(groups[index].beat(now: now))
        }
        let length = outgoing.encode(into: &buffer, at: Frame.headerLength)
        paths[path].send()
        return peering.seal(&buffer, bodyLength: length, path: path)
    }

    /// Writes what `writeHeartbeat` has just written once more, for the session that is about to replace the one in
    /// use; nil where there is none. Sending on both leaves no gap, whether or not the peer has kept the new one.
    package mutating func writeForSuccessor(path: Int, into buffer: inout [UInt8]) -> Int? {
        guard peering.hasSuccessor, !isSilent else { return nil }
        let length = outgoing.encode(into: &buffer, at: Frame.headerLength)
        return peering.sealForSuccessor(&buffer, bodyLength: length, path: path)
    }

    /// Seals a segment of the stream with a life of the peer, and says how long the datagram is and on which path it
    /// should leave; nil while that life is not heard. Segments take turns on the paths that the peer was heard on.
    package mutating func writeSegment(
        _ segment: [UInt8], for boot: BootID, now: Instant, into buffer: inout [UInt8]
    ) -> (count: Int, path: Int)? {
        guard lifeline.state == .heard, !isSilent, heardFrom?.boot == boot, peering.peerBoot == boot else { return nil }
        guard let length = Segment.write(segment, into: &buffer) else { return nil }
        segmentPath = nextPath(after: segmentPath, now: now)
        return peering.seal(&buffer, bodyLength: length, path: segmentPath).map { ($0, segmentPath) }
    }

    private func nextPath(after path: Int, now: Instant) -> Int {
        for step in 1...paths.count {
            let candidate = (path + step) % paths.count
            if let lastHeard = paths[candidate].lastHeard, now - lastHeard < settings.takeoverTime { return candidate }
        }
        return (path + 1) % paths.count
    }

    /// Writes the hello for one path, where this director's link-layer address is `mac` (0: none), and says how long
    /// it is.
    package mutating func writeHello(
        path: Int, mac: UInt64, into buffer: inout [UInt8], random: inout some RandomNumberGenerator
    ) -> Int {
        peering.sayHello(mac: mac, path: path, into: &buffer, random: &random)
    }

    private func pathsHeard(now: Instant) -> UInt16 {
        var heard = Heartbeat.saysPaths
        for index in paths.indices where paths[index].isHeard(within: settings.takeoverTime, now: now) {
            heard |= 1 << UInt16(index)
        }
        return heard
    }

    private func microseconds(_ duration: Duration) -> UInt32 { UInt32(clamping: duration.nanoseconds / 1000) }

    /// After a stall this director says nothing, and takes nothing, until all that it held is off the wire.
    var isSilent: Bool {
        for index in groups.indices where groups[index].role == .releasing && groups[index].reason == .overslept {
            return true
        }
        return false
    }
}
