/// What the kernel has counted for a service or a server since that is there, and what comes in a second.
///
/// Packets and bytes of direct routing and tunnels are counted on their way in alone: the answers do not come by.
package struct Statistics: Hashable, Sendable {
    package var connections: UInt64
    package var packetsIn: UInt64
    package var packetsOut: UInt64
    package var bytesIn: UInt64
    package var bytesOut: UInt64
    /// A second, averaged by the kernel over some eight seconds (net/netfilter/ipvs/ip_vs_est.c).
    package var connectionRate: UInt64
    package var packetRateIn: UInt64
    package var packetRateOut: UInt64
    package var byteRateIn: UInt64
    package var byteRateOut: UInt64

    package init(
        connections: UInt64 = 0, packetsIn: UInt64 = 0, packetsOut: UInt64 = 0, bytesIn: UInt64 = 0,
        bytesOut: UInt64 = 0, connectionRate: UInt64 = 0, packetRateIn: UInt64 = 0, packetRateOut: UInt64 = 0,
        byteRateIn: UInt64 = 0, byteRateOut: UInt64 = 0
    ) {
        self.connections = connections
        self.packetsIn = packetsIn
        self.packetsOut = packetsOut
        self.bytesIn = bytesIn
        self.bytesOut = bytesOut
        self.connectionRate = connectionRate
        self.packetRateIn = packetRateIn
        self.packetRateOut = packetRateOut
        self.byteRateIn = byteRateIn
        self.byteRateOut = byteRateOut
    }
}
