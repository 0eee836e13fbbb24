import Addresses
import Balancing
import Control
import Netlink
import Settings

extension StatusReport {
    /// A server's status with the connections that the kernel counted when its table was read back.
    func counted(_ status: ServerStatus, _ server: ServerSettings, of service: ServiceSettings) -> ServerStatus {
        guard let read = balancer.read else { return status }
        var status = status
        for (listen, endpoint) in places(of: server, in: service) {
            guard let counts = read.server(endpoint, of: listen)?.connections else { continue }
            status.active = (status.active ?? 0) + UInt64(counts.active)
            status.inactive = (status.inactive ?? 0) + UInt64(counts.inactive)
        }
        return status
    }
}
