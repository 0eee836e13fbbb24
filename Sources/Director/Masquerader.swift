import Balancing
import Linux
import Netlink

/// Keeps the table of nf_tables in which masqueraded services stand what it should be. What is in the kernel when the
/// daemon ends stays, as services do; the next life takes it over, or removes it.
struct Masquerader: ~Copyable {
    /// What a look did, in a sentence.
    enum Change {
        /// Because the configuration says so.
        case own(String)
        /// Because somebody else had changed it.
        case repair(String)
    }

    private static let place = "the table inet tandem of nf_tables"

    /// Why it is not what it should be, in a sentence.
    private(set) var problem: String?
    private var socket: NetfilterSocket?
    /// What was found right or written last; absent: nothing of ours is there, as far as anybody knows.
    private var kept: Masquerade?
    /// The kernel's number for all of nf_tables when `kept` was last seen in it.
    private var seen: UInt32?
    /// Whether an earlier life may have left something: a kernel is not asked for nf_tables without need, because it
    /// would load it.
    private var hasLeftovers: Bool

    init() {
        hasLeftovers = KernelModules.present.contains("nf_tables")
    }

    /// Looks whether it is what it should be, which costs one question while nobody changes anything, and puts it
    /// right.
    mutating func keep(_ wanted: Masquerade) -> Change? {
        guard !wanted.isEmpty || kept != nil || hasLeftovers else {
            problem = nil
            return nil
        }
        do throws(NetlinkError) {
            let change = try look(wanted)
            problem = nil
            return change
        } catch {
            socket = nil
            seen = nil
            // Who wants nothing of nf_tables need not know that it cannot be asked.
            problem = wanted.isEmpty && kept == nil ? nil : "\(error)"
            return nil
        }
    }

    private mutating func look(_ wanted: Masquerade) throws(NetlinkError) -> Change? {
        var socket: NetfilterSocket
        if let open = self.socket.take() { socket = open } else { socket = try NetfilterSocket() }
        let generation = try socket.generation()
        guard generation != seen || wanted != kept else {
            self.socket = consume socket
            return nil
        }
        let held = try socket.read()
        let change: Change?
        if wanted.isEmpty {
            change = try remove(held, &socket)
        } else if case .foreign = held {
            throw NetlinkError(
                errno: 0, what: "write \(Self.place)",
                remedy: "somebody else has one of that name; give it another name, or run `nft delete table inet "
                    + "tandem` if nobody needs it")
        } else {
            change = try write(wanted, held, &socket)
        }
        // What was written is read back the next time, and is not known until then.
        seen = change == nil ? generation : nil
        kept = wanted.isEmpty ? nil : wanted
        hasLeftovers = false
        self.socket = consume socket
        return change
    }

    private func remove(
        _ held: NetfilterSocket.Held, _ socket: inout NetfilterSocket
    ) throws(NetlinkError) -> Change? {
        guard case .ours = held else { return nil }
        try socket.remove()
        return .own("removed \(Self.place): no service is masqueraded any more")
    }

    private func write(
        _ wanted: Masquerade, _ held: NetfilterSocket.Held, _ socket: inout NetfilterSocket
    ) throws(NetlinkError) -> Change? {
        let table = NetfilterTable(wanted)
        guard held != .ours(table) else { return nil }
        try socket.replace(with: table)
        guard wanted == kept else {
            return .own("wrote \(Self.place); services masqueraded: \(wanted.listens.count)")
        }
        return .repair(
            held == .nothing
                ? "somebody removed \(Self.place); it is back" : "somebody changed \(Self.place); it is put right")
    }
}
