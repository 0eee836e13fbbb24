import Glibc

extension NetlinkError {
    /// The kernel can have ip_vs but has not loaded it, or cannot have it.
    package static let noIPVS = NetlinkError(
        errno: ENOENT, what: "reach ip_vs in this kernel", remedy: "it is not loaded; run `modprobe ip_vs`")

    /// The same of fou, which has GUE.
    package static let noFOU = NetlinkError(
        errno: ENOENT, what: "reach fou in this kernel", remedy: "it is not loaded; run `modprobe fou`")
}

/// A module of the kernel's that is loaded for it.
package struct KernelModule: Hashable, Sendable {
    private let name: String

    package static let ipvs = KernelModule(name: "ip_vs")
    package static let fou = KernelModule(name: "fou")

    /// - Parameter name: as IPVS names it: `wlc`.
    static func scheduler(_ name: String) -> KernelModule { KernelModule(name: "ip_vs_\(name)") }
    /// Of persistence: `sip`.
    static func engine(_ name: String) -> KernelModule { KernelModule(name: "ip_vs_pe_\(name)") }

    /// False as well for one that is built in and shows nothing below /sys/module.
    var isPresent: Bool { unsafe access("/sys/module/\(name)", F_OK) == 0 }

    /// Runs `/sbin/modprobe` and waits for it, which can take a second. Needs CAP_SYS_MODULE.
    package func load() throws(NetlinkError) {
        var child: pid_t = 0
        let words = ["/sbin/modprobe", "--quiet", "--", name]
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
        NetlinkError(errno: errno, what: "load \(name)", remedy: remedy)
    }
}
