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
        outgoing.isLeaving = hasStopped && restart == nil
        outgoing.patience = restart?.patience(settings) ?? 0
        outgoing.groups.removeAll(keepingCapacity: true)
        // Here and wherever a heartbeat passes, indices are walked: iterators and closures over elements ask for memory
        // where the compiler does not specialise them, which it does not do across modules.
        for index in groups.indices {
            outgoing.groups.append(groups[index].beat)
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
        for index in groups.indices where groups[index].role == .releasing && groups[index].reason == .overslept {
            return true
        }
        return false
    }
}
