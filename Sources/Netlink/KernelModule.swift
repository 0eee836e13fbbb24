import Glibc

extension NetlinkError {
    /// The kernel can have ip_vs but has not loaded it, or cannot have it.
    package static let noIPVS = NetlinkError(
        errno: ENOENT, what: "reach ip_vs in this kernel", remedy: "it is not loaded; run `modprobe ip_vs`")

    /// The same of fou, which has GUE.
    package static let noFOU = NetlinkError(
        errno: ENOENT, what: "reach fou in this kernel", remedy: "it is not loaded; run `modprobe fou`")
}

/// The kernel's modules that it does not load by itself.
package enum KernelModule: String, Sendable {
    case ipvs = "ip_vs"
    case fou

    /// Runs `/sbin/modprobe` and waits for it, which can take a second. Needs CAP_SYS_MODULE.
    package func load() throws(NetlinkError) {
        var child: pid_t = 0
        let words = ["/sbin/modprobe", "--quiet", "--", rawValue]
        var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
        defer { unsafe arguments.forEach { unsafe free($0) } }
        let problem = unsafe posix_spawn(&child, words[0], nil, nil, &arguments, environ)
        guard problem == 0 else { throw failure(problem, "cannot run /sbin/modprobe; install kmod") }
        var status: Int32 = 0
        while unsafe waitpid(child, &status, 0) < 0, errno == EINTR {}
        guard status == 0 else {
            throw failure(ENOENT, "modprobe refused; install a kernel that has the module, or load it outside")
        }
    }

    private func failure(_ errno: Int32, _ remedy: String) -> NetlinkError {
        NetlinkError(errno: errno, what: "load \(rawValue)", remedy: remedy)
    }
}
