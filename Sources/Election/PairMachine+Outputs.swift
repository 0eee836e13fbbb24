package import Addresses
import Heartbeat

extension PairMachine {
    /// Writes the heartbeat for one path and says how long it is; nil while there is no session, and while this
    /// director gives up after a stall and has nothing to say until it has.
    package mutating func writeHeartbeat(path: Int, now: Instant, into buffer: inout [UInt8]) -> Int? {
        guard peering.isReady, !isSilent else { return nil }
        outgoing.sentAt = now.nanoseconds
        outgoing.echo = heard.sentAt
        outgoing.echoHeld = UInt32(clamping: (lastNews.map { now - $0 } ?? .zero).nanoseconds / 1000)
        outgoing.lateness = UInt32(clamping: lateness.short.value.nanoseconds / 1000)
        outgoing.isLeaving = hasStopped
        outgoing.groups.removeAll(keepingCapacity: true)
        for group in groups {
            outgoing.groups.append(group.beat)
        }
        let length = outgoing.encode(into: &buffer, at: Frame.headerLength)
        return peering.seal(&buffer, bodyLength: length, path: path)
    }

    /// Writes the hello for one path, where this director's link-layer address is `mac` (0: none), and says how long
    /// it is.
    package mutating func writeHello(
        path: Int, mac: UInt64, into buffer: inout [UInt8], random: inout some RandomNumberGenerator
    ) -> Int {
        peering.sayHello(mac: mac, path: path, into: &buffer, random: &random)
    }

    private var isSilent: Bool {
        groups.contains { $0.role == .releasing && $0.reason == .overslept }
    }
}
