package import Heartbeat

/// Whether a director could take over without anybody losing a connection: it holds the same table, and knows at least
/// 99 % of the connections that the holder has had for a while (DESIGN rule 6).
package struct Warmth: Hashable, Sendable {
    /// Both kernels hold the same services and servers.
    package var holdsTable: Bool
    /// Established connections in the taker's kernel.
    package var known: UInt32
    /// Those in the holder's, but for the ones that began too lately to count.
    package var held: UInt32

    package init(holder: Heartbeat, taker: Heartbeat) {
        holdsTable = holder.kernelTableDigest == taker.kernelTableDigest
        known = taker.connections
        held = holder.connections > holder.youngConnections ? holder.connections - holder.youngConnections : 0
    }

    /// What is or is missing, to be read after "is warm:" and "is not warm:".
    package var words: String {
        let connections = "it knows \(known) of \(held) established connections"
        return holdsTable ? connections : "its kernel's table differs, and \(connections)"
    }

    package var isWarm: Bool { holdsTable && UInt64(known) * 100 >= UInt64(held) * 99 }
}

/// What a director says about its configuration, its tables and its connections: three digests and two numbers.
package struct TableFigures: Hashable, Sendable {
    package var configuration: UInt64 = 0
    package var desired: UInt64 = 0
    package var kernel: UInt64 = 0
    /// Established.
    package var connections: UInt32 = 0
    /// Begun in the last 5 to 10 s, closed since or not.
    package var young: UInt32 = 0

    package init() {}
}

extension PairMachine {
    /// Whether the peer could take what this director holds, and the other way round; nil while it is not heard.
    package var warmth: (peer: Warmth, own: Warmth)? {
        guard peerState == .heard else { return nil }
        return (Warmth(holder: outgoing, taker: heard), Warmth(holder: heard, taker: outgoing))
    }
}
