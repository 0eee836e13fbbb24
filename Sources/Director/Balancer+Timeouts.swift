import Balancing
import Netlink
import Settings

extension Balancer {
    /// Keeps the kernel's timeouts as the configuration has them, if it says anything of them.
    mutating func keepTimeouts() {
        let settings = settings.timeouts
        guard settings != TimeoutSettings() else { return }
        do throws(NetlinkError) {
            guard let held = try kernel?.timeouts() else { return }
            let wanted = held.changed(by: settings)
            if wanted != held {
                try kernel?.setTimeouts(wanted)
                ports.inform("set the timeouts of IPVS (tcp, tcp_fin, udp) to \(wanted), they were \(held)")
            }
            timeoutProblem = nil
        } catch {
            if timeoutProblem != error { ports.say("\(error)") }
            timeoutProblem = error
        }
    }
}
