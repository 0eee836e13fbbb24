package import Settings

/// How long the kernel keeps connections of which nothing is heard, in seconds.
package struct Timeouts: Hashable, Sendable {
    package var tcp: UInt32
    package var tcpFin: UInt32
    package var udp: UInt32

    package init(tcp: UInt32, tcpFin: UInt32, udp: UInt32) {
        self.tcp = tcp
        self.tcpFin = tcpFin
        self.udp = udp
    }

    /// With what a configuration says of them.
    package func changed(by settings: TimeoutSettings) -> Timeouts {
        Timeouts(tcp: settings.tcp ?? tcp, tcpFin: settings.tcpFin ?? tcpFin, udp: settings.udp ?? udp)
    }
}

extension Timeouts: CustomStringConvertible {
    /// As `ipvsadm -L --timeout` has it: `900 120 300`.
    package var description: String { "\(tcp) \(tcpFin) \(udp)" }
}
