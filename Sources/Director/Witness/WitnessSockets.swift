import Addresses
import Glibc
import Heartbeat
import Linux

/// The two sockets of a witness on one address and port: hellos arrive at the door, everything else among the data, so
/// that a flood of hellos fills no queue but its own.
final class WitnessSockets {
    private let door: DatagramSocket
    private let data: DatagramSocket

    /// `prefix` is what the numbers of all sessions begin with.
    init(_ endpoint: Endpoint, prefix: UInt32) throws(SystemError) {
        let door = try DatagramSocket(local: endpoint, peer: nil)
        let data = try DatagramSocket(local: endpoint, peer: nil)
        try door.divide(by: .hellosFirst)
        try door.attach(.heartbeats(magic: Frame.magic, sessions: [0]))
        try data.attach(.heartbeats(magic: Frame.magic, prefix: prefix))
        self.door = door
        self.data = data
    }

    func watch(by poller: borrowing Poller, mark: UInt64) throws(SystemError) {
        try poller.watch(data.fileDescriptor, mark: mark)
        try poller.watch(door.fileDescriptor, mark: mark)
    }

    func receive(into buffer: inout [UInt8]) -> (count: Int, sender: Endpoint)? {
        data.receiveFromAnybody(into: &buffer)
    }

    func receiveAtDoor(into buffer: inout [UInt8]) -> (count: Int, sender: Endpoint)? {
        door.receiveFromAnybody(into: &buffer)
    }

    func send(_ buffer: [UInt8], count: Int, to receiver: Endpoint) { data.send(buffer, count: count, to: receiver) }

    /// What the kernel dropped before the witness could see it.
    var drops: UInt64 { UInt64(data.drops) + UInt64(door.drops) }
}
