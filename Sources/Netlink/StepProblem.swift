internal import Addresses
import Balancing
import Glibc
internal import Settings

extension NetlinkError {
    /// Whether the kernel said what became of the step.
    package var isCertain: Bool { ![ETIMEDOUT, ENOBUFS, EMSGSIZE, EBADMSG].contains(errno) }

    /// It was not tried, because it depends on a step that failed.
    package var isSkipped: Bool { errno == ECANCELED }
}

extension Step {
    /// Whether an error of it says that the kernel's table is not what was read: somebody else writes it as well.
    package func isStale(_ problem: NetlinkError) -> Bool {
        switch self {
        case .addService, .editService, .removeService: [EEXIST, ESRCH].contains(problem.errno)
        case .addServer, .editServer, .removeServer: [EEXIST, ESRCH, ENOENT].contains(problem.errno)
        }
    }

    /// Why the kernel refused it, and what to do.
    func problem(_ errno: Int32) -> NetlinkError {
        NetlinkError(errno: errno, what: description, remedy: remedy(errno))
    }

    private func remedy(_ errno: Int32) -> String? {
        switch (self, errno) {
        case (.addService(_, let options), ENOENT), (.editService(_, let options), ENOENT):
            let engine = options.engine.map { " or no persistence engine (`modprobe ip_vs_pe_\($0)`)" } ?? ""
            return
                "the kernel has no such scheduler\(engine); run `modprobe ip_vs_\(options.scheduler)` or choose another"
        case (.addService, EEXIST), (.addServer, EEXIST):
            return "somebody else has just added it; the table is read again"
        case (.removeServer, ENOENT), (.editServer, ENOENT):
            return "somebody else has just removed the server; the table is read again"
        case (_, ESRCH): return "somebody else has just removed the service; the table is read again"
        case (_, ECANCELED): return "it waits for another change of the service, which failed"
        case (_, ENOMEM): return "the kernel has no memory for it; free some, and it will be tried again"
        case (_, EBUSY): return "the kernel is busy with it; it will be tried again"
        case (_, EAFNOSUPPORT):
            return "the kernel's ip_vs cannot balance \(service.family == .v6 ? "IPv6" : "this family")"
        case (_, EINVAL): return "the kernel calls it invalid; compare it with what `ipvsadm` can do on this kernel"
        case (_, ERANGE): return "the kernel calls a weight or a threshold out of range; correct it"
        default: return nil
        }
    }
}
