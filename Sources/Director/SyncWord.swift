import Balancing
import Control

/// What a director says of its side of the connection sync through the stream, as JSON: whether its kernel listens, and
/// what it has. A newer director's further fields are skipped.
struct SyncWord: Codable, Hashable, Sendable {
    struct Group: Codable, Hashable, Sendable {
        var name: String
        /// The sender holds it.
        var isHeld: Bool
        var counts: ConnectionCounts
    }

    /// Where the sender's daemons are.
    var interface: String
    /// What its master sends under.
    var id: UInt8
    var isMasterRunning: Bool
    var isBackupRunning: Bool
    /// The longest message that its backup daemon takes, in bytes.
    var longest: Int?
    /// A number of the backup daemon's life: another one has missed what was said before it.
    var life: UInt64
    /// The daemon outlived the director's last process, and has missed nothing.
    var wasFound: Bool
    /// Why connections are not synced, in a sentence.
    var problem: String?
    /// Absent: not counted.
    var groups: [Group]?

    /// More is not read: 32 groups take a tenth.
    static let longestText = 64 << 10

    static func read(_ bytes: [UInt8]) -> SyncWord? {
        guard bytes.count <= longestText, let word = try? JSON.decode(SyncWord.self, from: bytes) else { return nil }
        guard word.groups?.count ?? 0 <= 64 else { return nil }
        return word
    }
}
