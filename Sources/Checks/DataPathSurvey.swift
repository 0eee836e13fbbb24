package import Addresses
package import Agreement
import Glibc

/// Where a packet for a server leaves this director.
package struct DataPathHop: Hashable, Sendable {
    package var server: IPAddress
    /// Of the virtual address.
    package var family: AddressFamily
    /// Whether it goes to the server's link-layer address, and not through a tunnel.
    package var isDirect: Bool

    package init(server: IPAddress, family: AddressFamily, isDirect: Bool) {
        self.server = server
        self.family = family
        self.isDirect = isDirect
    }
}

/// How it leaves.
package enum DataPathWay: Hashable, Sendable {
    /// From `source`, out of an interface to the server's link-layer address.
    case direct(from: IPAddress, interface: Int32, to: MACAddress)
    /// From `source` in a packet from `outer`, by the kernel's own routes.
    case tunnel(from: IPAddress, outer: IPAddress)
    case none(DataPathFailure)
}

/// What the kernel knows of addresses, links and neighbours. For one thread, which may have to wait for the kernel.
package protocol DataPathSurvey: AnyObject {
    /// Reads all of it anew.
    ///
    /// - Throws: the errno that kept it from that.
    func refresh() throws(DataPathSurveyError)

    /// As of the last `refresh`. Where nobody knows the server's link-layer address, the kernel is told to ask for it.
    func way(_ hop: DataPathHop) -> DataPathWay
}

package struct DataPathSurveyError: Error {
    package var errno: Int32

    package init(errno: Int32) {
        self.errno = errno
    }
}

/// Of a checker that nobody told of the kernel.
final class NoDataPathSurvey: DataPathSurvey {
    func refresh() throws(DataPathSurveyError) { throw DataPathSurveyError(errno: EOPNOTSUPP) }
    func way(_ hop: DataPathHop) -> DataPathWay { .none(.unsent(EOPNOTSUPP)) }
}
