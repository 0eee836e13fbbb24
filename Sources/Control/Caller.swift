import Glibc

/// The process at the other end of a Unix socket, as it was when it connected.
package struct Caller: Hashable, Sendable {
    package var pid: Int32
    package var uid: UInt32
    /// The primary group first.
    package var groups: [UInt32]

    package init(pid: Int32, uid: UInt32, groups: [UInt32]) {
        self.pid = pid
        self.uid = uid
        self.groups = groups
    }
}

extension Caller {
    /// Asks the kernel (socket(7) SO_PEERCRED; SO_PEERGROUPS since Linux 4.13); absent if it does not tell.
    init?(of socket: CInt) {
        // struct ucred is hidden by the missing _GNU_SOURCE: pid, uid and gid, 32 bits each.
        var credentials: [UInt32] = [0, 0, 0]
        guard Self.option(SO_PEERCRED, of: socket, into: &credentials) == 3 else { return nil }
        var supplementary = [UInt32](repeating: 0, count: Self.groupLimit)
        let count = Self.option(Self.peerGroups, of: socket, into: &supplementary) ?? 0
        pid = Int32(bitPattern: credentials[0])
        uid = credentials[1]
        groups = [credentials[2]] + supplementary.prefix(count)
    }

    /// NGROUPS_MAX of linux/limits.h.
    private static let groupLimit = 65_536
    /// SO_PEERGROUPS of asm-generic/socket.h.
    private static let peerGroups: CInt = 59

    /// Fills `words` and returns how many there are.
    private static func option(_ name: CInt, of socket: CInt, into words: inout [UInt32]) -> Int? {
        var length = socklen_t(words.count * MemoryLayout<UInt32>.stride)
        let result = unsafe words.withUnsafeMutableBytes { buffer in
            unsafe getsockopt(socket, SOL_SOCKET, name, buffer.baseAddress, &length)
        }
        return result == 0 ? Int(length) / MemoryLayout<UInt32>.stride : nil
    }
}

/// Who may ask and who may change.
package struct Access: Hashable, Sendable {
    /// The daemon's own uid; it may do what root may.
    package var owner: UInt32
    /// The gids of `tandem` and `tandem-admin`; absent where there is no such group.
    package var readers: UInt32?
    package var admins: UInt32?

    package init(owner: UInt32, readers: UInt32?, admins: UInt32?) {
        self.owner = owner
        self.readers = readers
        self.admins = admins
    }

    static let readerGroup = "tandem"
    static let adminGroup = "tandem-admin"

    package func mayRead(_ caller: Caller) -> Bool {
        mayChange(caller) || isMember(caller, of: readers)
    }

    package func mayChange(_ caller: Caller) -> Bool {
        caller.uid == 0 || caller.uid == owner || isMember(caller, of: admins)
    }

    private func isMember(_ caller: Caller, of group: UInt32?) -> Bool {
        group.map(caller.groups.contains) ?? false
    }
}

extension Access {
    /// As the machine's user database has it now.
    static func ofThisMachine() -> Access {
        Access(owner: geteuid(), readers: gid(of: readerGroup), admins: gid(of: adminGroup))
    }

    /// Must not run on two threads at once: getgrnam(3) answers in static memory.
    private static func gid(of group: String) -> UInt32? {
        guard let entry = unsafe getgrnam(group) else { return nil }
        return unsafe entry.pointee.gr_gid
    }
}
