package import Addresses
package import Settings

/// The kernel's own way of telling another kernel about connections, version 1, written in user space: a backup daemon
/// takes it as if the other kernel had sent it (net/netfilter/ipvs/ip_vs_sync.c, `ip_vs_process_message`).
///
/// ```
///  0 1 reserved   1 1 sync id   2 2 length of the message   4 1 connections   5 1 version (1)   6 2 spare
///  connection, IPv4: 0 1 type (0)   1 1 protocol   2 2 version 0 << 12 | length (36)   4 4 flags   8 2 state
///   10 2 client port   12 2 virtual port   14 2 server port   16 4 mark   20 4 timeout, s
///   24 4 client   28 4 virtual   32 4 server; IPv6: type 1, length 72, addresses of 16 bytes
///  behind it, of one with a persistence engine: 0 1 type (2)   1 1 length   2 … data, and the same with type 3 and the
///  engine's name; the next connection begins at a multiple of 4
/// ```
package struct SyncMessage: Sendable {
    // Specification constants

    /// Where the daemons of Linux listen unless told otherwise.
    package static let group = Endpoint(address: .v4(IPv4Address(number: 0xE000_0051)), port: 8848)
    /// What every backup daemon has room for, whatever it was started with (`start_sync_thread`). A longer message is
    /// cut on arrival, and one that was cut is dropped.
    package static let safeLength = 1024
    /// IPv4's and UDP's, in front of a message.
    package static let headers = 28
    private static let headerLength = 8
    private static let version: UInt8 = 1
    private static let typeOfV6: UInt8 = 1
    private static let noOutput: UInt32 = 0x0080
    private static let inactive: UInt32 = 0x0100
    private static let template: UInt32 = 0x1000
    private static let engineData: UInt8 = 2
    private static let engineName: UInt8 = 3

    /// The bytes so far; complete at any time.
    package private(set) var bytes: [UInt8]

    package let id: UInt8
    private let longest: Int

    /// - Parameter longest: of the message in bytes, at least 1,024.
    package init(id: UInt8, longest: Int = Self.safeLength) {
        self.id = id
        self.longest = min(max(longest, Self.safeLength), Int(UInt16.max) - Self.headers)
        bytes = [0, id, 0, UInt8(Self.headerLength), 0, Self.version, 0, 0]
        bytes.reserveCapacity(self.longest)
    }

    package var isEmpty: Bool { bytes[4] == 0 }
    package var count: Int { Int(bytes[4]) }

    /// False where there is no room any more, or the connection's addresses are not of one family, which the kernel
    /// does not sync either.
    ///
    /// - Parameters:
    ///   - forwarding: how the connection's packets get to its server. Where the taker's table has the server, that
    ///     decides instead.
    ///   - mark: of the service, if it is one of a firewall mark.
    ///   - timeout: in seconds; absent: what is left of it. 0 counts as 1.
    package mutating func add(
        _ connection: Connection, forwarding: Forwarding, mark: UInt32 = 0, timeout: UInt32? = nil
    ) -> Bool {
        let addresses = [connection.client.address, connection.service.address, connection.server.address]
        let isV6 = addresses[0].family == .v6
        guard addresses.allSatisfy({ ($0.family == .v6) == isV6 }) else { return false }
        let padding = (4 - bytes.count & 3) & 3
        let length = (isV6 ? 72 : 36) + (connection.engine.map { $0.data.count + $0.name.count + 4 } ?? 0)
        guard bytes.count + padding + length <= longest, bytes[4] < .max else { return false }
        for _ in 0..<padding { bytes.append(0) }
        bytes.append(isV6 ? Self.typeOfV6 : 0)
        bytes.append(connection.protocolNumber)
        append(UInt16(length))
        append(Self.flags(of: connection, forwarding))
        append(connection.stateNumber)
        for endpoint in [connection.client, connection.service, connection.server] { append(endpoint.port) }
        append(mark)
        append(max(1, timeout ?? connection.expires))
        for address in addresses { bytes += address.bytes }
        if let engine = connection.engine {
            bytes += [Self.engineData, UInt8(engine.data.count)] + engine.data
            bytes += [Self.engineName, UInt8(engine.name.count)] + engine.name
        }
        bytes[2] = UInt8(truncatingIfNeeded: bytes.count >> 8)
        bytes[3] = UInt8(truncatingIfNeeded: bytes.count)
        bytes[4] += 1
        return true
    }

    /// As the kernel has them: what does not come back through the director says so, and what is not among a server's
    /// active connections.
    private static func flags(of connection: Connection, _ forwarding: Forwarding) -> UInt32 {
        let way: UInt32 =
            switch forwarding {
            case .nat: 0
            case .tun: 2 | noOutput
            case .dr: 3 | noOutput
            }
        return way | (connection.isActive ? 0 : inactive) | (connection.isTemplate ? template : 0)
    }

    private mutating func append(_ value: some FixedWidthInteger & UnsignedInteger) {
        for shift in stride(from: value.bitWidth - 8, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}
