import Balancing
import Netlink
import Settings

extension Balancer {
    /// Keeps the kernel's timeouts as the configuration has them, if it says anything of them.
    mutating func keepTimeouts() {
        let settings = settings.timeouts
        guard settings != TimeoutSettings() else { return (timeoutProblem, keptTimeouts) = (nil, nil) }
        do throws(NetlinkError) {
            guard let held = try kernel?.timeouts() else { return }
            let wanted = held.changed(by: settings)
            if wanted != held {
                try kernel?.setTimeouts(wanted)
                tell(wanted, instead: held, isDrift: keptTimeouts == settings)
            }
            (timeoutProblem, keptTimeouts) = (nil, settings)
        } catch {
            timeoutProblem = error
        }
    }

    /// Somebody else's change is drift like any other.
    private func tell(_ wanted: Timeouts, instead held: Timeouts, isDrift: Bool) {
        if isDrift {
            ports.tell(
                "somebody else changed the timeouts of IPVS (tcp, tcp_fin, udp): they were \(held), not \(wanted)", nil)
        } else {
            ports.inform("set the timeouts of IPVS (tcp, tcp_fin, udp) to \(wanted), they were \(held)")
        }
    }
}
