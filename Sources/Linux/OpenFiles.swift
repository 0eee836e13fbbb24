import Glibc

/// How many files and sockets this process may have open at once.
package enum OpenFiles {
    /// Raises the soft limit to the hard one (getrlimit(2), RLIMIT_NOFILE). Service managers keep the soft one at
    /// 1024 for programs that use select(2): this one does not, and thousands of checks run at once where servers are
    /// silent.
    ///
    /// - Returns: the limit in force, or nothing where the kernel does not say.
    package static func raiseLimit() -> UInt64? {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
        var raised = limit
        raised.rlim_cur = limit.rlim_max
        let isRaised = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0
        return UInt64(isRaised ? raised.rlim_cur : limit.rlim_cur)
    }
}
