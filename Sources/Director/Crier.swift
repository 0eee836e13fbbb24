import Addresses
import Glibc
import Linux
import Synchronization

/// Sends the frames of announcements, on a thread of its own: adding and announcing an address cost a kernel about the
/// same, so the hand goes on with the next ones meanwhile.
struct Crier: ~Copyable {
    private let line: CrierLine
    private let packets: PacketSocket
    private var poller: Poller
    private var batches: [FrameBatch] = []

    init(line: CrierLine) throws {
        let packets = try PacketSocket()
        let poller = try Poller()
        try poller.watch(line.inbox.wakeup.fileDescriptor, mark: 0)
        self.line = line
        self.packets = packets
        self.poller = poller
    }

    /// Works for as long as the process lives.
    consuming func run() {
        while true {
            poller.wait(until: .never) { _ in }
            line.inbox.drain(into: &batches)
            for index in batches.indices {
                batches[index].send(on: packets)
                line.haveSentOne()
            }
        }
    }
}

/// From the hand to the crier.
final class CrierLine: Sendable {
    let inbox: Mailbox<FrameBatch>
    private let posted = Atomic<UInt64>(0)
    private let sent = Atomic<UInt64>(0)

    init() throws(SystemError) { inbox = try Mailbox() }

    /// False when the crier has more to do than it can.
    func post(_ batch: FrameBatch) -> Bool {
        posted.add(1, ordering: .relaxed)
        if inbox.post(batch) { return true }
        posted.subtract(1, ordering: .relaxed)
        return false
    }

    fileprivate func haveSentOne() { sent.add(1, ordering: .releasing) }

    /// Waits until all of it has left, 0.1 s at the longest: sending waits for nobody. An address that goes must not be
    /// announced once more afterwards.
    func settle() {
        for _ in 0..<1000 where sent.load(ordering: .acquiring) != posted.load(ordering: .relaxed) {
            usleep(100)
        }
    }
}
