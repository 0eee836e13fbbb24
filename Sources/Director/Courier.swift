import Addresses
import Balancing
import Election
import Linux

/// Carries young connections to the peer while a group changes hands.
///
/// The kernel tells the peer of a TCP connection only once it is established, and up to 20 ms later
/// (net/netfilter/ipvs/ip_vs_sync.c, `ip_vs_sync_conn_needed` and `IPVS_SYNC_SEND_DELAY`). A packet of a younger one
/// that the taker gets would meet nobody and be answered with a reset. So the giver, who still hears the first packets
/// when the last ones go to the taker, tells what it knows every few milliseconds, in the kernel's own words.
struct Courier: ~Copyable {
    enum Message: Sendable {
        /// A group is being given to the peer, or no longer is.
        case handover(group: Int, isUnderWay: Bool)
    }

    // Implementation constants

    /// From the end of one round to the begin of the next, at least; and thrice what the round took, because the thread
    /// goes before ordinary ones.
    private static let pause = Duration.milliseconds(1)
    /// How long late packets still come here after a handover: the lease of an address on lo.
    private static let aftermath = Duration.seconds(2)
    /// No handover lasts longer than this.
    private static let longest = Duration.seconds(30)
    /// More connections than these are not told apart; what is beyond them is left to the kernel.
    private static let limit = 100_000

    private let inbox: Mailbox<Message>
    private let interface: String
    private let id: UInt8
    private let say: @Sendable (String) -> Void
    private var poller: Poller
    private var reader = LineReader(path: "/proc/net/ip_vs_conn")
    private var messages: [Message] = []
    private var givenGroups: Set<Int> = []
    /// What was told already, by fingerprint of connection and state.
    private var told: Set<UInt64> = []
    private var workUntil = Instant(nanoseconds: 0)

    init(
        inbox: Mailbox<Message>, interface: String, id: UInt8, say: @escaping @Sendable (String) -> Void
    ) throws(SystemError) {
        let poller = try Poller()
        try poller.watch(inbox.wakeup.fileDescriptor, mark: 0)
        self.inbox = inbox
        self.interface = interface
        self.id = id
        self.say = say
        self.poller = poller
    }

    /// Works for as long as the process lives.
    consuming func run() {
        while true {
            poller.wait(until: .never) { _ in }
            listen()
            do throws(SystemError) {
                try carry()
            } catch {
                say("young connections are not carried to the peer: \(error)")
            }
            told = []
        }
    }

    private mutating func listen() {
        inbox.drain(into: &messages)
        for case .handover(let group, let isUnderWay) in messages {
            if isUnderWay { givenGroups.insert(group) } else { givenGroups.remove(group) }
            workUntil = Clock.now() + (givenGroups.isEmpty ? Self.aftermath : Self.longest)
        }
    }

    private mutating func carry() throws(SystemError) {
        guard Clock.now() < workUntil else { return }
        let socket = try MulticastSocket(group: SyncMessage.group, interface: interface)
        while true {
            let start = Clock.now()
            guard start < workUntil else { return }
            try tell(socket)
            let end = Clock.now()
            poller.wait(until: end + max(Self.pause, (end - start) * 3)) { _ in }
            listen()
        }
    }

    /// One round: everything that is new or has changed its state since the last.
    private mutating func tell(_ socket: borrowing MulticastSocket) throws(SystemError) {
        var message = SyncMessage(id: id)
        var told = self.told
        self.told = []
        let id = id
        defer { self.told = told }
        try reader.forEachLine { line in
            guard told.insert(mark(of: line)).inserted, let connection = Connection(line: line),
                connection.state.isLive
            else { return true }
            if !message.add(connection) {
                _ = socket.send(message.bytes)
                message = SyncMessage(id: id)
                _ = message.add(connection)
            }
            return told.count < Self.limit
        }
        if !message.isEmpty { _ = socket.send(message.bytes) }
    }
}

/// FNV-1a of a line up to its seconds.
private func mark(of line: ArraySlice<UInt8>) -> UInt64 {
    let end = line.lastIndex(of: 0x20) ?? line.endIndex
    var mark: UInt64 = 0xCBF2_9CE4_8422_2325
    for index in line.startIndex..<end { mark = (mark ^ UInt64(line[index])) &* 0x0000_0100_0000_01B3 }
    return mark
}
