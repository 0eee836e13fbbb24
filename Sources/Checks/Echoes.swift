import Addresses
import Agreement
import CLinux
import Dialogues
import Glibc
import NIOCore

/// Echo requests and what comes back of them, through one raw socket for each family.
///
/// The kernel's own ping sockets (icmp(7)) would need no right, but `net.ipv4.ping_group_range` shuts everybody out of
/// them in a new network namespace, root too, and each probe would need one; the director has CAP_NET_RAW anyway. A raw
/// socket shows every reply that reaches the machine: a filter in the kernel leaves those with the identifier of this
/// object, and the number of each says whose it is, so that nobody else is woken. The sockets are looked at every few
/// milliseconds while any request waits. Lives on the checker's event loop.
final class Echoes: SharedSockets {
    private struct Waiting {
        var mark: UInt64
        var target: IPAddress
        var dialogue: any DatagramDialogue
        var done: (Outcome) -> Void
    }

    private struct Socket {
        var descriptor: Int32
        var mark: UInt32 = 0
    }

    // Implementation constants

    /// Longer packets are none of ours, errors that quote one of ours included (RFC 4443 2.4).
    private static let longest = 2048
    /// What the kernel may hold, in bytes as it counts them, some 770 for each packet: answers while the loop is late,
    /// and requests to machines of which nobody knows yet where they are, for 3 s each (net/core/neighbour.c).
    private static let received: Int32 = 4 << 20
    private static let sent: Int32 = 16 << 20

    let loop: any EventLoop
    var looks = Looks()
    private let identifier = UInt16.random(in: 0...UInt16.max)
    private var sockets: [AddressFamily: Socket] = [:]
    /// By the number in the request.
    private var waiting: [UInt16: Waiting] = [:]
    private var deadlines = Deadlines()
    private var newest = UInt64(UInt16.random(in: 0...UInt16.max))
    private var buffer = [UInt8](repeating: 0, count: Echoes.longest)

    init(on loop: any EventLoop) {
        self.loop = loop
    }

    deinit {
        for socket in sockets.values { close(socket.descriptor) }
    }

    /// Calls `done` once, on the loop, at the latest a few milliseconds after the timeout.
    ///
    /// - Parameter dialogue: makes of an identifier and a number what is said with them.
    func begin(
        _ target: IPAddress, _ exit: ProbeExit, timeout: TimeAmount,
        _ dialogue: (_ identifier: UInt16, _ sequence: UInt16) -> any DatagramDialogue,
        done: @escaping (Outcome) -> Void
    ) {
        defer { setAlarm() }
        guard let sequence = nextSequence() else { return fail(.local(EAGAIN), done) }
        let dialogue = dialogue(identifier, sequence)
        let number = send(dialogue.question, to: target, exit)
        guard number == 0 else { return fail(CheckFailure(errno: number, connected: false), done) }
        waiting[sequence] = Waiting(mark: newest, target: target, dialogue: dialogue, done: done)
        deadlines.insert(newest, in: timeout)
    }

    /// The next number under which nobody waits; nil: somebody waits under each.
    private func nextSequence() -> UInt16? {
        guard waiting.count <= UInt16.max else { return nil }
        repeat { newest += 1 } while waiting[UInt16(truncatingIfNeeded: newest)] != nil
        return UInt16(truncatingIfNeeded: newest)
    }

    /// - Returns: 0, or an errno.
    private func send(_ message: [UInt8], to target: IPAddress, _ exit: ProbeExit) -> Int32 {
        let address = target.bytes
        if sockets[target.family] == nil {
            let descriptor = clinux_open_echo(address.count, identifier, Self.received, Self.sent)
            guard descriptor >= 0 else { return -descriptor }
            sockets[target.family] = Socket(descriptor: descriptor)
        }
        guard var socket = sockets[target.family] else { return EBADF }
        if socket.mark != exit.mark {
            var value = exit.mark
            let size = socklen_t(MemoryLayout<UInt32>.size)
            guard unsafe setsockopt(socket.descriptor, SOL_SOCKET, SO_MARK, &value, size) == 0 else { return errno }
            socket.mark = exit.mark
            sockets[target.family] = socket
        }
        return unsafe clinux_send_echo(
            socket.descriptor, address, address.count, exit.source?.bytes, message, message.count)
    }

    var isAwaited: Bool { !waiting.isEmpty }

    func collect() -> Bool {
        // Both, whatever the first one brings.
        AddressFamily.allCases.map { collect($0) }.contains(true)
    }

    /// - Returns: whether there may be more.
    private func collect(_ family: AddressFamily) -> Bool {
        guard let descriptor = sockets[family]?.descriptor else { return false }
        var source = [UInt8](repeating: 0, count: 16)
        for _ in 0..<Looks.batch {
            let count = unsafe clinux_receive_echo(descriptor, &buffer, buffer.count, &source)
            guard count >= 0 else { return false }
            let from = IPAddress(bytes: source.prefix(family.bits / 8))
            take(Self.message(buffer[..<count], family), family, from)
        }
        return true
    }

    /// Without the IP header.
    private static func message(_ packet: ArraySlice<UInt8>, _ family: AddressFamily) -> [UInt8] {
        guard family == .v4, let first = packet.first else { return Array(packet) }
        return Array(packet.dropFirst(Int(first & 0x0F) * 4))
    }

    private func take(_ bytes: [UInt8], _ family: AddressFamily, _ source: IPAddress?) {
        guard let message = EchoMessage(bytes, family), message.identifier == identifier,
            let one = waiting[message.sequence], message.content != .reply || one.target == source,
            let outcome = waiting[message.sequence]?.dialogue.receive(bytes)
        else { return }
        waiting[message.sequence] = nil
        one.done(outcome)
    }

    func expire(_ now: NIODeadline) {
        let isWaiting = { (mark: UInt64) in self.waiting[UInt16(truncatingIfNeeded: mark)]?.mark == mark }
        while let mark = deadlines.popLate(now, isWaiting: isWaiting) {
            guard let one = waiting.removeValue(forKey: UInt16(truncatingIfNeeded: mark)) else { continue }
            one.done(one.dialogue.late)
        }
    }
}
