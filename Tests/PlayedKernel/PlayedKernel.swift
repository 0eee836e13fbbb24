package import Addresses
package import Balancing
import Glibc
import Linux
package import Netlink
import Synchronization

/// The kernel's ip_vs played in user space, behind one end of a pair of sockets: it holds a table, takes the messages of
/// our codec and answers as net/netfilter/ipvs/ip_vs_ctl.c does. What a test wants to go wrong goes wrong.
package final class PlayedKernel: Sendable {
    package static let family: UInt16 = 0x1C

    private let state = Mutex(State())

    package init(_ table: Table = Table()) {
        state.withLock { $0.table = table }
    }

    package var table: Table { state.withLock { $0.table } }

    /// What somebody else does with ipvsadm.
    package func change(_ change: (inout Table) -> Void) { state.withLock { change(&$0.table) } }

    /// What it says that it has counted of these servers, connections and packets; of others it says nothing.
    package func count(_ counts: [Endpoint: Statistics]) { state.withLock { $0.counts = counts } }

    /// What shall go wrong from now on.
    package func trouble(_ change: (inout Trouble) -> Void) { state.withLock { change(&$0.trouble) } }

    /// When each step was tried, and what became of it.
    package var attempts: [Attempt] { state.withLock { $0.attempts } }

    /// How often services were listed.
    package var listings: Int { state.withLock { $0.listings } }

    /// A socket to it; `.noIPVS` while it is unloaded.
    package func open(patience: Duration = .milliseconds(300)) throws(NetlinkError) -> IPVSSocket {
        guard !state.withLock({ $0.trouble.isUnloaded }) else { throw .noIPVS }
        var ends: [Int32] = [0, 0]
        guard socketpair(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue), 0, &ends) == 0 else {
            throw NetlinkError(errno: errno, what: "make a pair of sockets")
        }
        let own = ends[0]
        do throws(SystemError) {
            try OSThread.start(name: "kernel") { [self] in serve(own) }
        } catch {
            throw NetlinkError(errno: error.errno, what: "play a kernel")
        }
        return IPVSSocket(playing: ends[1], family: Self.family, patience: patience)
    }

    /// What `modprobe` does, unless its work is put off.
    package func load() {
        state.withLock { state in
            state.loadings += 1
            if !state.trouble.loadsLater { state.trouble.isUnloaded = false }
        }
    }

    /// How often somebody asked for ip_vs to be loaded.
    package var loadings: Int { state.withLock { $0.loadings } }

    private func serve(_ descriptor: Int32) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { break }
            for answer in state.withLock({ $0.answers(to: buffer[..<count]) }) {
                _ = send(descriptor, answer, answer.count, Int32(MSG_NOSIGNAL))
            }
        }
        close(descriptor)
    }
}

extension PlayedKernel {
    package struct Trouble: Sendable {
        /// Steps that are refused, and with which error number.
        package var refusals: [Step: Int32] = [:]
        /// How many listings more are marked as interrupted (NLM_F_DUMP_INTR).
        package var interruptions = 0
        /// How many answers more come without their last bytes.
        package var cuts = 0
        /// How many calls more get no answer.
        package var silences = 0
        /// How many calls more are carried out, and nobody hears of it.
        package var lostAcknowledgements = 0
        /// Nobody has the family any more, and the table is gone.
        package var isUnloaded = false {
            didSet { if isUnloaded { hasLostTable = true } }
        }
        var hasLostTable = false
        /// Whoever loads it gets it once `isUnloaded` is put right, and not at once.
        package var loadsLater = false
        /// What somebody else does after so many parts of the next listing of services.
        package var interference: (part: Int, change: @Sendable (inout Table) -> Void)?
        /// What somebody else does just before the next step.
        package var intrusion: (@Sendable (inout Table) -> Void)?
    }

    package struct Attempt: Sendable {
        package var step: Step
        package var time: ContinuousClock.Instant
        package var errno: Int32?
    }

    struct State {
        /// Of services and servers; the kernel's own are as long as a page or two.
        static let partLength = 40

        var table = Table()
        var trouble = Trouble()
        var counts: [Endpoint: Statistics] = [:]
        var attempts: [Attempt] = []
        var listings = 0
        var loadings = 0
    }
}
