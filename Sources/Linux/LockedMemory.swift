import Glibc

/// Memory that never waits for a disk.
package enum LockedMemory {
    /// Keeps every page of this process in memory from its first use on (mlockall(2) with MCL_ONFAULT: pages that are
    /// never used cost nothing). Needs CAP_IPC_LOCK or a large enough RLIMIT_MEMLOCK.
    package static func begin() throws(SystemError) {
        guard mlockall(MCL_CURRENT | MCL_FUTURE | lockOnFault) == 0 else { throw .last("lock the daemon's memory") }
    }
}

// asm-generic/mman.h; Swift's Glibc module leaves it out.
private let lockOnFault: Int32 = 4
