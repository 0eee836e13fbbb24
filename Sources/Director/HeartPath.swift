import Addresses
import Glibc
import Heartbeat
import Linux

/// One local-peer address pair.
struct PathSettings: Hashable, Sendable {
    var local: IPAddress
    var peer: IPAddress
    var port: UInt16
}

/// The three sockets of a path: data goes both ways on a connected one; hellos arrive at the door, and leave from a
/// port of their own so that they arrive at the peer's door and not among its data.
final class HeartPath {
    let settings: PathSettings
    /// This director's link-layer address there; 0 where there is none.
    let mac: UInt64
    private var sockets: Sockets?
    private var retryAt = Instant(nanoseconds: 0)

    private struct Sockets: ~Copyable {
        let data: DatagramSocket
        let door: DatagramSocket
        let caller: DatagramSocket
    }

    init(settings: PathSettings, mac: UInt64) {
        self.settings = settings
        self.mac = mac
    }

    var isOpen: Bool { sockets != nil }

    /// Opens what is not open yet, at most once a second: an address or a route may still be missing.
    func open(now: Instant, sessions: [UInt64], poller: borrowing Poller, index: Int) {
        guard sockets == nil, now >= retryAt else { return }
        retryAt = now + .seconds(1)
        let local = Endpoint(address: settings.local, port: settings.port)
        let peer = Endpoint(address: settings.peer, port: settings.port)
        do throws(SystemError) {
            let door = try DatagramSocket(local: local, peer: nil)
            try door.attach(.heartbeats(magic: Frame.magic, sessions: [0]))
            let data = try DatagramSocket(local: local, peer: peer)
            try data.attach(.heartbeats(magic: Frame.magic, sessions: sessions))
            let caller = try DatagramSocket(local: Endpoint(address: settings.local, port: 0), peer: peer)
            try poller.watch(data.fileDescriptor, mark: UInt64(index))
            try poller.watch(door.fileDescriptor, mark: UInt64(index))
            sockets = Sockets(data: data, door: door, caller: caller)
        } catch {
            // Status says that the path is silent; the heart writes no log.
        }
    }

    func filter(_ sessions: [UInt64]) {
        try? sockets?.data.attach(.heartbeats(magic: Frame.magic, sessions: sessions))
    }

    /// What the kernel dropped before the heart could see it.
    var drops: UInt64 {
        UInt64(sockets?.data.drops ?? 0) + UInt64(sockets?.door.drops ?? 0)
    }

    /// What the kernel does not take is lost: the address or the route is gone, and the path is silent.
    func send(_ buffer: [UInt8], count: Int) {
        if sockets?.data.send(buffer, count: count) == ECONNREFUSED { _ = sockets?.data.send(buffer, count: count) }
    }

    /// A refusal is the answer to an earlier datagram, told once instead of sending this one: the peer was not there
    /// yet, and now it is (udp(7)).
    func call(_ buffer: [UInt8], count: Int) {
        if sockets?.caller.send(buffer, count: count) == ECONNREFUSED {
            _ = sockets?.caller.send(buffer, count: count)
        }
    }

    func receive(into buffer: inout [UInt8]) -> Int? { sockets?.data.receive(into: &buffer) ?? nil }

    func receiveAtDoor(into buffer: inout [UInt8]) -> Int? { sockets?.door.receive(into: &buffer) ?? nil }
}
