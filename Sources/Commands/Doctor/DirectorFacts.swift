package import Addresses
package import Netlink

/// What `tandem doctor` finds on a machine before it judges.
package struct DirectorFacts: Sendable {
    package var links: [Link] = []
    package var addresses: [InterfaceAddress] = []
    package var switches: SwitchValues = [:]
    /// The ways to servers; none for one that cannot be reached.
    package var routes: [IPAddress: Route] = [:]
    /// The interface of the default route, for IPv4.
    package var wayOut: Int32?
    /// Whether ip_vs answers; asking loads it where that is possible.
    package var hasIPVS = true
    /// Modules of the kernel that are loaded or built in, and those that could be.
    package var modules: Set<String> = []
    package var availableModules: Set<String> = []
    /// Names of programs that run, of those that were asked for.
    package var running: Set<String> = []
    /// Absent: the kernel does not say.
    package var isClockSynchronised: Bool? = true
    /// Why the pair's keys cannot be used.
    package var keyProblem: String?
    /// UDP ports on which any program listens.
    package var udpPorts: Set<UInt16> = []

    package init() {}

    package func link(named name: String) -> Link? { links.first { $0.name == name } }
    package func link(_ index: Int32?) -> Link? { links.first { $0.index == index } }
}
